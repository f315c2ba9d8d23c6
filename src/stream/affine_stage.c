/* SPDX-License-Identifier: MIT */
#include "src/stream/context.h"
#include "src/stream/stage.h"

struct affine_state {
    struct context stack;
    float *row; /* scratch of the kernel */
};

static size_t run(struct stage *stage, size_t n_complete, float *frame)
{
    struct affine_state *state = stage->state;
    struct context *stack = &state->stack;
    for (size_t i = 0; i < n_complete; i++)
        voq_affine_run(&stage->model->affine, stage->model->kernel, stack->frame + i * stack->dim,
                       state->row, frame + i * stage->dim);
    voq_context_drop(stack, n_complete);
    return n_complete;
}

static size_t push(struct stage *stage, float *frame, size_t n)
{
    struct affine_state *state = stage->state;
    return run(stage, voq_context_push(&state->stack, frame, n), frame);
}

static size_t finish(struct stage *stage, float *frame)
{
    struct affine_state *state = stage->state;
    size_t n = run(stage, voq_context_finish(&state->stack), frame);
    voq_context_reset(&state->stack);
    return n;
}

static void reset(struct stage *stage)
{
    struct affine_state *state = stage->state;
    voq_context_reset(&state->stack);
}

static const struct stage_kind kind = {push, finish, reset, reset};

struct stage voq_affine_stage(const voq_model *model, size_t chunk, struct arena *arena)
{
    const voq_transform *transform = &model->parsed.transform;
    struct affine_state *state = ARENA_TAKE(arena, 1, struct affine_state), placed;
    placed.row = ARENA_TAKE(arena, model->affine.n_group * ROW_GROUP, float);
    voq_context_place(&placed.stack, transform->in_dim, transform->stack_left,
                      transform->stack_right, chunk, arena);
    if (arena->base) *state = placed;
    return (struct stage){&kind, model, state, transform->out_dim, transform->stack_right, 1};
}
