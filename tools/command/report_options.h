/* SPDX-License-Identifier: MIT */
/* Options of `voq report`. */
#ifndef VOQ_TOOLS_REPORT_OPTIONS_H
#define VOQ_TOOLS_REPORT_OPTIONS_H

#include "tools/command/eval_sources.h"

struct report_command_options {
    struct eval_options eval; /* of the measurements, which are those of voq eval */
    const char *words;
    struct option_texts utterance, log;
    uint32_t number;
    bool audio;
    struct options_given given;
};

extern const struct option_table report_option_table;

void report_options_default(struct report_command_options *options);

/* No option is silently ignored: EXIT_USAGE names one that has no effect on these sources. */
bool report_options_fit(const struct report_command_options *options,
                        const struct eval_sources *sources, struct failure *failure);

#endif
