/* SPDX-License-Identifier: MIT */
#include "src/stream/stage.h"
#include "src/transform/normalise.h"

static size_t push(struct stage *stage, float *frame, size_t n)
{
    voq_normalise_run(stage->state, &stage->model->parsed.normalise, frame, n);
    return n;
}

static size_t finish(struct stage *stage, float *frame)
{
    (void)stage, (void)frame;
    return 0;
}

static void reset(struct stage *stage)
{
    voq_normalise_reset(stage->state, &stage->model->parsed.normalise);
}

static void gap(struct stage *stage)
{
    (void)stage;
}

static const struct stage_kind kind = {push, finish, reset, gap};

struct stage voq_normalise_stage(const voq_model *model, struct arena *arena)
{
    const voq_normalise *normalise = &model->parsed.normalise;
    struct normalise_state *state = ARENA_TAKE(arena, 1, struct normalise_state);
    voq_normalise_place(state, normalise, arena);
    return (struct stage){&kind, model, state, normalise->dim, 0, 1};
}
