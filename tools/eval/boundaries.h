/* SPDX-License-Identifier: MIT */
/* Boundary scores: how well unit changes coincide with phone boundaries. */
#ifndef VOQ_TOOLS_BOUNDARIES_H
#define VOQ_TOOLS_BOUNDARIES_H

#include "tools/eval/alignment.h"
#include "tools/eval/unit_set.h"

/* Member names are the names of the metrics. NaN: undefined. With ref 0 only the counts count. */
struct boundary_scores {
    uint64_t ref, hyp;         /* boundaries of the phones, of the units */
    uint64_t hit_hyp, hit_ref; /* within the tolerance of one of the other kind */
    double precision, recall, f1, over_segmentation, r_value;
};

struct boundaries {
    struct boundary_scores strict;  /* one-to-one: the number to quote */
    struct boundary_scores lenient; /* one boundary may serve several */
};

/* Measures the utterances that are in both. With speech_only, unit changes inside silence are not
   counted, except within the tolerance of its ends. */
bool boundaries_measure(const struct unit_set *units, const struct alignment *phones,
                        int64_t tolerance_us, bool speech_only, struct boundaries *boundaries,
                        struct failure *failure);

/* The largest number of disjoint pairs of a[n_a] and b[n_b], both ascending, that are at most the
   tolerance apart. */
uint64_t match_strict(const int64_t *a, size_t n_a, const int64_t *b, size_t n_b,
                      int64_t tolerance_us);

/* The number of a[n_a] that have one of b[n_b] within the tolerance. */
uint64_t match_lenient(const int64_t *a, size_t n_a, const int64_t *b, size_t n_b,
                       int64_t tolerance_us);

#endif
