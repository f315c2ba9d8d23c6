/* SPDX-License-Identifier: MIT */
/* The options of `voq decode`. */
#ifndef VOQ_TOOLS_DECODE_H
#define VOQ_TOOLS_DECODE_H

#include "tools/command/convert.h"
#include "tools/cli/options.h"

struct decode_options {
    const char *model, *output, *format, *scp;
    bool features, text, name_escape;
    const char *from, *tsv, *durations_file;
    uint32_t npy_axes;
    bool quiet;
    struct options_given given;
};

extern const struct option_table decode_option_table;

/* Check that the given options apply to the output and to the inputs; otherwise EXIT_USAGE. */
bool decode_fit_output(const struct decode_options *options, const struct feature_format *to,
                       struct failure *failure);
bool decode_fit_inputs(const struct decode_options *options, const struct unit_facets *from,
                       struct failure *failure);

#endif
