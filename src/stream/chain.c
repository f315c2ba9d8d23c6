/* SPDX-License-Identifier: MIT */
/* The order of the stages, and when a frame has passed them all.

       samples -> framing -> spectrum -> delta 1, 2, 3 -> transforms -> features

   voq_chain_next moves one block: it buffers samples, takes up to `block` whole windows, computes
   their static coefficients into chain->frame and pushes these through every later stage. A stage
   that looks to the right holds frames back, so fewer may come out than went in, or none.
   voq_chain_end pads the signal; then voq_chain_next flushes the stages from left to right, and
   frames that a stage held back pass through all later stages.

   Counts are arithmetic on the number of samples (voq_chain_count), never a dry run: n_late frames
   are held back before the end and none after it. A gap ends a run of frames and begins the next
   one, at the frame index of its place in time (voq_chain_restart); running statistics continue. */
#include "src/stream/chain.h"

#include "src/frontend/delta.h"
#include "src/stream/rows.h"

void voq_chain_place(struct chain *chain, const voq_model *model, size_t block, struct arena *arena)
{
    const struct parsed *p = &model->parsed;
    const voq_frontend *f = &p->frontend;
    const struct kernel *kernel = block < model->kernel->lanes ? &voq_kernel_scalar : model->kernel;
    struct grid grid = voq_grid_of(f);
    size_t base = voq_frontend_base_dim(f), right = p->transform.stack_right, chunk = block;
    if (chunk < f->delta_reach) chunk = f->delta_reach;
    if (chunk < right) chunk = right;

    const float **window = ARENA_TAKE(arena, block, const float *);
    float *frame = ARENA_TAKE(arena, chunk * p->frontend_dim, float);
    if (arena->base)
        *chain = (struct chain){.model = model,
                                .block = block,
                                .window = window,
                                .frame = frame,
                                .n_late = voq_model_look_ahead_frames(model)};
    voq_framing_place(&chain->framing, &grid, block, arena);
    voq_spectrum_place(&chain->spectrum, &model->frontend, kernel, arena);
    for (size_t i = 0; i < f->n_delta; i++)
        voq_context_place(&chain->delta[i], base * (i + 1), f->delta_reach, f->delta_reach, chunk,
                          arena);
    voq_transforms_place(&chain->transforms, model, chunk, arena);
}

static void begin_run(struct chain *chain)
{
    voq_framing_reset(&chain->framing);
    for (size_t i = 0; i < MAX_DELTAS; i++) voq_context_reset(&chain->delta[i]);
    voq_transforms_begin(&chain->transforms);
    chain->n_given = chain->n_flushed = 0;
    chain->ended = chain->failed = false;
}

void voq_chain_reset(struct chain *chain)
{
    begin_run(chain);
    voq_transforms_reset(&chain->transforms);
    chain->framing.n_bad = 0;
    chain->first_frame = chain->n_skip = 0;
}

/* ---- stages: each takes n frames and leaves those that are complete in chain->frame; the last,
   chain->transforms, keeps them ---- */

static size_t give_deltas(struct chain *chain, size_t order, size_t n_complete)
{
    const voq_frontend *f = &chain->model->parsed.frontend;
    struct context *context = &chain->delta[order];
    voq_delta_run(context->frame, n_complete, order + 1, voq_frontend_base_dim(f), f->delta_reach,
                  chain->frame);
    voq_context_drop(context, n_complete);
    return n_complete;
}

/* Pushes chain->frame[n], which has `order` orders of deltas, through the remaining stages. */
static size_t run_from(struct chain *chain, size_t order, size_t n)
{
    for (; order < chain->model->parsed.frontend.n_delta; order++)
        n = give_deltas(chain, order, voq_context_push(&chain->delta[order], chain->frame, n));
    return voq_transforms_push(&chain->transforms, chain->frame, n);
}

/* Returns how many of frame[n][dim] come before the first that is not finite; that one ends the
   stream. */
static size_t checked(struct chain *chain, const float *frame, size_t n, size_t dim)
{
    size_t n_good = voq_rows_finite(frame, n, dim);
    if (n_good < n) chain->failed = true;
    return n_good;
}

/* Flushes the next stage that holds back frames at the end. */
static size_t flush_next(struct chain *chain)
{
    size_t n_delta = chain->model->parsed.frontend.n_delta;
    while (chain->n_flushed < n_delta) {
        size_t order = chain->n_flushed++;
        size_t n = give_deltas(chain, order, voq_context_finish(&chain->delta[order]));
        n = run_from(chain, order + 1, n);
        if (n) return n;
    }
    if (chain->n_flushed > n_delta) return 0;
    chain->n_flushed++;
    return voq_transforms_finish(&chain->transforms);
}

static void take_samples(struct chain *chain, struct samples *in)
{
    if (chain->n_skip) {
        size_t n = chain->n_skip < in->n ? (size_t)chain->n_skip : in->n;
        voq_framing_skip(&chain->framing, in, n);
        chain->n_skip -= n;
    }
    if (in->n) voq_framing_take(&chain->framing, in);
}

size_t voq_chain_next(struct chain *chain, struct samples *in)
{
    while (!chain->failed) {
        take_samples(chain, in);
        size_t n = voq_framing_windows(&chain->framing, chain->window, chain->block);
        if (n == 0) {
            if (in->n) continue;
            n = chain->ended ? flush_next(chain) : 0;
        } else {
            const struct frontend *frontend = &chain->model->frontend;
            voq_spectrum_run(&chain->spectrum, frontend, chain->window, n, chain->frame);
            voq_framing_drop(&chain->framing, n);
            n = checked(chain, chain->frame, n, frontend->dim);
            n = run_from(chain, 0, n);
            if (n == 0) continue;
        }
        n = checked(chain, voq_chain_features(chain), n, chain->model->parsed.dim);
        chain->n_given += n;
        return n;
    }
    return 0;
}

void voq_chain_end(struct chain *chain)
{
    voq_framing_end(&chain->framing);
    chain->ended = true;
}

uint64_t voq_chain_count(const struct chain *chain, uint64_t n_sample)
{
    uint64_t before = chain->framing.n_sample, most = INT64_MAX - before;
    uint64_t taken = n_sample > chain->n_skip ? n_sample - chain->n_skip : 0;
    uint64_t n_frame =
        voq_grid_frames_so_far(&chain->framing.grid, before + (taken < most ? taken : most));
    uint64_t n_feature = n_frame > chain->n_late ? n_frame - chain->n_late : 0;
    return n_feature - chain->n_given;
}

uint64_t voq_chain_count_at_end(const struct chain *chain)
{
    return voq_grid_frames_in_all(&chain->framing.grid, chain->framing.n_sample) - chain->n_given;
}

/* Position of the next sample in the stream; lost samples count. */
static uint64_t sample_position(const struct chain *chain)
{
    uint64_t hop = (uint64_t)chain->framing.grid.hop;
    return chain->first_frame * hop - chain->n_skip + chain->framing.n_sample;
}

bool voq_chain_can_lose(const struct chain *chain, uint64_t n_lost)
{
    uint64_t position = sample_position(chain);
    return position <= INT64_MAX && n_lost <= INT64_MAX - position;
}

void voq_chain_restart(struct chain *chain, uint64_t n_lost)
{
    uint64_t hop = (uint64_t)chain->framing.grid.hop, position = sample_position(chain) + n_lost;
    begin_run(chain);
    chain->first_frame = (position + hop - 1) / hop;
    chain->n_skip = chain->first_frame * hop - position;
}

uint64_t voq_chain_position(const struct chain *chain)
{
    return chain->first_frame + chain->n_given;
}
