/* SPDX-License-Identifier: MIT */
/* When a frame has passed the front end and all stages.

       samples -> framing -> spectrum -> stages -> features

   voq_chain_next moves one block: it buffers samples, takes up to `block` whole windows, computes
   their static coefficients into stages.frame and pushes these through the stages. A stage that
   looks to the right holds frames back, so fewer may come out than went in, or none. voq_chain_end
   pads the signal; then voq_chain_next flushes the stages.

   Counts are arithmetic on the number of samples (voq_chain_count), never a dry run: stages.late
   frames are held back before the end and none after it. With a stride the end counts features of
   the longer hop: the stages fill the last one up with zeros, and one too many is dropped. A gap
   ends a run of frames and begins the next one, at the index of its place in time
   (voq_chain_restart); running statistics continue. */
#include "src/stream/chain.h"

#include "src/stream/rows.h"

struct grid voq_feature_grid(const voq_model *model)
{
    struct grid grid = voq_grid_of(&model->parsed.frontend);
    grid.hop *= voq_encoder_stride(&model->parsed.encoder);
    return grid;
}

void voq_chain_place(struct chain *chain, const voq_model *model, size_t block, struct arena *arena)
{
    struct grid grid = voq_grid_of(&model->parsed.frontend), wide = voq_feature_grid(model);
    const float **window = ARENA_TAKE(arena, block, const float *);
    *chain = (struct chain){.model = model, .grid = wide, .block = block, .window = window};
    voq_framing_place(&chain->framing, &grid, block, arena);
    voq_spectrum_place(&chain->spectrum, &model->frontend, model->kernel, block, arena);
    voq_stages_place(&chain->stages, model, block, arena);
}

static void begin_run(struct chain *chain)
{
    voq_framing_reset(&chain->framing);
    chain->n_given = 0;
    chain->ended = chain->failed = false;
}

void voq_chain_reset(struct chain *chain)
{
    begin_run(chain);
    voq_stages_reset(&chain->stages);
    chain->framing.n_bad = 0;
    chain->first_frame = chain->n_skip = 0;
}

/* Returns how many of the n rows in stages.frame come before the first that is not finite; that one
   ends the stream. */
static size_t checked(struct chain *chain, size_t n, size_t dim)
{
    size_t n_good = voq_rows_finite(chain->stages.frame, n, dim);
    if (n_good < n) chain->failed = true;
    return n_good;
}

/* Returns how many of n features the grid has: at the end of a run there may be one too many. */
static size_t wanted(const struct chain *chain, size_t n)
{
    uint64_t n_due = chain->ended ? voq_chain_count_at_end(chain) : n;
    return n < n_due ? n : (size_t)n_due;
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
    struct stages *stages = &chain->stages;
    while (!chain->failed) {
        take_samples(chain, in);
        size_t n = voq_framing_windows(&chain->framing, chain->window, chain->block);
        if (n == 0) {
            if (in->n) continue;
            n = chain->ended ? voq_stages_finish(stages) : 0;
        } else {
            const struct frontend *frontend = &chain->model->frontend;
            voq_spectrum_run(&chain->spectrum, frontend, chain->window, n, stages->frame);
            voq_framing_drop(&chain->framing, n);
            n = voq_stages_push(stages, checked(chain, n, frontend->dim));
            if (n == 0) continue;
        }
        n = checked(chain, wanted(chain, n), chain->model->parsed.dim);
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
    uint64_t n_ready = n_frame > chain->stages.late ? n_frame - chain->stages.late : 0;
    return n_ready / chain->stages.stride - chain->n_given;
}

uint64_t voq_chain_count_at_end(const struct chain *chain)
{
    return voq_grid_frames_in_all(&chain->grid, chain->framing.n_sample) - chain->n_given;
}

/* Position of the next sample in the stream; lost samples count. */
static uint64_t sample_position(const struct chain *chain)
{
    uint64_t hop = (uint64_t)chain->grid.hop;
    return chain->first_frame * hop - chain->n_skip + chain->framing.n_sample;
}

bool voq_chain_can_lose(const struct chain *chain, uint64_t n_lost)
{
    uint64_t position = sample_position(chain);
    return position <= INT64_MAX && n_lost <= INT64_MAX - position;
}

void voq_chain_restart(struct chain *chain, uint64_t n_lost)
{
    uint64_t hop = (uint64_t)chain->grid.hop, position = sample_position(chain) + n_lost;
    begin_run(chain);
    voq_stages_gap(&chain->stages);
    chain->first_frame = (position + hop - 1) / hop;
    chain->n_skip = chain->first_frame * hop - position;
}

uint64_t voq_chain_position(const struct chain *chain)
{
    return chain->first_frame + chain->n_given;
}
