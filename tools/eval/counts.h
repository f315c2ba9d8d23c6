/* SPDX-License-Identifier: MIT */
/* Joint counts of two symbols, n(row, column), and their margins. Zero cells are not stored. */
#ifndef VOQ_TOOLS_COUNTS_H
#define VOQ_TOOLS_COUNTS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct cell {
    uint64_t n; /* 0: a free slot while counting */
    uint32_t row, column;
};

struct counts {
    struct cell *cell;      /* finished: [n_cell], by row, then column, n > 0 */
    size_t n_cell, n_slot;
    uint64_t *row_total;    /* finished: [n_row] */
    uint64_t *column_total; /* finished: [n_column] */
    uint64_t total;
    uint32_t n_row, n_column;
};

/* Adds one; a zeroed *counts is empty. */
bool counts_add(struct counts *counts, uint32_t row, uint32_t column, struct failure *failure);

/* Sorts the cells and sums the margins; rows must be below n_row, columns below n_column. */
bool counts_finish(struct counts *counts, uint32_t n_row, uint32_t n_column,
                   struct failure *failure);

void counts_clear(struct counts *counts);

/* The number of total[n] above 0. */
uint32_t counts_occupied(const uint64_t *total, size_t n);

#endif
