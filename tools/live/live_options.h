/* SPDX-License-Identifier: MIT */
/* The options of `voq live`. */
#ifndef VOQ_TOOLS_LIVE_OPTIONS_H
#define VOQ_TOOLS_LIVE_OPTIONS_H

#include "tools/cli/options.h"

struct live_options {
    const char *model;
    uint32_t cpu;
    const char *device;
    bool list_devices;
    uint32_t channel; /* counts from 1; 0: the mean */
    double gain_db;
    double latency_ms;
    bool once, fallback;
    const char *format; /* NULL: not given */
    bool dedup, labels;
    const char *name;
    const char *record;
    double duration_s; /* 0: until interrupted */
    bool stats, json, plain, quiet;
    struct options_given given;
};

extern const struct option_table live_option_table;

void live_options_default(struct live_options *options);

/* Rejects combinations that make no sense. */
bool live_options_check(const struct live_options *options, size_t n_operand,
                        struct failure *failure);

/* Rejects --labels where nothing shows them. is_shown: the view is. */
bool live_options_check_labels(const struct live_options *options, bool is_shown,
                               struct failure *failure);

#endif
