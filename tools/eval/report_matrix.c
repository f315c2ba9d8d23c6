/* SPDX-License-Identifier: MIT */
#include "tools/eval/evaluation_report.h"

#include <inttypes.h>

static void write_header(FILE *file, const struct evaluation *e)
{
    char unit[64];
    fputs("phone", file);
    for (uint32_t u = 0; u < e->units->n_symbol; u++) {
        unit_set_symbol_text(e->units, u, unit, sizeof unit);
        fprintf(file, "\t%s", unit);
    }
    fputc('\n', file);
}

void evaluation_write_matrix(FILE *file, const struct evaluation *e)
{
    const struct counts *counts = &e->counts;
    size_t at = 0;
    write_header(file, e);
    for (uint32_t phone = 0; phone < counts->n_row; phone++) {
        if (!counts->row_total[phone]) continue;
        fputs(e->phones->labels.name[phone], file);
        for (uint32_t u = 0; u < e->units->n_symbol; u++) {
            bool is_here = at < counts->n_cell && counts->cell[at].row == phone &&
                           counts->cell[at].column == u;
            fprintf(file, "\t%" PRIu64, is_here ? counts->cell[at++].n : 0);
        }
        fputc('\n', file);
    }
}
