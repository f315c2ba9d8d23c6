/* SPDX-License-Identifier: MIT */
/* WIDE before a function with lanes in plain C loops: where gcc and glibc can, it is compiled for
   AVX2 as well and chosen when the program starts. The lanes are separate numbers and nothing is
   fused, so the bits are the same. */
#ifndef VOQ_TRAIN_WIDE_H
#define VOQ_TRAIN_WIDE_H

#include <stdlib.h> /* says whether this is glibc */

#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif

#endif
