/* SPDX-License-Identifier: MIT */
#include "tools/learn/epochs.h"

#include "tools/base/monotonic.h"
#include "tools/base/rng.h"
#include "tools/cli/progress.h"
#include "tools/learn/decoder_spec.h"
#include "tools/learn/epoch_report.h"
#include "tools/learn/first_codebook.h"
#include "tools/learn/schedule_rate.h"

#include <math.h>
#include <string.h>

enum { RATE_STEPS = 1 << 24, EPOCHS_PARTS = LEARNER_PARTS + 3 /* epoch, batch, report */ };

/* Shares of the training. */
static const double warm_up = .15, quantize_late = .7, quantize_early = .1;

struct epochs_state {
    struct epochs *epochs;
    struct batches *batches;
    struct progress progress;
    struct epoch_log *log;
    struct learner_report report; /* of the epoch; part of a checkpoint, like the next two */
    uint64_t epoch, batch;        /* the next ones */
    double saved_s, n_frame;
    size_t n_batch;               /* of the epoch */
};

static size_t state_parts(struct epochs_state *state, struct state_part part[EPOCHS_PARTS])
{
    size_t n = learner_parts(state->epochs->learner, part);
    part[n++] = (struct state_part){&state->epoch, sizeof state->epoch};
    part[n++] = (struct state_part){&state->batch, sizeof state->batch};
    part[n++] = (struct state_part){&state->report, sizeof state->report};
    return n;
}

static bool save(struct epochs_state *state, struct failure *failure)
{
    struct state_part part[EPOCHS_PARTS];
    size_t n = state_parts(state, part);
    state->saved_s = monotonic_s();
    return state_file_write(state->epochs->checkpoint, state->epochs->identity, part, n, failure);
}

static bool resume(struct epochs_state *state, struct failure *failure)
{
    struct state_part part[EPOCHS_PARTS];
    size_t n = state_parts(state, part);
    if (!state->epochs->resumed) return true;
    return state_file_read(state->epochs->checkpoint->path, state->epochs->identity, part, n,
                           failure);
}

/* How much of the training is done, 0 to 1. */
static double done(const struct epochs_state *state)
{
    double within = state->n_batch > 0 ? (double)state->batch / (double)state->n_batch : 0;
    return ((double)state->epoch + within) / (double)state->epochs->options->epochs;
}

static double rate_now(const struct epochs_state *state)
{
    double peak = state->epochs->options->learning_rate;
    const struct schedule_rate schedule = {.peak = peak, .last = .005 * peak,
                                           .n_warm = (uint64_t)(warm_up * RATE_STEPS),
                                           .n_step = RATE_STEPS};
    return schedule_rate_at(&schedule, (uint64_t)(done(state) * RATE_STEPS));
}

/* Codewords take part from a share of the training on: labels shape the latents first, unless
   another training has done that. */
static bool begin_codebook(struct epochs_state *state, struct failure *failure)
{
    struct epochs *epochs = state->epochs;
    bool shaped = epochs->options->objective == LEARN_VQVAE || epochs->options->init->n > 0;
    double from = shaped ? quantize_early : quantize_late;
    if (epochs->learner->quantizes || done(state) < from) return true;
    return first_codebook(epochs->learner, &epochs->data->examples, epochs->options->seed,
                          failure);
}

static void show(struct epochs_state *state)
{
    char text[160];
    epoch_report_short(&state->report, state->epochs->learner, state->epoch + 1,
                       state->epochs->options->epochs, text, sizeof text);
    progress_update(&state->progress, done(state), state->n_frame, text);
}

/* Learns from one batch. */
static bool learn(struct epochs_state *state, const struct batch *batch, struct failure *failure)
{
    const struct epochs *epochs = state->epochs;
    return (begin_codebook(state, failure) &&
            learner_step(epochs->learner, batch, rate_now(state), &state->report, failure)) ||
           state_file_cannot_help(epochs->checkpoint, failure);
}

static bool run_batches(struct epochs_state *state, struct failure *failure)
{
    struct epochs *epochs = state->epochs;
    struct batch batch;
    for (;;) {
        if (!batches_next(state->batches, &batch, failure)) return false;
        if (batch.n_piece == 0) return true;
        if (!learn(state, &batch, failure)) return false;
        state->batch++;
        for (size_t p = 0; p < batch.n_piece; p++) state->n_frame += batch.length[p];
        show(state);
        if (monotonic_s() - state->saved_s >= 60 * epochs->options->checkpoint_minutes &&
            !save(state, failure))
            return false;
    }
}

static bool run_epoch(struct epochs_state *state, struct failure *failure)
{
    struct epochs *epochs = state->epochs;
    uint32_t epoch = (uint32_t)state->epoch;
    double pnmi = NAN;
    if (!batches_count(state->batches, epoch, &state->n_batch, failure) ||
        !batches_begin(state->batches, epoch, (size_t)state->batch, failure) ||
        !run_batches(state, failure))
        return false;
    if (epochs->dev && !dev_score_pnmi(epochs->dev, epochs->learner, &pnmi, failure)) return false;
    if (!epoch_log_write(state->log, &state->report, epochs->learner, state->epoch + 1, pnmi,
                         failure))
        return false;
    learner_clear_usage(epochs->learner);
    state->report = (struct learner_report){0};
    state->epoch++;
    state->batch = 0;
    return save(state, failure);
}

/* The clean copy of noisy speech is what latents are compared with and what a decoder should
   reconstruct. */
static bool wants_clean(const struct epochs *epochs)
{
    return epochs->data->noise_share > 0 &&
           (epochs->options->consistency > 0 || epochs->data->n_head == 0);
}

static bool make_batches(struct epochs_state *state, struct failure *failure)
{
    const struct epochs *epochs = state->epochs;
    const struct batches_request request = {
        .examples = &epochs->data->examples, .batch_frames = epochs->options->batch_frames,
        .piece_frames = encoder_has_context(&epochs->learner->options.spec) ? 0 : 1,
        .stride = learner_encoder(epochs->learner)->stride,
        .clean = wants_clean(epochs), .n_thread = epochs->options->n_thread};
    return batches_new(&state->batches, &request, failure);
}

bool epochs_run(struct epochs *epochs, struct failure *failure)
{
    struct epochs_state state = {.epochs = epochs, .saved_s = monotonic_s()};
    bool good = make_batches(&state, failure) && resume(&state, failure) &&
                epoch_log_open(&state.log, epochs->options->log, state.epoch, epochs->messages,
                               failure);
    progress_start(&state.progress, epochs->messages, "frames/s");
    while (good && state.epoch < epochs->options->epochs) good = run_epoch(&state, failure);
    if (good && !epochs->learner->quantizes) /* no epochs, or few steps */
        good = first_codebook(epochs->learner, &epochs->data->examples, epochs->options->seed,
                              failure) ||
               state_file_cannot_help(epochs->checkpoint, failure);
    epoch_log_close(state.log);
    batches_free(state.batches);
    return good;
}
