/* SPDX-License-Identifier: MIT */
/* Lloyd's iteration: assigns every frame to its nearest codeword and moves every codeword to the
   mean of its frames. The nearest codeword is that of voq_quantize, bit for bit. Sums are exact
   (totals.h), so the result does not depend on threads, instruction sets or the order of frames. */
#ifndef VOQ_TRAIN_LLOYD_H
#define VOQ_TRAIN_LLOYD_H

#include "tools/train/frames.h"
#include "tools/train/totals.h"

#include "voq.h"

enum lloyd_stop { LLOYD_CONVERGED, LLOYD_ITERATIONS, LLOYD_TIME };

struct lloyd_state {
    uint32_t iteration;    /* updates of the codewords so far */
    double distortion;     /* mean squared distance before the last update; 0 at iteration 0 */
    uint32_t n_revived;    /* dead codes so far */
};

/* Called after every pass over the frames, before the codewords move. */
typedef bool lloyd_report(void *context, const struct lloyd_state *state,
                          const struct totals *totals, struct failure *failure);
/* Called after every update, with what is needed to continue from there. */
typedef bool lloyd_keep(void *context, const struct lloyd_state *state, const float *codeword,
                        struct failure *failure);

struct lloyd {
    uint32_t n_code;
    uint32_t iterations;  /* most updates */
    double tolerance;     /* stops if an update reduces the mean distortion by a smaller fraction */
    double time_s;        /* stops after the iteration that exceeds it; 0: no limit */
    uint64_t memory;      /* most bytes for bounds; 0: none, slower, same bits */
    size_t n_thread;
    voq_cpu cpu;
    lloyd_report *report; /* may be NULL */
    lloyd_keep *keep;     /* may be NULL */
    void *context;
};

/* Improves codeword[n_code][dim], starting at *state, which is zero or was passed to `keep` with
   these codewords. *totals, of matching size, receives the totals of the final codewords. */
bool lloyd_run(const struct frames *frames, const struct lloyd *lloyd, struct lloyd_state *state,
               float *codeword, struct totals *totals, enum lloyd_stop *stop,
               struct failure *failure);

#endif
