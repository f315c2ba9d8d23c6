/* SPDX-License-Identifier: MIT */
#include "tools/eval/confusion.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>

static void keep_commonest(struct confusion_row *row, const struct cell *cell)
{
    uint32_t at = row->n_top;
    while (at > 0 && row->partner_frames[at - 1] < cell->n) at--;
    if (at == CONFUSION_TOP) return;
    if (row->n_top < CONFUSION_TOP) row->n_top++;
    for (uint32_t i = row->n_top - 1; i > at; i--) {
        row->partner[i] = row->partner[i - 1];
        row->partner_frames[i] = row->partner_frames[i - 1];
    }
    row->partner[at] = cell->column;
    row->partner_frames[at] = cell->n;
}

static struct confusion_row row_of(const struct cell *cell, size_t n, uint64_t frames)
{
    struct confusion_row row = {.symbol = cell->row, .frames = frames, .n_partner = (uint32_t)n};
    for (size_t i = 0; i < n; i++) {
        double p = (double)cell[i].n / (double)frames;
        row.entropy_bits -= p * log2(p);
        keep_commonest(&row, &cell[i]);
    }
    return row;
}

static bool read_rows(const struct cell *cell, size_t n_cell, const uint64_t *total,
                      struct confusion *confusion, struct failure *failure)
{
    *confusion = (struct confusion){zeroed(n_cell, sizeof *confusion->row, failure), 0};
    if (!confusion->row) return false;
    for (size_t first = 0, end; first < n_cell; first = end) {
        for (end = first; end < n_cell; end++)
            if (cell[end].row != cell[first].row) break;
        confusion->row[confusion->n_row++] =
            row_of(cell + first, end - first, total[cell[first].row]);
    }
    return true;
}

bool confusion_of_rows(const struct counts *counts, struct confusion *confusion,
                       struct failure *failure)
{
    return read_rows(counts->cell, counts->n_cell, counts->row_total, confusion, failure);
}

static int by_row_and_column(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

bool confusion_of_columns(const struct counts *counts, struct confusion *confusion,
                          struct failure *failure)
{
    struct cell *turned = zeroed(counts->n_cell, sizeof *turned, failure);
    if (!turned) return false;
    for (size_t i = 0; i < counts->n_cell; i++)
        turned[i] = (struct cell){counts->cell[i].n, counts->cell[i].column, counts->cell[i].row};
    qsort(turned, counts->n_cell, sizeof *turned, by_row_and_column);
    bool good = read_rows(turned, counts->n_cell, counts->column_total, confusion, failure);
    free(turned);
    return good;
}

void confusion_clear(struct confusion *confusion)
{
    free(confusion->row);
    *confusion = (struct confusion){0};
}
