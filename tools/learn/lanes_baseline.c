/* SPDX-License-Identifier: MIT */
/* Four lanes, which every CPU of x86-64 and aarch64 has; elsewhere the compiler splits them. */
#define LANE_TABLE lane_table_of_baseline
#define LANE_TABLE_NAME "baseline"
#define LANES 4
#include "tools/learn/lanes_tmpl.h"
