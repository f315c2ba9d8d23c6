/* SPDX-License-Identifier: MIT */
#ifndef __wasm_simd128__
#error "compile this file for wasm with -msimd128"
#endif
#define ISA wasm
#define ENCODER wasm
#define ALONE wasm
#define LANES 4
#include "src/kernel/isa_tmpl.h"
