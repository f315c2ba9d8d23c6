/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* strsep */
#include "tools/command/eval_options.h"

#include "tools/base/number.h"
#include "tools/base/parallel.h"
#include "tools/cli/model_lookup.h"
#include "tools/eval/frame_distance.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct eval_options, member)
#define HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

static const struct option_row rows[] = {
    HEADING("What is compared"),
    {OPTION_TEXT, 'u', "units", "FILE", AT(units),
     "Units, in any format that voq writes: a file, or a folder of .npy or .TextGrid.",
     .role = OPTION_READS},
    {OPTION_TEXT, 'p', "phones", "FILE", AT(phones),
     "Phones: a CTM, a TextGrid or a folder of them, or lines \"utterance TAB label,label\" every "
     "10 ms. Of a CORPUS: its phones.ctm.", .role = OPTION_READS},
    {OPTION_TEXT, 'i', "items", "FILE", AT(items),
     "ABX items. Of a CORPUS: its .item file.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "features", "FILE", AT(features),
     "ABX also on these features: .npy, a folder of them, or a Kaldi archive.",
     .role = OPTION_READS},
    {OPTION_TEXT, 0, "changed", "FILE", AT(changed),
     "Units of the same utterances after their audio was changed: edit distance.",
     .role = OPTION_READS},
    {OPTION_TEXT, 0, "speakers", "FILE", AT(speakers),
     "Lines \"utterance speaker\". Default: the name up to the first '-'.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "tier", "NAME", AT(tier),
     "Interval tier of TextGrids (default: phones, else phone)."},

    HEADING("What a unit file does not say"),
    {OPTION_TEXT, 0, "from", "FORMAT", AT(format),
     "Its format (default: by suffix, then by content).",
     "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid"},
    {OPTION_U32, 0, "hop", "N", AT(hop), "Samples a unit (default: 160).", NULL, 1, 16384},
    {OPTION_U32, 0, "rate", "HZ", AT(rate), "Samples a second (default: 16000).", NULL, 1,
     16000000},
    {OPTION_U32, 0, "codes", "K", AT(codes),
     "Size of the codebook (default: the highest unit + 1).", NULL, 1, 4294967295.0},

    HEADING("How it is measured"),
    {OPTION_U32, 0, "grid", "US", AT(grid),
     "HuBERT's pairing: labels every US microseconds (10000), units repeated onto them, the longer "
     "side cut.", NULL, 1, 10000000},
    {OPTION_U32, 0, "upsample", "N", AT(upsample),
     "With --grid: repeat each unit N times (default: hop / grid).", NULL, 1, 10000},
    {OPTION_U32, 0, "pad", "N", AT(pad),
     "With --grid: repeat the first and last unit N times before that.", NULL, 0, 10000},
    {OPTION_U32, 0, "tolerance", "MS", AT(tolerance_ms), "Of boundaries (default: 20).", NULL, 0,
     10000},
    {OPTION_CHOICE, 0, "distance", "NAME", AT(distance),
     "ABX of features: angular (default), euclidean or kl_symmetric.",
     "angular|euclidean|kl_symmetric"},
    {OPTION_FLAG, 0, "any-context", NULL, AT(any_context),
     "ABX also without regard to context: many more pairs."},
    {OPTION_U32, 0, "max-size", "N", AT(max_size),
     "ABX: at most the first N tokens on each side of a cell (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "max-x", "N", AT(max_x),
     "ABX across speakers: at most the first N speakers of x (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "bootstrap", "N", AT(bootstrap),
     "Draws of utterances for the 95 % intervals of PNMI and ABX (default: 1000); 0: none.", NULL,
     0, 1000000},
    {OPTION_U64, 0, "seed", "S", AT(seed), "Of those draws (default: 1)."},
    {OPTION_TEXT, 0, "robustness", "DIR", AT(robustness),
     "Encode the CORPUS again with noise from DIR, at other levels, through other rates, and in "
     "rooms; compare the units.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "snr", "DB,DB,...", AT(snr),
     "Speech over noise, for --robustness (default: 20,10,5,0)."},

    HEADING("What comes out"),
    {OPTION_FLAG, 0, "json", NULL, AT(json), "One JSON object, with every number in full."},
    {OPTION_FLAG, 0, "per-phone", NULL, AT(per_phone), "Also one line per phone."},
    {OPTION_FLAG, 0, "per-unit", NULL, AT(per_unit), "Also one line per unit."},
    {OPTION_TEXT, 0, "matrix", "FILE", AT(matrix),
     "The counts of phones and units, as tab-separated text.", .role = OPTION_WRITES},
    {OPTION_TEXT, 'o', "output", "FILE", AT(output), "Instead of standard output.",
     .role = OPTION_WRITES},

    HEADING("How it runs"),
    {OPTION_U32, 'j', "jobs", "N", AT(jobs),
     "Workers, each with memory of its own; 0: one per processor that the process may use "
     "(default). No number depends on it.", NULL, 0, PARALLEL_MOST},
    {OPTION_CHOICE, 0, "cpu", "NAME", AT(cpu),
     "Encode with this variant: auto, scalar, sse2, avx2, avx512 or neon. All give the same bits.",
     MODEL_CPU_CHOICES},
    {OPTION_FLAG, 0, "strict", NULL, AT(strict), "Stop at the first input that fails."},
    {OPTION_FLAG, 'q', "quiet", NULL, AT(quiet), "Errors only."},
};

const struct option_table eval_option_table = {
    .command = "eval",
    .operands = "[OPTION]... --units FILE --phones FILE\n"
                "       voq eval [OPTION]... MODEL... CORPUS...",
    .about = "Tells how phoneme-like units are: purity, PNMI, boundaries, usage and bitrates, "
             "speaker information, ABX. Of a unit file, or of models and a corpus, which is "
             "encoded first; phones.ctm and the .item file are found in the corpus' folder. "
             "Several models stand side by side. A model after the first ends in .voq or has the "
             "name of a shipped one.",
    .notes = "Exit codes: 0 fine, 2 wrong usage or unusable model, 3 some inputs failed or no\n"
             "utterance has both units and phones, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq eval --units dev.gslm --phones phones.ctm --hop 320\n"
             "  voq eval mfcc-100 librispeech-dev\n"
             "  voq eval lda-100 lda-500 mine.voq librispeech-dev\n"
             "  voq eval --json --robustness noises mfcc-100 librispeech-dev\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

void eval_options_default(struct eval_options *options)
{
    *options = (struct eval_options){
        .output = "-", .tolerance_ms = 20, .distance = DISTANCE_ANGULAR, .bootstrap = 1000,
        .cpu = VOQ_CPU_AUTO, .seed = 1};
}

/* Cuts the list in place. */
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
