/* SPDX-License-Identifier: MIT */
#include "tools/eval/purity.h"

#include "tools/base/growing.h"

#include <stdlib.h>

static void raise(uint64_t *highest, uint64_t n)
{
    if (n > *highest) *highest = n;
}

static double share(const uint64_t *highest, size_t n, uint64_t total)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++) sum += highest[i];
    return (double)sum / (double)total;
}

bool purity_measure(const struct counts *counts, double *phone, double *cluster,
                    struct failure *failure)
{
    uint64_t *of_row = zeroed(counts->n_row, sizeof *of_row, failure);
    uint64_t *of_column = zeroed(counts->n_column, sizeof *of_column, failure);
    bool good = of_row && of_column;
    if (good) {
        for (size_t i = 0; i < counts->n_cell; i++) {
            raise(&of_row[counts->cell[i].row], counts->cell[i].n);
            raise(&of_column[counts->cell[i].column], counts->cell[i].n);
        }
        *phone = share(of_column, counts->n_column, counts->total);
        *cluster = share(of_row, counts->n_row, counts->total);
    }
    free(of_row);
    free(of_column);
    return good;
}
