// For code that is written for AVX-512 and used only where the CPU has it. Empty on other CPUs than x86-64.
#pragma once

#if defined(__x86_64__)

namespace clipseek::base {

// Before the definition of such a function.
#define CLIPSEEK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma")))

// Whether it may be called.
inline bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
}

}  // namespace clipseek::base

#endif
