/* SPDX-License-Identifier: MIT */
/* The options of `voq encode`. */
#ifndef VOQ_TOOLS_ENCODE_OPTIONS_H
#define VOQ_TOOLS_ENCODE_OPTIONS_H

#include "tools/audio/audio.h"
#include "tools/cli/options.h"

enum { NAMES_STEM = 0, NAMES_PATH = 1 }; /* choices of --names */

struct encode_options {
    /* model */
    const char *model;
    const char *profile;
    struct option_texts set; /* "key=value" */
    bool features, utterance_mean;
    uint32_t cpu;
    /* output */
    const char *format, *output;
    bool dedup, durations, text, labels, name_escape;
    const char *scp, *dict, *tsv, *split, *distances;
    uint32_t npy_type, rank, n_shard; /* n_shard 0: not divided */
    const char *shard;
    bool balance;
    /* input */
    const char *channel, *raw_encoding;
    uint32_t rate_hz, channels;
    bool force_raw;
    uint32_t names;
    const char *name, *segments, *speakers;
    bool allow_pipes;
    /* running */
    uint32_t jobs;
    bool strict, resume, quiet;
    struct options_given given;
};

extern const struct option_table encode_option_table;

void encode_options_default(struct encode_options *options);

/* Reads --channel and --raw. *channel is as in struct audio_request, or ENCODE_CHANNEL_ALL.
   raw->rate_hz is 0 without --raw. */
#define ENCODE_CHANNEL_ALL (-2)
bool encode_options_check(const struct encode_options *options, int *channel,
                          struct audio_raw *raw, struct failure *failure);

/* Reads --shard into rank and n_shard, which --rank and --nshard set too. *variable is as in
   shard_parse. */
bool encode_options_shard(struct encode_options *options, const char **variable,
                          struct failure *failure);

#endif
