/* SPDX-License-Identifier: MIT */
#include "src/stream/transforms.h"

#include <string.h>

void voq_transforms_place(struct transforms *transforms, const voq_model *model, size_t chunk,
                          struct arena *arena)
{
    const struct parsed *p = &model->parsed;
    float *row = ARENA_TAKE(arena, model->affine.n_group * ROW_GROUP, float);
    float *feature = ARENA_TAKE(arena, chunk * p->dim, float);
    if (arena->base)
        *transforms = (struct transforms){.model = model, .row = row, .feature = feature};
    if (model->has_normalise) voq_normalise_place(&transforms->normalise, &p->normalise, arena);
    if (model->has_transform)
        voq_context_place(&transforms->stack, p->frontend_dim, p->transform.stack_left,
                          p->transform.stack_right, chunk, arena);
}

void voq_transforms_begin(struct transforms *transforms)
{
    voq_context_reset(&transforms->stack);
}

void voq_transforms_reset(struct transforms *transforms)
{
    const voq_model *model = transforms->model;
    if (model->has_normalise) voq_normalise_reset(&transforms->normalise, &model->parsed.normalise);
}

static size_t map_stacks(struct transforms *transforms, size_t n_complete)
{
    const voq_model *model = transforms->model;
    const struct affine *affine = &model->affine;
    struct context *stack = &transforms->stack;
    for (size_t i = 0; i < n_complete; i++)
        voq_affine_run(affine, model->kernel, stack->frame + i * stack->dim, transforms->row,
                       transforms->feature + i * affine->n_row);
    voq_context_drop(stack, n_complete);
    return n_complete;
}

size_t voq_transforms_push(struct transforms *transforms, float *frame, size_t n)
{
    const voq_model *model = transforms->model;
    if (model->has_normalise)
        voq_normalise_run(&transforms->normalise, &model->parsed.normalise, frame, n);
    if (model->has_transform)
        return map_stacks(transforms, voq_context_push(&transforms->stack, frame, n));
    memcpy(transforms->feature, frame, n * model->parsed.dim * sizeof *frame);
    return n;
}

size_t voq_transforms_finish(struct transforms *transforms)
{
    if (!transforms->model->has_transform) return 0;
    return map_stacks(transforms, voq_context_finish(&transforms->stack));
}
