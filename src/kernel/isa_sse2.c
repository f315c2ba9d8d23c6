/* SPDX-License-Identifier: MIT */
#ifndef __SSE2__
#error "compile this file for sse2"
#endif
#define ISA sse2
#define ENCODER sse2
#define SCREEN sse2
#define ALONE sse2
#define LANES 4
#include "src/kernel/isa_tmpl.h"
