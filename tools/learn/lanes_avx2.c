/* SPDX-License-Identifier: MIT */
#ifndef __AVX2__
#error "compile this file for avx2"
#endif
#define LANE_TABLE lane_table_of_avx2
#define LANE_TABLE_NAME "avx2"
#define LANES 8
#include "tools/learn/lanes_tmpl.h"
