/* SPDX-License-Identifier: MIT */
/* How a stream of units uses its codebook: entropy, perplexity, runs and the four bitrates. */
#ifndef VOQ_TOOLS_USAGE_H
#define VOQ_TOOLS_USAGE_H

#include "tools/eval/unit_set.h"

/* Member names are the names of the metrics. NaN: undefined. With frames 0 nothing else counts. */
struct usage {
    uint64_t frames, lost_frames; /* with a unit; without one (ignored elsewhere) */
    double seconds; /* frames * hop / rate; like the rates, undefined for units without time */
    double codes;   /* with several codebooks the possible tuples; may exceed 2^64 */
    uint32_t codes_used;
    double codes_dead;
    double entropy_bits, perplexity, entropy_dedup_bits, conditional_entropy_bits;
    uint64_t runs;
    double mean_run_frames, runs_per_second;
    double bitrate_frame, bitrate_dedup, bitrate_nominal, bitrate_nominal_dedup;
    /* The four bitrates per frame, not per second. */
    double bits_frame, bits_dedup, bits_nominal, bits_nominal_dedup;
};

#define USAGE_JOINT UINT32_MAX

/* Measures one codebook, counted from 0, or with USAGE_JOINT the tuples of all codebooks. */
bool usage_measure(const struct unit_set *set, uint32_t codebook, struct usage *usage,
                   struct failure *failure);

#endif
