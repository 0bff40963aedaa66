// CLIPSEEK_API marks the classes and functions that libclipseek exports. All other names in it are hidden.
#pragma once

#define CLIPSEEK_API __attribute__((visibility("default")))
