/* SPDX-License-Identifier: MIT */
#include "tools/learn/learner_rows.h"

#include "tools/base/growing.h"

#include <stdlib.h>

bool learner_rows_new(struct learner_rows **rows, struct failure *failure)
{
    *rows = zeroed(1, sizeof **rows, failure);
    return *rows != NULL;
}

void learner_rows_free(struct learner_rows *rows)
{
    if (!rows) return;
    float *value[] = {rows->z,      rows->z_q,  rows->clean,  rows->dz,          rows->dz_q,
                      rows->padded, rows->wide, rows->target, rows->wide_padded, rows->weight};
    for (size_t i = 0; i < sizeof value / sizeof *value; i++) free(value[i]);
    free(rows->label);
    free(rows->id);
    free(rows->length);
    free(rows->from);
    free(rows->jittered);
    free(rows);
}

bool learner_rows_lengths(struct learner_rows *rows, const uint32_t *length, size_t n_piece,
                          const struct network *encoder, struct failure *failure)
{
    if (!grow(&rows->length, &rows->capacity[14], n_piece, sizeof *rows->length, failure))
        return false;
    for (size_t p = 0; p < n_piece; p++) rows->length[p] = network_length(encoder, length[p]);
    return true;
}

bool learner_rows_fit(struct learner_rows *rows, const struct learner_sizes *sizes,
                      struct failure *failure)
{
    size_t n = sizes->n, n_all = sizes->n_all, dim = sizes->dim, widest = sizes->widest;
    const struct {
        void *array;
        size_t n;
    } need[] = {{&rows->z, n * dim},
                {&rows->z_q, n * dim},
                {&rows->clean, n * dim},
                {&rows->dz, n * dim},
                {&rows->dz_q, n * dim},
                {&rows->padded, n_all * dim},
                {&rows->wide, n * widest},
                {&rows->target, n * widest},
                {&rows->wide_padded, n_all * widest},
                {&rows->weight, n},
                {&rows->label, n},
                {&rows->id, n * sizes->n_codebook},
                {&rows->from, n},
                {&rows->jittered, n * dim}};
    for (size_t i = 0; i < sizeof need / sizeof *need; i++)
        if (!grow(need[i].array, &rows->capacity[i], need[i].n + 1, sizeof(float), failure))
            return false;
    return true;
}
