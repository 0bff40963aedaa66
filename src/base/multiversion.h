// CLIPSEEK_MULTIVERSION before a function's definition compiles it for several x86-64 instruction sets and picks one
// when the program is loaded, so that plain loops use AVX2 or AVX-512 where the CPU has them and the binary runs on any
// x86-64. Functions that it calls gain from that only where they are inlined into it. The macro is empty for other
// CPUs, for clang, and in sanitizer builds (the loader picks the version before the sanitizer's runtime is ready).
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#if __GNUC__ >= 12
#define CLIPSEEK_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else  // does not know the levels of x86-64; without FMA, which is a part of x86-64-v3
#define CLIPSEEK_MULTIVERSION __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#else
#define CLIPSEEK_MULTIVERSION
#endif
