/* SPDX-License-Identifier: MIT */
#ifndef __AVX2__
#error "compile this file for avx2"
#endif
#define ISA avx2
#define ENCODER avx2
#define SCREEN avx2
#define ALONE sse2
#define LANES 8
#include "src/kernel/isa_tmpl.h"
