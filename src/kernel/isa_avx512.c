/* SPDX-License-Identifier: MIT */
#ifndef __AVX512F__
#error "compile this file for avx512"
#endif
#define ISA avx512
#define ENCODER avx2
#define SCREEN avx2
#define ALONE sse2
#define LANES 16
#include "src/kernel/isa_tmpl.h"
