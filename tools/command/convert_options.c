/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include "tools/command/format_rows.h"

#include <stddef.h>

#define AT(member) offsetof(struct convert_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Input"),
    {OPTION_FLAG, 0, "features", NULL, AT(features),
     "The inputs are feature vectors: .npy [frame][dim], Kaldi matrices, fairseq shards."},
    FORMAT_ROW_FROM(AT(from), "|hubert"),
    {OPTION_U32, 0, "hop", "SAMPLES", AT(hop), "Samples per frame, if the file does not state it.",
     NULL, 1, 1 << 30},
    {OPTION_U32, 0, "rate", "HZ", AT(rate), "Sampling rate, if the file does not state it.", NULL,
     1, 1 << 30},
    {OPTION_U32, 0, "codes", "K", AT(codes),
     "Number of codes, if the file does not state it. Ids of K and above are errors.", NULL, 1,
     2147483647},
    FORMAT_ROW_TSV(AT(tsv), "km, units, hubert"),
    FORMAT_ROW_DURATIONS_FILE(AT(durations_file)),
    {OPTION_FLAG, 0, "frames", NULL, AT(frames),
     "Read each unit as one frame, even if no unit is ever repeated."},
    FORMAT_ROW_NPY_AXES(AT(npy_axes)),
    {OPTION_FLAG, 0, "lenient", NULL, AT(lenient), "gslm: accept double and trailing blanks."},
    {OPTION_FLAG, 0, "allow-special", NULL, AT(allow_special),
     "units: with --codes K, drop the ids K and K+1 (begin and end)."},

    HEADING("Output"),
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "Output file, or folder for formats with one file per utterance. Default, and \"-\": standard "
     "output. For a codebook the suffix selects .voq, .npy or .h.", .role = OPTION_WRITES},
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "Units: gslm, km, units, units-names, npy, ark, jsonl, ctm, textgrid, fileid. Features: "
     "npy, ark, hubert. Default: by the suffix of OUT, else gslm or npy.", UNIT_FORMATS "|hubert"},
    OPTION_ROW_DEDUP(AT(dedup)),
    FORMAT_ROW_DURATIONS(AT(durations)),
    FORMAT_ROW_DICT(AT(dict)),
    FORMAT_ROW_SCP(AT(scp)),
    FORMAT_ROW_TEXT(AT(text)),
    FORMAT_ROW_NPY_TYPE(AT(npy_type)),
    FORMAT_ROW_LABELS(AT(labels)),
    {OPTION_TEXT, 'm', "model", "MODEL", AT(model),
     "With --labels: the model that made the units; it also states their hop and rate.",
     .role = OPTION_READS},
    FORMAT_ROW_NAME_ESCAPE(AT(name_escape)),
    {OPTION_TEXT, 0, "split", "NAME", AT(split), "hubert: name of the shard (default: train)."},
    {OPTION_U32, 0, "rank", "N", AT(rank), "hubert: number of this shard, counted from 0.", NULL, 0,
     65535},
    {OPTION_U32, 0, "nshard", "N", AT(n_shard), "hubert: number of shards (default: 1).", NULL, 1,
     65536},

    HEADING("Codebooks"),
    {OPTION_U32, 0, "codebook", "N", AT(codebook),
     "Convert only codebook N of several, counted from 1.", NULL, 1, 65536},
    {OPTION_TEXT, 0, "frontend", "MODEL", AT(frontend),
     "For .voq: the model whose features the codebook was trained on. Without it the result is a "
     "model of vectors.", .role = OPTION_READS},
    {OPTION_FLAG, 0, "transpose", NULL, AT(transpose),
     "From .npy: the array is [dim][K], or [codebook][dim][K]."},
    {OPTION_TEXT, 0, "symbol", "NAME", AT(symbol),
     "For .h: name of the array (default: codebook)."},

    HEADING("Networks"),
    {OPTION_TEXT, 0, "encoder", "LAYERS", AT(encoder),
     "The layers of the network in a .safetensors file: \"conv 256 5 right 2; gru 192; latent "
     "64\", or default. --frontend is then a profile (default: encoder) or a model."},
    {OPTION_TEXT, 0, "calibrate", "CORPUS", AT(calibrate),
     "Speech that shows the range of each convolution's outputs: up to 60 recordings are used.",
     .role = OPTION_READS},

    HEADING("Running"),
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table convert_option_table = {
    .command = "convert",
    .operands = "[OPTION]... IN...",
    .about = "Converts unit and feature files to another format and reports what that format "
             "cannot store. Also converts codebooks: it reads models (by name or path), .npy and "
             "scikit-learn's km.bin (without running it), and writes .voq, .npy and C headers. "
             "Makes a model of an encoder's float weights (.safetensors).",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 3 the input cannot be\n"
             "read or the format cannot store it, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq convert units.gslm -o train.km\n"
             "  voq convert units.jsonl -f textgrid -o textgrids\n"
             "  voq convert --features feats.scp -o folder\n"
             "  voq convert km.bin --frontend mfcc-100 -o km.voq\n"
             "  voq convert mfcc-100 -o codewords.npy\n"
             "  voq convert net.safetensors --encoder default --calibrate speech/ -o net.voq\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};
