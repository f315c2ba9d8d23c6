/* SPDX-License-Identifier: MIT */
#include "tools/command/decode.h"

#include "tools/command/format_fit.h"
#include "tools/cli/model_lookup.h"
#include "tools/cli/option_fit.h"
#include "tools/formats/unit_reader.h"

#define AT(member) offsetof(struct decode_options, member)
#define HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

static const struct option_row rows[] = {
    HEADING("What the units are"),
    {OPTION_TEXT, 'm', "model", "MODEL", AT(model),
     "The model that made the units: a path, or a name that is looked for in $VOQ_MODELS and "
     "among the shipped models (default: " MODEL_DEFAULT ").", .role = OPTION_READS},
    {OPTION_TEXT, 0, "from", "FORMAT", AT(from),
     "Format of the input. Default: by suffix, then by content.",
     "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid"},
    {OPTION_TEXT, 0, "tsv", "FILE", AT(tsv),
     "Names for km and units: the manifest in whose order they are.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "durations-file", "FILE", AT(durations_file),
     "units, units-names: frames per unit. Default: IN.durations, where it is.",
     .role = OPTION_READS},
    {OPTION_CHOICE, 0, "npy-axes", "ORDER", AT(npy_axes),
     "2-D arrays are time by codebook, tq (default), or codebook by time, qt.", NPY_AXES_CHOICES},

    HEADING("What comes out"),
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "A file, or the folder of .npy files, one per utterance. Default, and \"-\": standard output.",
     .role = OPTION_WRITES},
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "npy: float32 [frame][dim]; ark: Kaldi matrices. Default: by the suffix of OUT, else npy.",
     "npy|ark"},
    {OPTION_TEXT, 0, "scp", "FILE", AT(scp), "ark: also write the table of offsets.",
     .role = OPTION_WRITES},
    {OPTION_FLAG, 0, "text", NULL, AT(text), "ark: as text."},
    {OPTION_FLAG, 0, "name-escape", NULL, AT(name_escape),
     "Write bytes that the format forbids in a name as %XX."},

    HEADING("How it runs"),
    {OPTION_FLAG, 'q', "quiet", NULL, AT(quiet), "Errors only."},
};

const struct option_table decode_option_table = {
    .command = "decode",
    .operands = "[OPTION]... UNITS...",
    .about = "Units in, vectors out: for each frame the codeword of its unit; with several "
             "codebooks, the sum of its codewords. The vectors are features as the model "
             "quantizes them, so they are close to those of voq encode --features.",
    .notes = "Exit codes: 0 fine, 2 wrong usage or unusable model, 3 the units cannot be read\n"
             "or are not those of the model, 5 the output failed.\n"
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
