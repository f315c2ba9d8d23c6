/* SPDX-License-Identifier: MIT */
/* Lloyd's iteration: every frame to its nearest codeword, every codeword to the mean of its frames.
   The nearest codeword is the runtime's (voq_quantize), bit for bit. Sums are in double over blocks
   of frames in order, so neither threads nor instruction sets change a bit of the result. */
#ifndef VOQ_TRAIN_LLOYD_H
#define VOQ_TRAIN_LLOYD_H

#include "tools/train/frames.h"
#include "tools/train/totals.h"

#include "voq.h"

enum lloyd_stop { LLOYD_CONVERGED, LLOYD_ITERATIONS, LLOYD_TIME };

struct lloyd_state {
    uint32_t iteration;    /* updates of the codewords so far */
    double distortion;     /* mean squared distance before the last update; 0 at iteration 0 */
    uint32_t n_revived;    /* dead codes, so far */
};

/* After every pass over the frames, before the codewords move: what they achieve now. */
typedef bool lloyd_report(void *context, const struct lloyd_state *state,
                          const struct totals *totals, struct failure *failure);
/* After every update: what is needed to go on from here. */
typedef bool lloyd_keep(void *context, const struct lloyd_state *state, const float *codeword,
                        struct failure *failure);

struct lloyd {
    uint32_t n_code;
    uint32_t iterations;  /* updates at most */
    double tolerance;     /* stops when an update lowers the mean distortion by a smaller share */
    double time_s;        /* stops after the iteration that passes it; 0: no limit */
    uint64_t memory;      /* bytes for bounds at most; 0: plain, slower, the same bits */
    size_t n_thread;
    voq_cpu cpu;
    lloyd_report *report; /* may be NULL */
    lloyd_keep *keep;     /* may be NULL */
    void *context;
};

/* Improves codeword[n_code][dim] from *state on, which is zero or one that `keep` was given with
   its codewords. *totals, made for the size, holds what the final codewords achieve. */
bool lloyd_run(const struct frames *frames, const struct lloyd *lloyd, struct lloyd_state *state,
               float *codeword, struct totals *totals, enum lloyd_stop *stop,
               struct failure *failure);

#endif
