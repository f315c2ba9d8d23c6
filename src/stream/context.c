/* SPDX-License-Identifier: MIT */
#include "src/stream/context.h"

#include <string.h>

void voq_context_place(struct context *context, size_t dim, size_t left, size_t right, size_t chunk,
                       struct arena *arena)
{
    float *frame = ARENA_TAKE(arena, (left + right + chunk) * dim, float);
    if (arena->base) *context = (struct context){dim, left, right, 0, frame};
}

void voq_context_reset(struct context *context)
{
    context->n_frame = 0;
}

static void append(struct context *context, const float *frame, size_t n)
{
    size_t dim = context->dim;
    memcpy(context->frame + context->n_frame * dim, frame, n * dim * sizeof *frame);
    context->n_frame += n;
}

static size_t complete(const struct context *context)
{
    size_t around = context->left + context->right;
    return context->n_frame > around ? context->n_frame - around : 0;
}

size_t voq_context_push(struct context *context, const float *frame, size_t n)
{
    if (n && context->n_frame == 0)
        for (size_t i = 0; i < context->left; i++) append(context, frame, 1);
    append(context, frame, n);
    return complete(context);
}

size_t voq_context_finish(struct context *context)
{
    if (context->n_frame == 0) return 0;
    for (size_t i = 0; i < context->right; i++)
        append(context, context->frame + (context->n_frame - 1) * context->dim, 1);
    return complete(context);
}

void voq_context_drop(struct context *context, size_t n)
{
    context->n_frame -= n;
    memmove(context->frame, context->frame + n * context->dim,
            context->n_frame * context->dim * sizeof(float));
}
