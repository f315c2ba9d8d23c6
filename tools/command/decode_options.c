/* SPDX-License-Identifier: MIT */
#include "tools/command/decode.h"

#include "tools/command/format_fit.h"
#include "tools/command/format_rows.h"
#include "tools/cli/option_fit.h"

#define AT(member) offsetof(struct decode_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Model"),
    OPTION_ROW_MODEL(AT(model)),

    HEADING("Input"),
    FORMAT_ROW_FROM(AT(from), ""),
    FORMAT_ROW_TSV(AT(tsv), "km, units"),
    FORMAT_ROW_DURATIONS_FILE(AT(durations_file)),
    FORMAT_ROW_NPY_AXES(AT(npy_axes)),

    HEADING("Output"),
    {OPTION_FLAG, 0, "features", NULL, AT(features),
     "Write what the model's decoder reconstructs: the vectors that entered the encoder. For "
     "models of voq train --encoder --objective vqvae.", NULL},
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "Output file, or folder for .npy, one file per utterance. Default, and \"-\": standard "
     "output.",
     .role = OPTION_WRITES},
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "npy: float32 [frame][dim]; ark: Kaldi matrices. Default: by the suffix of OUT, else npy.",
     "npy|ark"},
    FORMAT_ROW_SCP(AT(scp)),
    FORMAT_ROW_TEXT(AT(text)),
    FORMAT_ROW_NAME_ESCAPE(AT(name_escape)),

    HEADING("Running"),
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table decode_option_table = {
    .command = "decode",
    .operands = "[OPTION]... UNITS...",
    .about = "Reads units and writes vectors: for each frame the codeword of its unit, or with "
             "several codebooks the sum of its codewords. The vectors approximate those of voq "
             "encode --features. The model must be the one that made the units.",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 3 the units cannot be\n"
             "read or are not those of the model, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq decode units.gslm -o folder\n"
             "  voq decode a.jsonl -m mfcc-100 -o a.npy\n"
             "  voq decode train.km --tsv train.tsv -f ark -o train.ark --scp train.scp\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

bool decode_fit_output(const struct decode_options *options, const struct feature_format *to,
                       struct failure *failure)
{
    return format_fit(&decode_option_table, options, NULL, to, failure);
}

bool decode_fit_inputs(const struct decode_options *options, const struct unit_facets *from,
                       struct failure *failure)
{
    char why[192];
    snprintf(why, sizeof why, "has no effect on units of format %s; leave it out", from->name);
    const struct option_rule rule[] = {
        {"tsv", from->is_nameless, why},
        {"durations-file", from->options & READER_DURATIONS, why},
        {"npy-axes", from->options & READER_AXES, why},
    };
    return option_fit(&decode_option_table, options, rule, sizeof rule / sizeof *rule, failure);
}
