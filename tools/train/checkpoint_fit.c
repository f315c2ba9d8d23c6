/* SPDX-License-Identifier: MIT */
#include "tools/train/checkpoint.h"

#include "tools/train/clustering.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static bool fail_fit(const struct checkpoint *checkpoint, const char *what,
                     struct failure *failure)
{
    return fail(failure, EXIT_USAGE,
                "%s: this checkpoint belongs to other options or another corpus (%s); use those, "
                "or delete it", checkpoint->path, what);
}

static bool fits_number(const struct checkpoint *checkpoint, const char *what, uint64_t has,
                        uint64_t least, uint64_t most, struct failure *failure)
{
    char text[128];
    if (has >= least && has <= most) return true;
    snprintf(text, sizeof text, "%s: %" PRIu64 ", not %" PRIu64, what, has, most);
    return fail_fit(checkpoint, text, failure);
}

static bool fits_codebook(const struct checkpoint *checkpoint, const struct checkpoint_use *use,
                          struct failure *failure)
{
    const voq_parts *parts = &checkpoint->parts;
    const struct settings *settings = use->settings;
    bool classes = checkpoint->stage < use->n_round;
    uint32_t n_code = classes ? settings->classes : settings->codes;
    uint32_t iterations = classes ? CLASS_ITERATIONS : settings->iterations;
    uint32_t dim = settings_has_transform(settings) ? settings_dim(settings)
                                                    : use->front->parts.dim;
    if (!parts->codeword) return fail_fit(checkpoint, "it has no codebook", failure);
    return fits_number(checkpoint, "codebooks", parts->n_codebook, 1,
                       classes ? 1 : settings->codebooks, failure) &&
           fits_number(checkpoint, "codes", parts->n_code, n_code, n_code, failure) &&
           fits_number(checkpoint, "dimensions", parts->dim, dim, dim, failure) &&
           fits_number(checkpoint, "iterations", checkpoint->state.iteration, 0, iterations,
                       failure);
}

static bool fits_state(const struct checkpoint *checkpoint, struct failure *failure)
{
    const struct lloyd_state *state = &checkpoint->state;
    bool begun = state->iteration > 0;
    if (isfinite(state->distortion) && state->distortion >= 0 &&
        (begun || (state->distortion == 0 && state->n_revived == 0)))
        return true;
    return fail_fit(checkpoint, "its distortion is impossible", failure);
}

static bool same_frontend(const voq_frontend *a, const voq_frontend *b)
{
    char text[2][4096];
    size_t n;
    if (!a || !b) return !a && !b;
    return voq_frontend_text(a, text[0], sizeof text[0], &n) == VOQ_OK &&
           voq_frontend_text(b, text[1], sizeof text[1], &n) == VOQ_OK &&
           strcmp(text[0], text[1]) == 0;
}

/* Checks what the training would have learned before the codebook. */
static bool fits_learned(const struct checkpoint *checkpoint, const struct checkpoint_use *use,
                         struct failure *failure)
{
    const struct settings *settings = use->settings;
    const voq_normalise *normalise = checkpoint->parts.normalise;
    const voq_transform *transform = checkpoint->parts.transform;
    uint32_t dim = use->front->parts.dim;
    if ((normalise ? normalise->kind : 0) != settings_normalise_kind(settings) ||
        (normalise && normalise->dim != dim))
        return fail_fit(checkpoint, "another normalisation", failure);
    if (!settings_has_transform(settings))
        return !transform || fail_fit(checkpoint, "it has a transform", failure);
    return (transform && transform->matrix && transform->in_dim == dim &&
            transform->stack_left == settings->left && transform->stack_right == settings->right &&
            transform->out_dim == settings_dim(settings)) ||
           fail_fit(checkpoint, "another transform", failure);
}

bool checkpoint_fits(const struct checkpoint *checkpoint, const struct checkpoint_use *use,
                     struct failure *failure)
{
    if (!fits_number(checkpoint, "stage", checkpoint->stage, 0, use->n_round, failure) ||
        !fits_codebook(checkpoint, use, failure) || !fits_state(checkpoint, failure))
        return false;
    if (!same_frontend(checkpoint->parts.frontend, use->front->parts.frontend))
        return fail_fit(checkpoint, "another front end", failure);
    return !settings_changes_front(use->settings) || fits_learned(checkpoint, use, failure);
}
