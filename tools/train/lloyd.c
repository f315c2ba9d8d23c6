/* SPDX-License-Identifier: MIT */
#include "tools/train/lloyd.h"

#include "tools/base/monotonic.h"
#include "tools/train/assign.h"
#include "tools/train/revive.h"

static void move_codewords(const struct totals *totals, float *codeword)
{
    for (uint32_t k = 0; k < totals->n_code; k++)
        for (uint32_t d = 0; totals->count[k] > 0 && d < totals->dim; d++) {
            double mean = totals_sum(totals, k, d) / (double)totals->count[k];
            codeword[(size_t)k * totals->dim + d] = (float)mean;
        }
}

/* Clocks differ, so that the ranks stop together as soon as one of them has to. */
static bool is_late(const struct lloyd *lloyd, struct ranks *ranks, double end_s, bool *late,
                    struct failure *failure)
{
    int64_t n_late = monotonic_s() >= end_s;
    *late = false;
    if (lloyd->time_s <= 0) return true;
    if (!ranks_sum(ranks, &n_late, 1, failure)) return false;
    *late = n_late > 0;
    return true;
}

/* Whether to stop with the codewords that were just measured. */
static bool should_stop(const struct lloyd *lloyd, const struct lloyd_state *state,
                        const struct totals *totals, bool late, enum lloyd_stop *stop)
{
    double mean = totals_mean_distance(totals);
    /* A dead code needs another iteration, unless no code can be split for it. */
    bool settled = totals_used(totals) == totals->n_code || mean <= 0;
    if (state->iteration > 0 && settled &&
        state->distortion - mean <= lloyd->tolerance * state->distortion)
        *stop = LLOYD_CONVERGED;
    else if (state->iteration >= lloyd->iterations)
        *stop = LLOYD_ITERATIONS;
    else if (late)
        *stop = LLOYD_TIME;
    else
        return false;
    return true;
}

bool lloyd_run(const struct frames *frames, const struct lloyd *lloyd, struct lloyd_state *state,
               float *codeword, struct totals *totals, enum lloyd_stop *stop,
               struct failure *failure)
{
    struct assign_options options = {.n_code = lloyd->n_code, .n_thread = lloyd->n_thread,
                                     .cpu = lloyd->cpu, .memory = lloyd->memory};
    struct assigner *assigner;
    if (!assigner_new(&assigner, frames, &options, failure)) return false;
    double end_s = monotonic_s() + lloyd->time_s;
    bool good, late;
    for (;;) {
        good = assigner_pass(assigner, codeword, totals, failure) &&
               (!lloyd->report || lloyd->report(lloyd->context, state, totals, failure)) &&
               is_late(lloyd, frames_ranks(frames), end_s, &late, failure);
        if (!good || should_stop(lloyd, state, totals, late, stop)) break;
        state->distortion = totals_mean_distance(totals);
        state->iteration++;
        move_codewords(totals, codeword);
        state->n_revived += revive_dead_codes(totals, codeword);
        good = !lloyd->keep || lloyd->keep(lloyd->context, state, codeword, failure);
        if (!good) break;
    }
    assigner_free(assigner);
    return good;
}
