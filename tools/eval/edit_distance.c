/* SPDX-License-Identifier: MIT */
#include "tools/eval/edit_distance.h"

#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <stdlib.h>
#include <string.h>

static bool same(const uint32_t *a, const uint32_t *b, uint32_t width)
{
    for (uint32_t k = 0; k < width; k++)
        if (a[k] != b[k]) return false;
    return true;
}

uint64_t levenshtein(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t width,
                     uint64_t *row)
{
    for (size_t j = 0; j <= n_b; j++) row[j] = j;
    for (size_t i = 0; i < n_a; i++) {
        uint64_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 1; j <= n_b; j++) {
            uint64_t best = diagonal + !same(a + i * width, b + (j - 1) * width, width);
            if (row[j] + 1 < best) best = row[j] + 1;
            if (row[j - 1] + 1 < best) best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[n_b];
}

/* Writes the ids of each run to run[][width] and returns the number of runs. */
static size_t take_runs(const struct unit_utterance *utterance, uint32_t width, uint32_t *run)
{
    size_t n = 0;
    for (size_t f = 0; f < utterance->n_frame; f++) {
        const uint32_t *id = utterance->id + f * width;
        if (*id == NO_UNIT) continue;
        if (f > 0 && same(id, id - width, width)) continue;
        memcpy(run + n * width, id, width * sizeof *run);
        n++;
    }
    return n;
}

static bool compare(const struct unit_utterance *clean, const struct unit_utterance *changed,
                    uint32_t width, uint64_t *distance, uint64_t *n_run, struct failure *failure)
{
    uint32_t *a = zeroed(clean->n_frame * width, sizeof *a, failure);
    uint32_t *b = zeroed(changed->n_frame * width, sizeof *b, failure);
    uint64_t *row = zeroed(changed->n_frame + 1, sizeof *row, failure);
    bool good = a && b && row;
    if (good) {
        *n_run = take_runs(clean, width, a);
        *distance = levenshtein(a, *n_run, b, take_runs(changed, width, b), width, row);
    }
    free(a);
    free(b);
    free(row);
    return good;
}

bool edit_distance_measure(const struct unit_set *clean, const struct unit_set *changed,
                           struct edit_distance *result, struct failure *failure)
{
    uint64_t n_utterance = 0, sum_distance = 0, sum_run = 0;
    double sum_ratio = 0;
    if (clean->n_codebook != changed->n_codebook)
        return fail(failure, EXIT_INPUT,
                    "units of %u codebooks cannot be compared with units of %u",
                    clean->n_codebook, changed->n_codebook);
    for (size_t i = 0; i < clean->n_utterance; i++) {
        const struct unit_utterance *u = &clean->utterance[i];
        const struct unit_utterance *other = unit_set_find(changed, u->name);
        uint64_t distance, n_run;
        if (!u->n_frame || !other) continue;
        if (!compare(u, other, clean->n_codebook, &distance, &n_run, failure)) return false;
        n_utterance++;
        sum_distance += distance;
        sum_run += n_run;
        sum_ratio += (double)distance / (double)n_run;
    }
    *result = (struct edit_distance){
        .utterances = n_utterance,
        .ued_mean = ratio(100 * sum_ratio, (double)n_utterance),
        .ued_pooled = ratio(100 * (double)sum_distance, (double)sum_run),
    };
    return true;
}
