// Marks what the shared library offers. Everything else in it is hidden.
#pragma once

#define CLIPSEEK_API __attribute__((visibility("default")))
