/* SPDX-License-Identifier: MIT */
#include "tools/command/report_options.h"

#include "tools/cli/option_fit.h"
#include "tools/cli/option_rows.h"

#define AT(member) offsetof(struct report_command_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Input"),
    {OPTION_TEXT, 'p', "phones", "FILE", AT(eval.phones),
     "Phones, as voq eval reads them. Default: phones.ctm in the CORPUS.", .role = OPTION_READS},
    {OPTION_TEXT, 0, "words", "FILE", AT(words),
     "Words: a CTM, or the tier \"words\" of a TextGrid or a folder of them. Default: words.ctm in "
     "the CORPUS.", .role = OPTION_READS},
    {OPTION_TEXT, 'i', "items", "FILE", AT(eval.items),
     "ABX items. Default: the .item file in the CORPUS.", .role = OPTION_READS},
    {OPTION_TEXTS, 0, "log", "FILE", AT(log),
     "Show the curves of a training, which voq train --log wrote; several logs are compared.",
     .role = OPTION_READS},
    OPTION_ROW_SPEAKERS(AT(eval.speakers), "Default: the name up to the first '-'."),
    {OPTION_TEXT, 0, "tier", "NAME", AT(eval.tier),
     "Interval tier of the phones in TextGrids (default: phones, else phone)."},
    {OPTION_U32, 0, "hop", "N", AT(eval.hop), "Vectors: samples per vector.", NULL, 1, 16384},
    {OPTION_U32, 0, "rate", "HZ", AT(eval.rate), "Vectors: sampling rate.", NULL, 1, 16000000},

    HEADING("Utterances"),
    {OPTION_U32, 'n', "number", "N", AT(number),
     "Number of utterances to show, chosen by --seed (default: 6).", NULL, 0, 10000},
    {OPTION_TEXTS, 'u', "utterance", "NAME", AT(utterance),
     "Show this utterance; may be given several times."},
    {OPTION_FLAG, 'a', "audio", NULL, AT(audio),
     "Put the sound of these utterances into the page, to hear them by a click: 32 kB per second."},

    HEADING("Measurement"),
    {OPTION_U32, 0, "max-size", "N", AT(eval.max_size),
     "ABX: use at most the first N tokens on each side of a cell (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "max-x", "N", AT(eval.max_x),
     "ABX across speakers: use at most the first N speakers of x (default: all).", NULL, 0,
     4294967294.0},
    {OPTION_U32, 0, "bootstrap", "N", AT(eval.bootstrap),
     "Draws of utterances for the 95 % intervals of PNMI and ABX (default: 1000); 0: no intervals.",
     NULL, 0, 1000000},
    {OPTION_U64, 0, "seed", "S", AT(eval.seed),
     "Random seed of the shown utterances and of these draws (default: 1)."},

    HEADING("Output"),
    {OPTION_TEXT, 'o', "output", "FILE", AT(eval.output),
     "The page to write (.html); \"-\" for standard output.", .role = OPTION_WRITES},

    HEADING("Running"),
    OPTION_ROW_JOBS(AT(eval.jobs)),
    OPTION_ROW_CPU(AT(eval.cpu)),
    OPTION_ROW_STRICT(AT(eval.strict)),
    OPTION_ROW_QUIET(AT(eval.quiet)),
};

const struct option_table report_option_table = {
    .command = "report",
    .operands = "[OPTION]... MODEL... CORPUS... -o FILE",
    .about = "Writes a page of HTML about models, which opens in any browser and needs no network: "
             "utterances with their units and phones, which units stand for which phones, the "
             "scores of voq eval, the codebook, and the curves of a training. Several models are "
             "side by side. A model after the first must end in .voq or have the name of a shipped "
             "model.",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 3 some inputs failed\n"
             "or no utterance has both units and phones, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq report phone-256 librispeech-dev -o report.html\n"
             "  voq report phone-256 mine.voq librispeech-dev --audio -o report.html\n"
             "  voq report mine.voq librispeech-dev --log mine.jsonl -o report.html\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

void report_options_default(struct report_command_options *options)
{
    *options = (struct report_command_options){.number = 6};
    eval_options_default(&options->eval);
    options->eval.command = "report";
    options->eval.output = NULL;
}

bool report_options_fit(const struct report_command_options *options,
                        const struct eval_sources *sources, struct failure *failure)
{
    static const char phones[] = "needs phones; add --phones";
    static const char items[] = "applies to ABX; add --items";
    static const char vectors[] = "applies to vectors; a model of audio states the value itself";
    static const char draws[] = "applies to phones and ABX; add --phones or --items";
    bool has_labels = sources->phones || sources->has_items;
    const struct option_rule rule[] = {
        {"speakers", has_labels, draws},
        {"tier", sources->phones != NULL, phones},
        {"hop", sources->has_vectors, vectors},
        {"rate", sources->has_vectors, vectors},
        {"number", options->utterance.n == 0, "applies to a choice; leave out --utterance"},
        {"audio", !sources->has_vectors, "needs audio, but the corpus is vectors"},
        {"max-size", sources->has_items, items},
        {"max-x", sources->has_items, items},
        {"bootstrap", has_labels, draws},
    };
    return option_fit(&report_option_table, options, rule, sizeof rule / sizeof *rule, failure);
}
