/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strsep */
#include "tools/command/eval_options.h"

#include "tools/base/number.h"
#include "tools/command/format_rows.h"
#include "tools/eval/frame_distance.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct eval_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Input"),
    {OPTION_TEXT, 'u', "units", "FILE", AT(units),
     "Units in any format that voq writes: a file, or a folder of .npy or .TextGrid files.",
     .role = OPTION_READS},
    {OPTION_TEXT, 'p', "phones", "FILE", AT(phones),
     "Phones: a CTM, a TextGrid or a folder of them, or lines \"UTTERANCE TAB LABEL,LABEL,...\" "
     "with one label per 10 ms. Default: phones.ctm in the CORPUS.", .role = OPTION_READS},
    {OPTION_TEXT, 'i', "items", "FILE", AT(items),
     "ABX items. Default: the .item file in the CORPUS.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "features", "FILE", AT(features),
     "Also compute ABX on these features: .npy, a folder of them, or a Kaldi archive.",
     .role = OPTION_READS},
    {OPTION_TEXT, 0, "changed", "FILE", AT(changed),
     "Units of the same utterances after their audio was changed; adds the unit edit distance.",
     .role = OPTION_READS},
    OPTION_ROW_SPEAKERS(AT(speakers), "Default: the name up to the first '-'."),
    {OPTION_TEXT, 0, "tier", "NAME", AT(tier),
     "Interval tier of TextGrids (default: phones, else phone)."},

    HEADING("If the unit file does not state it"),
    FORMAT_ROW_FROM(AT(format), ""),
    {OPTION_U32, 0, "hop", "N", AT(hop), "Samples per unit (default: 160).", NULL, 1, 16384},
    {OPTION_U32, 0, "rate", "HZ", AT(rate), "Sampling rate (default: 16000).", NULL, 1, 16000000},
    {OPTION_U32, 0, "codes", "K", AT(codes),
     "Number of codes (default: the highest unit + 1).", NULL, 1, 4294967295.0},

    HEADING("Measurement"),
    {OPTION_U32, 0, "grid", "US", AT(grid),
     "Pair units and phones as HuBERT does: one label every US microseconds (10000), units "
     "repeated to match, the longer side cut.", NULL, 1, 10000000},
    {OPTION_U32, 0, "upsample", "N", AT(upsample),
     "With --grid: repeat each unit N times (default: hop / grid).", NULL, 1, 10000},
    {OPTION_U32, 0, "pad", "N", AT(pad),
     "With --grid: first repeat the first and the last unit N times.", NULL, 0, 10000},
    {OPTION_U32, 0, "tolerance", "MS", AT(tolerance_ms),
     "Largest distance of matching boundaries (default: 20).", NULL, 0, 10000},
    {OPTION_CHOICE, 0, "distance", "NAME", AT(distance),
     "Distance of features in ABX: angular (default), euclidean or kl_symmetric.",
     "angular|euclidean|kl_symmetric"},
    {OPTION_FLAG, 0, "any-context", NULL, AT(any_context),
     "Also compute ABX without regard to context, on many more pairs."},
    {OPTION_U32, 0, "max-size", "N", AT(max_size),
     "ABX: use at most the first N tokens on each side of a cell (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "max-x", "N", AT(max_x),
     "ABX across speakers: use at most the first N speakers of x (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "bootstrap", "N", AT(bootstrap),
     "Draws of utterances for the 95 % intervals of PNMI and ABX (default: 1000); 0: no intervals.",
     NULL, 0, 1000000},
    {OPTION_U64, 0, "seed", "S", AT(seed), "Random seed of these draws (default: 1)."},
    {OPTION_TEXT, 0, "robustness", "DIR", AT(robustness),
     "Encode the CORPUS again with noise from DIR, at other levels, at other rates and in "
     "rooms, and compare the units.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "snr", "DB,DB,...", AT(snr),
     "Signal-to-noise ratios for --robustness (default: 20,10,5,0)."},

    HEADING("Output"),
    OPTION_ROW_JSON(AT(json), "one object with every number in full"),
    {OPTION_FLAG, 0, "per-phone", NULL, AT(per_phone), "Also print one line per phone."},
    {OPTION_FLAG, 0, "per-unit", NULL, AT(per_unit), "Also print one line per unit."},
    {OPTION_TEXT, 0, "matrix", "FILE", AT(matrix),
     "Write the counts of phones and units as tab-separated text.", .role = OPTION_WRITES},
    {OPTION_TEXT, 'o', "output", "FILE", AT(output), "Output file (default: standard output).",
     .role = OPTION_WRITES},

    HEADING("Shards"),
    {OPTION_TEXT, 0, "shard", "I/N", AT(shard),
     "Do shard I of N of the work, counted from 0, and write it to FILE for --merge; \"auto/N\": I "
     "is the rank that SLURM or MPI gave this process."},
    {OPTION_FLAG, 0, "merge", NULL, AT(merge),
     "The arguments are all files that --shard wrote: print the report of one process."},

    HEADING("Running"),
    OPTION_ROW_JOBS(AT(jobs)),
    OPTION_ROW_CPU(AT(cpu)),
    OPTION_ROW_STRICT(AT(strict)),
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table eval_option_table = {
    .command = "eval",
    .operands = "[OPTION]... --units FILE --phones FILE\n"
                "       voq eval [OPTION]... MODEL... CORPUS...\n"
                "       voq eval [OPTION]... --merge FILE...",
    .about = "Measures how phoneme-like units are: purity, PNMI, boundaries, usage and bitrates, "
             "speaker information, ABX. Reads a unit file, or encodes a corpus with one or more "
             "models and compares them; phones.ctm and the .item file are then read from the "
             "folder of the corpus. A model after the first must end in .voq or have the name of "
             "a shipped model.",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 3 some inputs failed\n"
             "or no utterance has both units and phones, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq eval --units dev.gslm --phones phones.ctm --hop 320\n"
             "  voq eval mfcc-100 librispeech-dev\n"
             "  voq eval phone-256 lda-500 mine.voq librispeech-dev\n"
             "  voq eval --json --robustness noises mfcc-100 librispeech-dev\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

void eval_options_default(struct eval_options *options)
{
    *options = (struct eval_options){
        .command = "eval", .output = "-", .tolerance_ms = 20, .distance = DISTANCE_ANGULAR,
        .bootstrap = 1000, .cpu = VOQ_CPU_AUTO, .seed = 1};
}

/* Splits the list in place. */
static bool parse_levels(char *list, const struct samples *noise, size_t n_noise,
                         struct audio_change *change, size_t *n_change, struct failure *failure)
{
    char *rest = list;
    for (char *level; (level = strsep(&rest, ","));) {
        double snr_db;
        if (!parse_double(level, &snr_db))
            return fail(failure, EXIT_USAGE, "--snr: '%s' is not a number of dB", level);
        change[(*n_change)++] = (struct audio_change){CHANGE_NOISE, snr_db, noise, n_noise};
    }
    return true;
}

bool eval_options_changes(const struct eval_options *options, const struct samples *noise,
                          size_t n_noise, struct audio_change **change, size_t *n_change,
                          struct failure *failure)
{
    static const struct audio_change fixed[] = {
        {CHANGE_GAIN, -20, NULL, 0},   {CHANGE_GAIN, 6, NULL, 0},   {CHANGE_RATE, 8000, NULL, 0},
        {CHANGE_RATE, 44100, NULL, 0}, {CHANGE_ROOM, 0.3, NULL, 0}, {CHANGE_ROOM, 0.6, NULL, 0}};
    static const size_t n_fixed = sizeof fixed / sizeof *fixed;
    char *list = strdup(options->snr ? options->snr : "20,10,5,0");
    *n_change = 0;
    *change = list ? calloc(strlen(list) + 1 + n_fixed, sizeof **change) : NULL;
    bool good = *change ? parse_levels(list, noise, n_noise, *change, n_change, failure)
                        : fail_memory(failure);
    free(list);
    if (!good) {
        free(*change);
        *change = NULL;
        return false;
    }
    memcpy(*change + *n_change, fixed, sizeof fixed);
    *n_change += n_fixed;
    return true;
}
