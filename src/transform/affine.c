/* SPDX-License-Identifier: MIT */
#include "src/transform/affine.h"

#include <string.h>

static void pack(const voq_transform *transform, const struct affine *a, float *packed, float *bias)
{
    memset(packed, 0, a->n_group * a->n_column * ROW_GROUP * sizeof *packed);
    memset(bias, 0, a->n_group * ROW_GROUP * sizeof *bias);
    for (size_t r = 0; r < a->n_row; r++) {
        float *group = packed + r / ROW_GROUP * a->n_column * ROW_GROUP + r % ROW_GROUP;
        for (size_t c = 0; c < a->n_column; c++)
            group[c * ROW_GROUP] = transform->matrix[r * a->n_column + c];
        if (transform->bias) bias[r] = transform->bias[r];
    }
}

void voq_affine_place(struct affine *affine, const voq_transform *transform, struct arena *arena)
{
    size_t n_stacked = transform->stack_left + 1 + transform->stack_right;
    struct affine placed = {
        .n_column = n_stacked * transform->in_dim,
        .n_row = transform->out_dim,
        .n_group = (transform->out_dim + ROW_GROUP - 1) / ROW_GROUP,
    };
    if (transform->matrix) {
        float *packed = ARENA_TAKE(arena, placed.n_group * placed.n_column * ROW_GROUP, float);
        float *bias = ARENA_TAKE(arena, placed.n_group * ROW_GROUP, float);
        if (arena->base) pack(transform, &placed, packed, bias);
        placed.packed = packed;
        placed.bias = bias;
    }
    if (arena->base) *affine = placed;
}

void voq_affine_run(const struct affine *affine, const struct kernel *kernel, const float *x,
                    float *row, float *y)
{
    if (affine->packed) {
        kernel->affine(affine->packed, affine->bias, affine->n_group, affine->n_column, x, row);
        x = row;
    }
    memcpy(y, x, affine->n_row * sizeof *y);
}
