/* SPDX-License-Identifier: MIT */
/* ABX discrimination: how often x is nearer to b (another phone) than to a (the same phone), over
   all triplets, ties counting half. */
#ifndef VOQ_TOOLS_ABX_H
#define VOQ_TOOLS_ABX_H

#include "tools/eval/abx_outcomes.h"
#include "tools/eval/frame_distance.h"

#include <stdint.h>

struct abx_token {
    struct frames frames; /* one or more */
    uint32_t context, phone, speaker;
    uint32_t utterance; /* whose weight counts, in outcomes */
};

/* What a task measured. Shares that were not scored have no errors and no outcomes. */
struct abx_cells {
    struct abx_outcomes outcomes; /* phones of all shares; groups only if they are kept */
    struct cell_errors errors;
    bool has_outcomes;
};

/* The most distances whose outcomes are kept, 8 bytes each. */
#define ABX_MOST_OUTCOMES ((uint64_t)1 << 25)

struct abx_task {
    const struct abx_token *token; /* [n_token], in item order */
    size_t n_token;
    size_t dim;
    enum frame_distance distance;
    bool across_speaker; /* x is from another speaker than a and b; else all three from one */
    bool any_context;    /* contexts are ignored */
    uint32_t max_size;   /* use only the first tokens of each side of a cell; 0: all */
    uint32_t max_x;      /* use only the first speakers of x (across); 0: all */
    size_t n_thread;
    uint32_t rank, n_rank; /* score only shares i with i % n_rank == rank; n_rank 0: all */

    /* NULL or empty; filled unless there are more than ABX_MOST_OUTCOMES. */
    struct abx_outcomes *outcomes;
    /* NULL, or called by one thread at a time with the number of computed distances. */
    void (*progress)(void *context, uint64_t done, uint64_t n);
    void *context;
    /* NULL, or called with the result, before it is averaged. */
    bool (*cells)(void *context, const struct abx_cells *cells, struct failure *failure);
    void *cells_context;
};

/* Computes the error in [0, 1]: the mean over contexts and speakers of x, then over speakers of a,
   then over ordered pairs of phones. NaN: no triplet. Independent of the number of threads. */
bool abx_error(const struct abx_task *task, double *error, struct failure *failure);

#endif
