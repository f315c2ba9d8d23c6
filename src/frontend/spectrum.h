/* SPDX-License-Identifier: MIT */
/* The compiled front end: tables made once per model, and the work on a group of windows. */
#ifndef VOQ_SPECTRUM_H
#define VOQ_SPECTRUM_H

#include "src/base/arena.h"
#include "src/kernel/kernel.h"

#include "voq.h"

/* Immutable; part of a model. */
struct frontend {
    voq_frontend options;
    struct frame_spec frame;
    struct mel_spec mel;
    const float *cepstrum; /* [n_cepstrum][n_mel], MFCC only */
    const float *packed_cepstrum, *no_bias; /* the same for kernel->affine */
    uint32_t dim;          /* of a frame before deltas */
};

/* Lays out and fills the tables. The options must have passed voq_frontend_check. */
void voq_frontend_place(struct frontend *frontend, const voq_frontend *options,
                        struct arena *arena);

/* The dimension of a frame before and after deltas. */
uint32_t voq_frontend_base_dim(const voq_frontend *options);
uint32_t voq_frontend_dim(const voq_frontend *options);

/* Scratch of one stream, for groups of kernel->lanes windows or for one window at a time. */
struct spectrum {
    const struct kernel *kernel;
    bool alone;
    void *plan;
    float *x, *scratch, *mel, *cepstrum, *energy;
};

/* block: how many windows come together at most. If that is fewer than the kernel has lanes, they
   are computed one by one. */
void voq_spectrum_place(struct spectrum *spectrum, const struct frontend *frontend,
                        const struct kernel *kernel, size_t block, struct arena *arena);

/* Computes frame[n][dim] from n windows. Samples that are too large lead to values that are not
   finite. */
void voq_spectrum_run(struct spectrum *spectrum, const struct frontend *frontend,
                      const float *const *window, size_t n, float *frame);

#endif
