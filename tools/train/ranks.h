/* SPDX-License-Identifier: MIT */
/* The processes that train one model together, called ranks as in MPI. Rank r of n reads the
   utterances r, r + n, r + 2n, ... and keeps their frames. Their results meet in these calls, which
   all ranks make in the same order. In a process that is alone they change nothing.

   A rank that fails makes no further calls but the last, ranks_agree. The next call of the others
   then fails with the same text, so that all ranks end alike and rank 0 reports it. */
#ifndef VOQ_TRAIN_RANKS_H
#define VOQ_TRAIN_RANKS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

/* How numbers travel. Each call replaces x on every rank. */
struct ranks_wire {
    void (*sum)(int64_t *x, size_t n);
    void (*largest)(double *x, size_t n);
};

struct ranks {
    uint32_t rank, n; /* this process, from 0, and their number */
    const struct ranks_wire *wire; /* NULL: alone */
    bool failed;                   /* all ranks know of a failure */
};

/* Joins the processes that the launcher started: ranks_mpi.c in voq-train-mpi. The plain voq-train
   has ranks_alone.c, which refuses to be one of several: EXIT_USAGE. */
bool ranks_start(struct ranks *ranks, struct failure *failure);
void ranks_end(struct ranks *ranks);

/* From now on, SIGTERM prints `sentence`, once for all ranks, and ends the process. It is what a
   launcher sends when a rank is lost. The text must stay. */
void ranks_last_words(const struct ranks *ranks, const char *sentence);

static inline bool ranks_several(const struct ranks *ranks)
{
    return ranks && ranks->wire;
}

/* Rank 0 alone writes files and messages. */
static inline bool ranks_is_first(const struct ranks *ranks)
{
    return !ranks_several(ranks) || ranks->rank == 0;
}

/* The i-th utterance of this rank, whether it has an utterance, and how many of n it has. */
static inline size_t ranks_item(const struct ranks *ranks, size_t i)
{
    return ranks_several(ranks) ? ranks->rank + i * ranks->n : i;
}

static inline bool ranks_has(const struct ranks *ranks, size_t utterance)
{
    return !ranks_several(ranks) || utterance % ranks->n == ranks->rank;
}

static inline size_t ranks_share_of(const struct ranks *ranks, size_t n)
{
    if (!ranks_several(ranks)) return n;
    return n > ranks->rank ? (n - ranks->rank - 1) / ranks->n + 1 : 0;
}

/* Whether all ranks are good. The failure is that of the first rank that is not. */
bool ranks_agree(struct ranks *ranks, bool good, struct failure *failure);

/* x becomes the sum, or the largest, over all ranks. Largest numbers are at least 0. */
bool ranks_sum(struct ranks *ranks, int64_t *x, size_t n, struct failure *failure);
bool ranks_largest(struct ranks *ranks, double *x, size_t n, struct failure *failure);
bool ranks_largest_floats(struct ranks *ranks, float *x, size_t n, struct failure *failure);

/* Gives all ranks the bytes, each of which is zero on all ranks but one. */
bool ranks_unite(struct ranks *ranks, void *bytes, size_t n, struct failure *failure);

/* Joins the bytes of all ranks, in their order, to all[n_all], which the caller frees. */
bool ranks_gather(struct ranks *ranks, const void *bytes, size_t n, char **all, size_t *n_all,
                  struct failure *failure);

/* Fails unless all ranks have the same digest; `what` completes "sees another ... than rank 0". */
bool ranks_same(struct ranks *ranks, const char digest[65], const char *what,
                struct failure *failure);

#endif
