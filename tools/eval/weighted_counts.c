/* SPDX-License-Identifier: MIT */
#include "tools/eval/weighted_counts.h"

#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <stdlib.h>
#include <string.h>

static int by_row_and_column(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

static int by_cell(const void *a, const void *b)
{
    const struct cell_part *x = a, *y = b;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

static uint32_t cell_of(const struct counts *counts, uint32_t phone, uint32_t unit)
{
    const struct cell key = {.row = phone, .column = unit};
    const struct cell *at = bsearch(&key, counts->cell, counts->n_cell, sizeof key,
                                    by_row_and_column);
    return (uint32_t)(at - counts->cell);
}

/* Merges equal cells of the last utterance, whose parts begin at first. */
static void join_parts(struct weighted_counts *w, size_t first, size_t *n_part)
{
    size_t n = first;
    qsort(w->part + first, *n_part - first, sizeof *w->part, by_cell);
    for (size_t i = first; i < *n_part; i++) {
        if (n > first && w->part[n - 1].cell == w->part[i].cell) w->part[n - 1].n++;
        else w->part[n++] = w->part[i];
    }
    *n_part = n;
}

static bool add_utterance(struct weighted_counts *w, const struct evaluation *e, const char *name,
                          struct paired *paired, size_t *n_part, struct failure *failure)
{
    const struct unit_utterance *u = unit_set_find(e->units, name);
    const struct aligned_utterance *phones = alignment_find(e->phones, name);
    size_t first = *n_part;
    if (!u || !phones) return true;
    if (!pair_utterance(&e->pairing, u, e->units->hop_samples, e->units->rate_hz, phones, paired,
                        failure) ||
        !grow(&w->part, &w->capacity, first + paired->n, sizeof *w->part, failure))
        return false;
    for (size_t i = 0; i < paired->n; i++)
        w->part[(*n_part)++] =
            (struct cell_part){cell_of(&e->counts, paired->label[i], paired->unit[i]), 1};
    join_parts(w, first, n_part);
    return true;
}

/* Copies the cells of the evaluation, numbering the units that occur from 0 in their order. */
static bool copy_cells(struct weighted_counts *w, const struct counts *counts,
                       struct failure *failure)
{
    uint32_t *number = zeroed(counts->n_column, sizeof *number, failure);
    w->cell = zeroed(counts->n_cell, sizeof *w->cell, failure);
    if (number && w->cell) {
        w->n_cell = (uint32_t)counts->n_cell;
        w->n_phone = counts->n_row;
        for (uint32_t i = 0; i < counts->n_column; i++)
            if (counts->column_total[i]) number[i] = w->n_unit++;
        for (uint32_t i = 0; i < w->n_cell; i++)
            w->cell[i] = (struct cell){0, counts->cell[i].row, number[counts->cell[i].column]};
    }
    free(number);
    return number && w->cell;
}

bool weighted_counts_make(struct weighted_counts *w, const struct evaluation *e,
                          const struct resampling *r, struct failure *failure)
{
    struct paired paired = {0};
    size_t n_part = 0;
    bool good = copy_cells(w, &e->counts, failure);
    w->is_silence = e->phones->is_silence;
    w->n_utterance = r->utterances.n;
    w->first = zeroed((size_t)w->n_utterance + 1, sizeof *w->first, failure);
    good = good && w->first;
    for (uint32_t i = 0; good && i < w->n_utterance; i++) {
        good = add_utterance(w, e, r->utterances.name[i], &paired, &n_part, failure);
        w->first[i + 1] = n_part;
    }
    paired_clear(&paired);
    return good;
}

void weighted_counts_clear(struct weighted_counts *w)
{
    free(w->cell);
    free(w->part);
    free(w->first);
    *w = (struct weighted_counts){0};
}

bool pnmi_scratch_init(struct pnmi_scratch *scratch, const struct weighted_counts *w,
                       struct failure *failure)
{
    struct counts *c = &scratch->counts;
    scratch->n = zeroed(w->n_cell, sizeof *scratch->n, failure);
    *c = (struct counts){.cell = zeroed(w->n_cell, sizeof *c->cell, failure),
                         .row_total = zeroed(w->n_phone, sizeof *c->row_total, failure),
                         .column_total = zeroed(w->n_unit, sizeof *c->column_total, failure),
                         .n_row = w->n_phone, .n_column = w->n_unit};
    return scratch->n && c->cell && c->row_total && c->column_total;
}

void pnmi_scratch_clear(struct pnmi_scratch *scratch)
{
    free(scratch->n);
    counts_clear(&scratch->counts);
    *scratch = (struct pnmi_scratch){0};
}

static double pnmi(const struct weighted_counts *w, const uint64_t *n, bool is_speech,
                   struct counts *c)
{
    memset(c->row_total, 0, c->n_row * sizeof *c->row_total);
    memset(c->column_total, 0, c->n_column * sizeof *c->column_total);
    c->n_cell = 0;
    c->total = 0;
    for (uint32_t i = 0; i < w->n_cell; i++) {
        const struct cell *cell = &w->cell[i];
        if (!n[i] || (is_speech && w->is_silence[cell->row])) continue;
        c->cell[c->n_cell++] = (struct cell){n[i], cell->row, cell->column};
        c->row_total[cell->row] += n[i];
        c->column_total[cell->column] += n[i];
        c->total += n[i];
    }
    return ratio(mutual_information_nats(c), entropy_nats(c->row_total, c->n_row));
}

void weighted_pnmi(const struct weighted_counts *w, const uint32_t *weight,
                   struct pnmi_scratch *scratch, double *all, double *speech)
{
    memset(scratch->n, 0, w->n_cell * sizeof *scratch->n);
    for (uint32_t i = 0; i < w->n_utterance; i++)
        for (size_t k = w->first[i]; weight[i] && k < w->first[i + 1]; k++)
            scratch->n[w->part[k].cell] += (uint64_t)weight[i] * w->part[k].n;
    *all = pnmi(w, scratch->n, false, &scratch->counts);
    *speech = pnmi(w, scratch->n, true, &scratch->counts);
}
