/* SPDX-License-Identifier: MIT */
/* One instruction set: every template and the table of them. A lanes_*.c file sets LANES and the
   names, includes this file and contains nothing else. */
#include "tools/learn/lane_table.h"

#include "src/kernel/lanes.h"

#include "tools/learn/elementary_tmpl.h"
#include "tools/learn/row_tmpl.h"
#include "tools/learn/gate_tmpl.h"
#include "tools/learn/norm_tmpl.h"
#include "tools/learn/tile_tmpl.h"

extern const struct lane_table LANE_TABLE;
const struct lane_table LANE_TABLE = {
    .name = LANE_TABLE_NAME,
    .tile_columns = TILE_COLUMNS,
    .tile = tile,
    .exp = exp_array,
    .log = log_array,
    .tanh = tanh_array,
    .logistic = logistic_array,
    .add = add_row,
    .add_scaled = add_scaled_row,
    .moments = add_moments,
    .scale = scale_row,
    .relu = relu_row,
    .relu_back = relu_back_row,
    .tanh_back = tanh_back_row,
    .norm_sums = add_norm_sums,
    .norm_back = norm_back_row,
    .gates = gates_row,
    .gates_back = gates_back_row,
};
