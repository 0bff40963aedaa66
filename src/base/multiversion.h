// One function, compiled for several instruction sets, the best one chosen at run time.
#pragma once

// Put before a function whose plain loops GCC can vectorise: it is compiled for AVX-512, AVX2 and the baseline, and the
// dynamic linker picks one by CPU. Empty where there is nothing to choose (arm64 always has NEON), and under
// sanitizers, whose runtime is not ready yet when the choosing function runs.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define CLIPSEEK_MULTIVERSION __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CLIPSEEK_MULTIVERSION
#endif
