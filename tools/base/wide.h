/* SPDX-License-Identifier: MIT */
/* WIDE marks a function with lanes in plain C loops: with gcc and glibc it is also compiled for
   AVX2, and the version is chosen when the program starts. Lanes are separate numbers and
   operations are not fused, so the bits are the same. */
#ifndef VOQ_TOOLS_WIDE_H
#define VOQ_TOOLS_WIDE_H

#include <stdlib.h> /* defines __GLIBC__ with glibc */

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#endif
