// For functions that use AVX-512 intrinsics and run only on CPUs that have AVX-512. This header is empty on
// architectures other than x86-64.
#pragma once

#if defined(__x86_64__)

namespace clipseek::base {

// Precedes the definition of such a function.
#define CLIPSEEK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))

// Returns whether this CPU can run such a function.
inline bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
}

}  // namespace clipseek::base

#endif
