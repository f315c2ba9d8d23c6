/* SPDX-License-Identifier: MIT */
/* The ABX scores of an item file: within and across speakers, within and any context. */
#ifndef VOQ_TOOLS_ABX_SCORES_H
#define VOQ_TOOLS_ABX_SCORES_H

#include "tools/eval/abx.h"
#include "tools/eval/feature_set.h"
#include "tools/eval/frame_distance.h"
#include "tools/eval/item.h"
#include "tools/eval/unit_set.h"

enum abx_measure { /* the order in which they are computed */
    ABX_WITHIN,
    ABX_ACROSS,
    ABX_ACROSS_ANY_CONTEXT,
    ABX_WITHIN_ANY_CONTEXT,
    ABX_MEASURES
};

struct abx_options {
    bool any_context;  /* also score any context, with many more pairs */
    uint32_t max_size; /* use only the first tokens of each side of a cell; 0: all */
    uint32_t max_x;    /* use only the first speakers of x; 0: all */
    size_t n_thread;
    enum frame_distance distance; /* of features; units are compared by DISTANCE_IDENTICAL */
    const struct name_index *utterances; /* their numbers in outcomes; NULL: no outcomes */
    struct abx_outcomes *outcomes; /* [2] within context: within, across speakers; may stay empty */
    /* NULL, or called with the name of the current task and the number of computed distances. */
    void (*progress)(void *context, const char *what, uint64_t done, uint64_t n);
    void *context;
    uint32_t rank, n_rank; /* as in struct abx_task */
    /* NULL, or called with the cells of each measure. */
    bool (*cells)(void *context, enum abx_measure measure, const struct abx_cells *cells,
                  struct failure *failure);
    void *cells_context;
};

/* NaN: undefined, or not requested. */
struct abx_scores {
    uint64_t items, skipped; /* skipped: without a frame in the units or features */
    enum frame_distance distance;
    uint32_t max_size, max_x;
    double within_speaker_within_context, across_speaker_within_context;
    double within_speaker_any_context, across_speaker_any_context;
    bool has_any_context;
};

bool abx_of_units(const struct item_list *items, const struct unit_set *units,
                  const struct abx_options *options, struct abx_scores *scores,
                  struct failure *failure);
bool abx_of_features(const struct item_list *items, const struct feature_set *features,
                     uint32_t hop_samples, uint32_t rate_hz, const struct abx_options *options,
                     struct abx_scores *scores, struct failure *failure);

#endif
