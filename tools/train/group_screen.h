/* SPDX-License-Identifier: MIT */
/* The library's screen, on single groups of codewords. Its rough scores bound the group from below,
   and mostly tell which codeword is the nearest. */
#ifndef VOQ_TRAIN_GROUP_SCREEN_H
#define VOQ_TRAIN_GROUP_SCREEN_H

#include "tools/train/groups.h"

/* Frames of a batch, which must fit into the caches, and of one call of a kernel. */
enum { SEARCH_FRAMES = 512, SEARCH_CHUNK = 64 };

/* What the groups that were searched say about the frames of a batch. */
struct group_screen {
    int32_t shift[SEARCH_FRAMES];
    float unit[SEARCH_FRAMES];    /* of rough scores */
    int32_t least[SEARCH_FRAMES]; /* rough score of the best group */
    int32_t rival[SEARCH_FRAMES]; /* of the one after it */
    uint32_t id[SEARCH_FRAMES];   /* the only code that survives there; UINT32_MAX: several */
    struct survivors survivors[SEARCH_CHUNK];
};

/* Rounds n frames, rows of groups->screen.width floats, in place. */
void group_screen_begin(struct group_screen *screen, const struct groups *groups,
                        const struct kernel *kernel, float *centred, size_t n);

/* Searches group g for n frames. score[n]: lower bounds of the scores of its codewords. */
void group_screen_run(struct group_screen *screen, const struct groups *groups,
                      const struct kernel *kernel, uint32_t g, const float *centred,
                      const uint32_t *frame, size_t n, float *score);

/* Whether id[i] is the nearest codeword by the definition, of those in the groups searched. */
static inline bool group_screen_is_certain(const struct group_screen *screen,
                                           const struct groups *groups, size_t i)
{
    int64_t apart = (int64_t)screen->rival[i] - screen->least[i];
    return screen->id[i] < UINT32_MAX && apart >= groups->screen.margin;
}

#endif
