/* SPDX-License-Identifier: MIT */
/* Options of `voq eval`. */
#ifndef VOQ_TOOLS_EVAL_OPTIONS_H
#define VOQ_TOOLS_EVAL_OPTIONS_H

#include "tools/cli/options.h"
#include "tools/command/shard_rank.h"
#include "tools/eval/audio_change.h"

struct eval_options {
    const char *command; /* for messages: "eval", or "report", which measures the same */
    const char *units, *phones, *items, *features, *changed, *speakers, *tier;
    const char *format;
    uint32_t hop, rate, codes; /* 0: not stated */
    uint32_t grid;         /* 0: not stated */
    uint32_t upsample, pad, tolerance_ms;
    uint32_t distance; /* enum frame_distance */
    uint32_t max_size, max_x;
    uint32_t bootstrap, cpu;
    uint64_t seed;
    bool any_context;
    const char *robustness, *snr;
    bool json, per_phone, per_unit;
    const char *output, *matrix;
    const char *shard;
    struct shard part; /* what --shard says; n 0: all */
    bool merge;
    uint32_t jobs;
    bool strict, quiet;
    struct options_given given;
};

extern const struct option_table eval_option_table;

void eval_options_default(struct eval_options *options);

/* The changes of --robustness: noise at the levels of --snr ("20,10,5,0"), gain, other rates,
   rooms. The caller frees *change. */
bool eval_options_changes(const struct eval_options *options, const struct samples *noise,
                          size_t n_noise, struct audio_change **change, size_t *n_change,
                          struct failure *failure);

#endif
