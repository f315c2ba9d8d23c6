/* SPDX-License-Identifier: MIT */
#include "tools/learn/first_codebook.h"

#include "tools/base/growing.h"
#include "tools/learn/codebook_start.h"

#include <stdlib.h>
#include <string.h>

enum { RECORDINGS = 170, MOST_LATENTS = 1 << 17 };

bool choose_recordings(const struct examples *examples, uint64_t seed, uint32_t part, size_t n,
                       bool **chosen, struct failure *failure)
{
    size_t n_recording = examples->recordings->n, n_used = 0;
    struct rng rng;
    *chosen = zeroed(n_recording, sizeof **chosen, failure);
    if (!*chosen) return false;
    for (size_t i = 0; i < n_recording; i++) n_used += example_is_used(examples, i);
    rng_start(&rng, seed, RNG_SAMPLE, part);
    for (size_t i = 0; i < n_recording && n > 0; i++) {
        if (!example_is_used(examples, i)) continue;
        (*chosen)[i] = rng_below(&rng, n_used--) < n;
        n -= (*chosen)[i];
    }
    return true;
}

bool first_codebook_fits(struct learner *learner, const struct examples *examples, uint64_t seed,
                         struct failure *failure)
{
    size_t n = 0;
    bool *chosen;
    struct plain_run run;
    if (!choose_recordings(examples, seed, 0, RECORDINGS, &chosen, failure)) return false;
    plain_run_begin(&run, examples, learner);
    for (size_t i = 0; i < examples->recordings->n; i++)
        if (chosen[i])
            n += network_length(learner_encoder(learner),
                                (uint32_t)example_count(&run.examples, 0, i));
    plain_run_end(&run);
    free(chosen);
    return codebook_can_start(n, learner->options.quantizer.n_code, failure);
}

bool first_codebook(struct learner *learner, const struct examples *examples, uint64_t seed,
                    struct failure *failure)
{
    size_t n = 0, capacity = 0, dim = learner->options.quantizer.dim;
    float *z = NULL;
    bool *chosen;
    struct plain_run run;
    struct plain_result result;
    if (!choose_recordings(examples, seed, 0, RECORDINGS, &chosen, failure)) return false;
    plain_run_begin(&run, examples, learner);
    bool good = true;
    for (size_t i = 0; good && i < examples->recordings->n && n < MOST_LATENTS; i++) {
        if (!chosen[i]) continue;
        good = plain_run_do(&run, i, &result, failure) &&
               grow(&z, &capacity, (n + result.n_unit) * dim, sizeof *z, failure);
        if (!good || result.n_unit == 0) continue;
        memcpy(z + n * dim, result.z, result.n_unit * dim * sizeof *z);
        n += result.n_unit;
    }
    plain_run_end(&run);
    free(chosen);
    good = good && quantizer_begin(&learner->quantizer, learner->workers, z, n, failure);
    free(z);
    if (good) learner->quantizes = 1;
    return good;
}
