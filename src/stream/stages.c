/* SPDX-License-Identifier: MIT */
#include "src/stream/stages.h"

static void append(struct stages *stages, struct stage stage, size_t *widest)
{
    stages->stage[stages->n_stage++] = stage;
    stages->late += stage.late * stages->stride;
    stages->stride *= stage.stride;
    if (stage.dim > *widest) *widest = stage.dim;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

void voq_stages_place(struct stages *stages, const voq_model *model, size_t chunk,
                      struct arena *arena)
{
    const struct parsed *p = &model->parsed;
    size_t n_delta = p->frontend.n_delta, widest = larger(p->frontend_dim, p->dim);
    if (n_delta) chunk = larger(chunk, p->frontend.delta_reach);
    chunk = larger(chunk, p->transform.stack_right);
    *stages = (struct stages){.chunk = chunk, .stride = 1};
    for (size_t i = 0; i < n_delta; i++)
        append(stages, voq_delta_stage(model, i, chunk, arena), &widest);
    if (model->has_normalise) append(stages, voq_normalise_stage(model, arena), &widest);
    if (model->has_transform) append(stages, voq_affine_stage(model, chunk, arena), &widest);
    if (model->has_encoder) append(stages, voq_encoder_stage(model, chunk, arena), &widest);
    stages->frame = ARENA_TAKE(arena, chunk * widest, float);
}

void voq_stages_reset(struct stages *stages)
{
    stages->n_flushed = 0;
    for (size_t i = 0; i < stages->n_stage; i++)
        stages->stage[i].kind->reset(&stages->stage[i]);
}

void voq_stages_gap(struct stages *stages)
{
    stages->n_flushed = 0;
    for (size_t i = 0; i < stages->n_stage; i++) stages->stage[i].kind->gap(&stages->stage[i]);
}

static size_t run_from(struct stages *stages, size_t i, size_t n)
{
    for (; n && i < stages->n_stage; i++)
        n = stages->stage[i].kind->push(&stages->stage[i], stages->frame, n);
    return n;
}

size_t voq_stages_push(struct stages *stages, size_t n)
{
    return run_from(stages, 0, n);
}

size_t voq_stages_finish(struct stages *stages)
{
    for (; stages->n_flushed < stages->n_stage; stages->n_flushed++) {
        struct stage *stage = &stages->stage[stages->n_flushed];
        size_t n;
        while ((n = stage->kind->finish(stage, stages->frame)) > 0) {
            n = run_from(stages, stages->n_flushed + 1, n);
            if (n) return n;
        }
    }
    return 0;
}
