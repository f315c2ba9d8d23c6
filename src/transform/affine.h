/* SPDX-License-Identifier: MIT */
#ifndef VOQ_AFFINE_H
#define VOQ_AFFINE_H

#include "src/base/arena.h"
#include "src/kernel/kernel.h"

#include "voq.h"

/* The transform of a model, packed for the kernel. Immutable. */
struct affine {
    size_t n_column, n_row, n_group;
    const float *packed; /* NULL: stacking only, a copy */
    const float *bias;
};

void voq_affine_place(struct affine *affine, const voq_transform *transform, struct arena *arena);

/* Computes y[n_row] from x[n_column], the frames of a stack one after another.
   row[n_group*ROW_GROUP] is scratch. */
void voq_affine_run(const struct affine *affine, const struct kernel *kernel, const float *x,
                    float *row, float *y);

#endif
