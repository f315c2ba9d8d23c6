/* SPDX-License-Identifier: MIT */
#include "tools/eval/information.h"

#include <math.h>

double ratio(double a, double b)
{
    return b > 0 ? a / b : (double)NAN;
}

double entropy_nats(const uint64_t *total, size_t n)
{
    double sum = 0, h = 0;
    for (size_t i = 0; i < n; i++) sum += (double)total[i];
    for (size_t i = 0; i < n; i++)
        if (total[i]) h -= (double)total[i] / sum * log((double)total[i] / sum);
    return h;
}

double joint_entropy_nats(const struct counts *counts)
{
    double sum = (double)counts->total, h = 0;
    for (size_t i = 0; i < counts->n_cell; i++) {
        double p = (double)counts->cell[i].n / sum;
        h -= p * log(p);
    }
    return h;
}

static double margins(const struct counts *counts, const struct cell *cell)
{
    return (double)counts->row_total[cell->row] * (double)counts->column_total[cell->column];
}

double mutual_information_nats(const struct counts *counts)
{
    double sum = (double)counts->total, mi = 0;
    for (size_t i = 0; i < counts->n_cell; i++) {
        const struct cell *cell = &counts->cell[i];
        double n = (double)cell->n;
        mi += n / sum * log(n * sum / margins(counts, cell));
    }
    return mi > 0 ? mi : 0;
}

double fairseq_pnmi(const struct counts *counts)
{
    static const double smooth = 1e-8;
    double sum = (double)counts->total, mi = 0, h = 0;
    for (size_t i = 0; i < counts->n_cell; i++) {
        const struct cell *cell = &counts->cell[i];
        double p = (double)cell->n / sum;
        mi += p * log(p / (margins(counts, cell) / (sum * sum)) + smooth);
    }
    for (uint32_t row = 0; row < counts->n_row; row++) {
        double p = (double)counts->row_total[row] / sum;
        if (p > 0) h -= p * log(p + smooth);
    }
    return ratio(mi, h);
}
