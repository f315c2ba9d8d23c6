/* SPDX-License-Identifier: MIT */
#include "src/frontend/delta.h"
#include "src/stream/context.h"
#include "src/stream/stage.h"

struct delta_state {
    struct context context;
    size_t order;
};

static size_t run(struct stage *stage, size_t n_complete, float *frame)
{
    struct delta_state *state = stage->state;
    const voq_frontend *f = &stage->model->parsed.frontend;
    voq_delta_run(state->context.frame, n_complete, state->order + 1, voq_frontend_base_dim(f),
                  f->delta_reach, frame);
    voq_context_drop(&state->context, n_complete);
    return n_complete;
}

static size_t push(struct stage *stage, float *frame, size_t n)
{
    struct delta_state *state = stage->state;
    return run(stage, voq_context_push(&state->context, frame, n), frame);
}

static size_t finish(struct stage *stage, float *frame)
{
    struct delta_state *state = stage->state;
    size_t n = run(stage, voq_context_finish(&state->context), frame);
    voq_context_reset(&state->context);
    return n;
}

static void reset(struct stage *stage)
{
    struct delta_state *state = stage->state;
    voq_context_reset(&state->context);
}

static const struct stage_kind kind = {push, finish, reset, reset};

struct stage voq_delta_stage(const voq_model *model, size_t order, size_t chunk,
                             struct arena *arena)
{
    const voq_frontend *f = &model->parsed.frontend;
    size_t base = voq_frontend_base_dim(f), reach = f->delta_reach;
    struct delta_state *state = ARENA_TAKE(arena, 1, struct delta_state), placed = {.order = order};
    voq_context_place(&placed.context, base * (order + 1), reach, reach, chunk, arena);
    if (arena->base) *state = placed;
    return (struct stage){&kind, model, state, base * (order + 2), reach, 1};
}
