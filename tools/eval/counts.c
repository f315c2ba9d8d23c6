/* SPDX-License-Identifier: MIT */
#include "tools/eval/counts.h"

#include "tools/base/growing.h"

#include <stdlib.h>

static struct cell *slot_of(struct cell *cell, size_t n_slot, uint32_t row, uint32_t column)
{
    uint64_t key = ((uint64_t)row << 32 | column) * 0x9E3779B97F4A7C15u;
    size_t mask = n_slot - 1, i = (size_t)(key >> 32) & mask;
    while (cell[i].n && (cell[i].row != row || cell[i].column != column)) i = (i + 1) & mask;
    return &cell[i];
}

static bool double_slots(struct counts *counts, struct failure *failure)
{
    size_t n_slot = counts->n_slot ? 2 * counts->n_slot : 256;
    struct cell *cell = zeroed(n_slot, sizeof *cell, failure);
    if (!cell) return false;
    for (size_t i = 0; i < counts->n_slot; i++) {
        const struct cell *old = &counts->cell[i];
        if (old->n) *slot_of(cell, n_slot, old->row, old->column) = *old;
    }
    free(counts->cell);
    counts->cell = cell;
    counts->n_slot = n_slot;
    return true;
}

bool counts_add(struct counts *counts, uint32_t row, uint32_t column, struct failure *failure)
{
    if (2 * (counts->n_cell + 1) > counts->n_slot && !double_slots(counts, failure)) return false;
    struct cell *cell = slot_of(counts->cell, counts->n_slot, row, column);
    if (!cell->n) {
        counts->n_cell++;
        cell->row = row;
        cell->column = column;
    }
    cell->n++;
    counts->total++;
    return true;
}

static int by_row_and_column(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

bool counts_finish(struct counts *counts, uint32_t n_row, uint32_t n_column,
                   struct failure *failure)
{
    size_t n = 0;
    for (size_t i = 0; i < counts->n_slot; i++)
        if (counts->cell[i].n) counts->cell[n++] = counts->cell[i];
    if (n) qsort(counts->cell, n, sizeof *counts->cell, by_row_and_column);
    counts->n_row = n_row;
    counts->n_column = n_column;
    counts->row_total = zeroed(n_row, sizeof *counts->row_total, failure);
    counts->column_total = zeroed(n_column, sizeof *counts->column_total, failure);
    if (!counts->row_total || !counts->column_total) return false;
    for (size_t i = 0; i < n; i++) {
        counts->row_total[counts->cell[i].row] += counts->cell[i].n;
        counts->column_total[counts->cell[i].column] += counts->cell[i].n;
    }
    return true;
}

void counts_clear(struct counts *counts)
{
    free(counts->cell);
    free(counts->row_total);
    free(counts->column_total);
    *counts = (struct counts){0};
}

uint32_t counts_occupied(const uint64_t *total, size_t n)
{
    uint32_t occupied = 0;
    for (size_t i = 0; i < n; i++) occupied += total[i] > 0;
    return occupied;
}
