/* SPDX-License-Identifier: MIT */
#ifndef __ARM_NEON
#error "compile this file for neon"
#endif
#define ISA neon
#define ENCODER neon
#define ALONE neon
#define LANES 4
#include "src/kernel/isa_tmpl.h"
