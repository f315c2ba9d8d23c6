/* SPDX-License-Identifier: MIT */
/* Unit edit distance (UED): how much the deduplicated units change when the audio is changed. */
#ifndef VOQ_TOOLS_EDIT_DISTANCE_H
#define VOQ_TOOLS_EDIT_DISTANCE_H

#include "tools/eval/unit_set.h"

struct edit_distance {
    uint64_t utterances; /* in both sets, with at least one clean unit */
    double ued_mean;     /* 100 * mean over utterances of distance / clean runs; NaN: none */
    double ued_pooled;   /* 100 * sum of distances / sum of clean runs; NaN: none */
};

/* The least number of insertions, deletions and substitutions from a[n_a][width] to b[n_b][width];
   row has room for n_b + 1. */
uint64_t levenshtein(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b, uint32_t width,
                     uint64_t *row);

/* Frames of several codebooks are equal if all ids are. EXIT_INPUT if the sets differ in the number
   of codebooks. */
bool edit_distance_measure(const struct unit_set *clean, const struct unit_set *changed,
                           struct edit_distance *result, struct failure *failure);

#endif
