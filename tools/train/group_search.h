/* SPDX-License-Identifier: MIT */
/* The search for the nearest codeword, group of codewords by group, with bounds that leave groups
   out. The kernel and the packed codebook are the runtime's. */
#ifndef VOQ_TRAIN_GROUP_SEARCH_H
#define VOQ_TRAIN_GROUP_SEARCH_H

#include "tools/train/bounds.h"

enum { SEARCH_FRAMES = 256 };

/* A batch of frames, filled by group_search_add. */
struct group_search {
    uint32_t dim, n_group;
    size_t n;
    float *x, *centred, *gathered; /* [SEARCH_FRAMES][dim] */
    float *limit;                  /* [SEARCH_FRAMES]: groups with a greater bound are left out */
    float **lower;                 /* [SEARCH_FRAMES]: the bounds [n_group] of each frame */
    float *best;                   /* [n_group][SEARCH_FRAMES]: best score of a group */
    uint32_t *id;                  /* [SEARCH_FRAMES]: in: the frame's code; out: its new code */
    size_t *place;                 /* [SEARCH_FRAMES]: the caller's */
};

bool group_search_new(struct group_search *search, uint32_t n_group, uint32_t dim);
void group_search_free(struct group_search *search); /* also of zeroed memory */

/* Adds a frame; n must be below SEARCH_FRAMES. */
void group_search_add(struct group_search *search, const float *x, uint32_t id, float limit,
                      float *lower, size_t place);

/* Finds id[n] as voq_quantize would, and sets the bounds of the groups that were searched; returns
   how many that were. False: a frame has no finite score. */
bool group_search_run(struct group_search *search, const struct bounds *bounds,
                      const voq_model *model, uint64_t *n_searched);

/* The squared distance as the runtime reports it. */
float codeword_distance(const float *x, const float *codeword, size_t dim);

#endif
