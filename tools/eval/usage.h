/* SPDX-License-Identifier: MIT */
/* How a stream of units uses its codebook: entropy, perplexity, runs and the four bitrates. */
#ifndef VOQ_TOOLS_USAGE_H
#define VOQ_TOOLS_USAGE_H

#include "tools/eval/unit_set.h"

/* Member names are the names of the metrics. NaN: undefined. With frames 0 nothing else counts. */
struct usage {
    uint64_t frames, lost_frames; /* with a unit; without one, which count nowhere else */
    double seconds; /* frames * hop / rate; undefined where units have no time, as the rates are */
    double codes;   /* all tuples of ids, with several codebooks; may exceed 2^64 */
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

/* Of one codebook, counted from 0, or of the tuples of all. */
bool usage_measure(const struct unit_set *set, uint32_t codebook, struct usage *usage,
                   struct failure *failure);

#endif
