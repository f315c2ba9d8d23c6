/* SPDX-License-Identifier: MIT */
#include "tools/eval/robustness.h"

#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double same_frames(const struct unit_set *clean, const struct unit_set *changed)
{
    uint64_t same = 0, n = 0;
    for (size_t i = 0; i < clean->n_utterance; i++) {
        const struct unit_utterance *u = &clean->utterance[i];
        const struct unit_utterance *other = unit_set_find(changed, u->name);
        if (!other) continue;
        for (size_t f = 0; f < u->n_frame && f < other->n_frame; f++, n++)
            same += memcmp(u->id + f * clean->n_codebook, other->id + f * clean->n_codebook,
                           clean->n_codebook * sizeof *u->id) == 0;
    }
    return ratio((double)same, (double)n);
}

static bool measure_pnmi(const struct evaluation *clean, const struct unit_set *changed,
                         double *pnmi, struct failure *failure)
{
    struct evaluation e = {.units = changed, .phones = clean->phones, .pairing = clean->pairing,
                           .tolerance_us = clean->tolerance_us};
    bool good = evaluation_measure(&e, failure);
    *pnmi = e.all.frames ? e.all.pnmi : (double)NAN;
    evaluation_clear(&e);
    return good;
}

static bool measure_row(const struct robustness_request *request, const struct audio_change *change,
                        struct robustness_row *row, struct failure *failure)
{
    struct corpus_encoding encoding = *request->encoding;
    struct unit_set changed;
    encoding.change = change;
    encoding.items = NULL;
    encoding.failed = NULL;
    encoding.not_finite = NULL; /* reported already when the clean audio was read */
    encoding.noted = NULL;
    audio_change_name(change, row->condition, sizeof row->condition);
    row->pnmi = (double)NAN;
    if (!corpus_units(&encoding, &(struct corpus_products){.units = &changed}, failure))
        return false;
    row->same_frames = same_frames(request->clean->units, &changed);
    bool good = edit_distance_measure(request->clean->units, &changed, &row->ued, failure) &&
                (!request->clean->phones ||
                 measure_pnmi(request->clean, &changed, &row->pnmi, failure));
    unit_set_clear(&changed);
    return good;
}

bool robustness_measure(const struct robustness_request *request, struct robustness *robustness,
                        struct failure *failure)
{
    *robustness = (struct robustness){
        zeroed(request->n_change, sizeof *robustness->row, failure), request->n_change};
    if (!robustness->row) return false;
    for (size_t i = 0; i < request->n_change; i++) {
        if (request->progress) request->progress(request->context, i, request->n_change);
        if (measure_row(request, &request->change[i], &robustness->row[i], failure)) continue;
        robustness_clear(robustness);
        return false;
    }
    return true;
}

void robustness_clear(struct robustness *robustness)
{
    free(robustness->row);
    *robustness = (struct robustness){0};
}
