/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include <stddef.h>

#define AT(member) offsetof(struct convert_options, member)
#define HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

static const struct option_row rows[] = {
    HEADING("What comes out"),
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "A file, or the folder of formats with a file per utterance. Default, and \"-\": standard "
     "output. A codebook becomes what the suffix says: .voq, .npy or .h.", .role = OPTION_WRITES},
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "Units: gslm, km, units, units-names, npy, ark, jsonl, ctm, textgrid, fileid. Features: "
     "npy, ark, hubert. Default: by the suffix of OUT, else gslm or npy.",
     "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid|hubert"},
    {OPTION_FLAG, 0, "dedup", NULL, AT(dedup), "One unit for each run of equal units."},
    {OPTION_FLAG, 0, "durations", NULL, AT(durations),
     "units, units-names: frames per unit into OUT.durations; fileid: beside the units."},
    {OPTION_TEXT, 0, "dict", "FILE", AT(dict), "km: also write fairseq's dictionary of units.",
     .role = OPTION_WRITES},
    {OPTION_TEXT, 0, "scp", "FILE", AT(scp), "ark: also write the table of offsets.",
     .role = OPTION_WRITES},
    {OPTION_FLAG, 0, "text", NULL, AT(text), "ark: as text."},
    {OPTION_CHOICE, 0, "npy-type", "TYPE", AT(npy_type), "npy: i4 (default), i8, i2 or u2.",
     NPY_TYPE_CHOICES},
    {OPTION_U32, 0, "codebook", "N", AT(codebook),
     "Of several codebooks only the Nth, counted from 1.", NULL, 1, 65536},
    {OPTION_FLAG, 0, "name-escape", NULL, AT(name_escape),
     "Write bytes that the format forbids in a name as %XX."},

    {OPTION_TEXT, 0, "split", "NAME", AT(split), "hubert: name of the shard (default: train)."},
    {OPTION_U32, 0, "rank", "N", AT(rank), "hubert: this shard, from 0.", NULL, 0, 65535},
    {OPTION_U32, 0, "nshard", "N", AT(n_shard), "hubert: number of shards (default: 1).", NULL, 1,
     65536},

    HEADING("What goes in"),
    {OPTION_FLAG, 0, "features", NULL, AT(features),
     "The inputs are feature vectors: .npy [frame][dim], Kaldi matrices, fairseq shards."},
    {OPTION_TEXT, 0, "from", "FORMAT", AT(from),
     "Format of the input. Default: by suffix, then by content.",
     "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid|hubert"},
    {OPTION_U32, 0, "hop", "SAMPLES", AT(hop), "Samples per frame, where the file does not say.",
     NULL, 1, 1 << 30},
    {OPTION_U32, 0, "rate", "HZ", AT(rate), "Sampling rate, where the file does not say.", NULL, 1,
     1 << 30},
    {OPTION_U32, 0, "codes", "K", AT(codes),
     "Number of codes, where the file does not say. Ids beyond are errors.", NULL, 1, 2147483647},
    {OPTION_TEXT, 0, "tsv", "FILE", AT(tsv),
     "Names for km, units and hubert: the manifest in whose order they are.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "durations-file", "FILE", AT(durations_file),
     "units, units-names: frames per unit. Default: IN.durations, where it is.",
     .role = OPTION_READS},
    {OPTION_FLAG, 0, "frames", NULL, AT(frames),
     "Each unit is one frame, even if none is ever repeated."},
    {OPTION_CHOICE, 0, "npy-axes", "ORDER", AT(npy_axes),
     "2-D arrays are time by codebook, tq (default), or codebook by time, qt.", NPY_AXES_CHOICES},
    {OPTION_FLAG, 0, "lenient", NULL, AT(lenient), "gslm: double and trailing blanks are fine."},
    {OPTION_FLAG, 0, "allow-special", NULL, AT(allow_special),
     "units: with --codes K, drop the ids K and K+1 (begin and end)."},

    HEADING("Codebooks"),
    {OPTION_TEXT, 0, "frontend", "MODEL", AT(frontend),
     "To .voq: the model whose features the codebook was made of. Without: a model of vectors.",
     .role = OPTION_READS},
    {OPTION_FLAG, 0, "transpose", NULL, AT(transpose),
     "From .npy: the array is [dim][K], or [codebook][dim][K]."},
    {OPTION_TEXT, 0, "symbol", "NAME", AT(symbol), "To .h: the array's name (default: codebook)."},

    HEADING("How it runs"),
    {OPTION_FLAG, 'q', "quiet", NULL, AT(quiet), "Errors only."},
};

const struct option_table convert_option_table = {
    .command = "convert",
    .operands = "[OPTION]... IN...",
    .about = "Writes unit and feature files in another format, and says what that format "
             "cannot hold. Reads and writes codebooks: models by name or path, km.bin "
             "(scikit-learn, not run), .npy, .voq; C headers.",
    .notes = "Exit codes: 0 fine, 2 wrong usage or unusable model, 3 the input cannot be\n"
             "read or cannot be held by the format, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq convert units.gslm -o train.km\n"
             "  voq convert units.jsonl -f textgrid -o textgrids\n"
             "  voq convert --features feats.scp -o folder\n"
             "  voq convert km.bin --frontend mfcc-100 -o km.voq\n"
             "  voq convert mfcc-100 -o codewords.npy\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};
