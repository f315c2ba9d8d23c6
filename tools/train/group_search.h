/* SPDX-License-Identifier: MIT */
/* Searches the nearest codeword group by group; bounds exclude groups. Scores are those of the
   library, computed by its kernel from its codebook. */
#ifndef VOQ_TRAIN_GROUP_SEARCH_H
#define VOQ_TRAIN_GROUP_SEARCH_H

#include "tools/train/bounds.h"
#include "tools/train/group_screen.h"

/* A batch of frames, with results that are kept from pass to pass. */
struct search_batch {
    size_t n; /* at most SEARCH_FRAMES */
    const float *x;
    uint32_t *id;    /* [n]: the nearest codewords */
    float *distance; /* [n]: squared distances to them */
    float *lower;    /* [n_group][SEARCH_FRAMES]: bounds; infinity for a frame's own group */
};

/* Scratch memory of one thread. */
struct group_search {
    uint32_t dim;
    size_t width;                         /* of a row of centred, padded with zeros */
    float *centred;                       /* [SEARCH_FRAMES][width] */
    float *gathered;                      /* [SEARCH_CHUNK][dim] */
    float *square, *limit, *base, *error; /* [SEARCH_FRAMES]: see bounds.h */
    float *score;                         /* [SEARCH_FRAMES]: best score so far */
    uint32_t *id;                         /* [SEARCH_FRAMES]: code of that score */
    struct group_screen *screen;          /* used if the groups have a screen */
};

bool group_search_new(struct group_search *search, uint32_t dim); /* false: no memory */
void group_search_free(struct group_search *search);              /* also of zeroed memory */

/* Data that all searches of one pass share. */
struct pass_search {
    const struct bounds *bounds;
    const struct kernel *kernel;
    const float *codeword, *mean;
};

/* Finds the same id and distance as voq_quantize, sets the bounds of the groups that were searched,
   and adds their number to *n_searched. `known`: batch->id and lower are those of the previous
   pass. False: a frame has no finite score. */
bool group_search_run(struct group_search *search, const struct pass_search *pass,
                      const struct search_batch *batch, bool known, uint64_t *n_searched);

#endif
