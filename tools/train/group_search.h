/* SPDX-License-Identifier: MIT */
/* The search for the nearest codeword, group of codewords by group, with bounds that leave groups
   out. Scores are the runtime's: its kernel, its numbers. */
#ifndef VOQ_TRAIN_GROUP_SEARCH_H
#define VOQ_TRAIN_GROUP_SEARCH_H

#include "tools/train/bounds.h"

/* Few enough for the caches. */
enum { SEARCH_FRAMES = 512 };

/* What the passes know of a batch of frames. */
struct search_batch {
    size_t n; /* at most SEARCH_FRAMES */
    const float *x;
    uint32_t *id;    /* [n]: the nearest codewords */
    float *distance; /* [n]: squared, to those */
    float *lower;    /* [n_group][SEARCH_FRAMES]: bounds; of a frame's own group infinity */
};

/* Room to work in, for one thread. */
struct group_search {
    uint32_t dim;
    float *centred;                       /* [SEARCH_FRAMES][dim] */
    float *gathered;                      /* the same of those that the kernel gets at once */
    float *square, *limit, *base, *error; /* [SEARCH_FRAMES]: see bounds.h */
    float *score;                         /* [SEARCH_FRAMES]: the best so far */
    uint32_t *id;                         /* [SEARCH_FRAMES]: and whose it is */
};

bool group_search_new(struct group_search *search, uint32_t dim); /* false: no memory */
void group_search_free(struct group_search *search);              /* also of zeroed memory */

/* What the searches of one pass share. */
struct pass_search {
    const struct bounds *bounds;
    const struct kernel *kernel;
    const float *codeword, *mean;
};

/* Finds id and distance as voq_quantize would, and sets the bounds of the groups that were
   searched; *n_searched grows by their number. `known`: batch->id and lower are those of the pass
   before. False: a frame has no finite score. */
bool group_search_run(struct group_search *search, const struct pass_search *pass,
                      const struct search_batch *batch, bool known, uint64_t *n_searched);

#endif
