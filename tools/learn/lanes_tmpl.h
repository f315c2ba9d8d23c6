/* SPDX-License-Identifier: MIT */
/* One instruction set: every template and the table of them. A lanes_*.c file sets LANES and the
   names, includes this file and contains nothing else. */
#include "tools/learn/lane_table.h"

#include "src/kernel/lanes.h"

#include "tools/learn/elementary_tmpl.h"
#include "tools/learn/row_tmpl.h"
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
};
