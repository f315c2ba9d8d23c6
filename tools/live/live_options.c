/* SPDX-License-Identifier: MIT */
#include "tools/live/live_options.h"

#include "tools/cli/option_fit.h"
#include "tools/cli/option_rows.h"
#include "tools/formats/format.h"
#include "tools/live/live_output.h"

#include <string.h>

#define AT(member) offsetof(struct live_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Model"),
    OPTION_ROW_MODEL(AT(model)),
    OPTION_ROW_CPU(AT(cpu)),

    HEADING("Input"),
    {OPTION_FLAG, 0, "list-devices", NULL, AT(list_devices), "List the input devices and exit."},
    {OPTION_TEXT, 'd', "device", "DEVICE", AT(device),
     "Input device: its number in the list, its name, or a part of the name that no other device "
     "has (default: the system's default device)."},
    {OPTION_U32, 0, "channel", "N", AT(channel),
     "Channel to use, counted from 1 (default: the mean of all channels).", NULL, 1, 1024},
    {OPTION_NUMBER, 0, "gain", "DB", AT(gain_db),
     "Amplify the audio by DB decibels; a negative number attenuates it.", NULL, -100, 100},
    {OPTION_NUMBER, 0, "latency", "MS", AT(latency_ms),
     "Buffering to request from the device (default: 80). Lower values reduce latency, higher "
     "values avoid dropouts.", NULL, 1, 2000},
    {OPTION_FLAG, 0, "once", NULL, AT(once), "Exit if the device fails instead of reopening it."},
    {OPTION_FLAG, 0, "fallback", NULL, AT(fallback),
     "With --device: use the default device if the chosen one fails and does not come back."},

    HEADING("Output"),
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "ids: one unit per line (default); runs: \"UNIT FRAMES\" as each run ends; jsonl: with times "
     "and gaps. Written at the end: gslm, km, units, units-names, npy, ark, ctm, textgrid, fileid.",
     LIVE_FORMATS "|jsonl|gslm|km|units|units-names|npy|ark|ctm|textgrid|fileid"},
    OPTION_ROW_DEDUP(AT(dedup)),
    {OPTION_FLAG, 0, "labels", NULL, AT(labels),
     "On a terminal, and in ctm and textgrid: write the label of each unit beside it, if the model "
     "has labels: \"37 (AH)\", in ctm \"37_(AH)\"."},
    {OPTION_TEXT, 0, "name", "NAME", AT(name),
     "Name of the utterance (default: mic), in formats that store names."},
    {OPTION_TEXT, 0, "record", "FILE", AT(record),
     "Also write the analysed audio as WAV, and FILE.gaps if samples were lost. voq encode FILE "
     "gives the same units.", .role = OPTION_WRITES},
    {OPTION_NUMBER, 0, "duration", "S", AT(duration_s), "Stop after S seconds of audio.", NULL,
     0.001, 1e9},

    HEADING("Running"),
    {OPTION_FLAG, 0, "stats", NULL, AT(stats), "Print all statistics at the end."},
    OPTION_ROW_JSON(AT(json), "the list of --list-devices, or the statistics of --stats"),
    {OPTION_FLAG, 0, "plain", NULL, AT(plain), "Print plain lines on a terminal too."},
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table live_option_table = {
    .command = "live",
    .operands = "[OPTION]...",
    .about = "Reads a microphone and writes units as they are decided. Ctrl-C stops it.",
    .notes = "On a terminal, without -f, --plain or redirection, the units are displayed\n"
             "instead of written.\n"
             "\n"
             "Exit codes: 0 success, also if interrupted once, 2 wrong usage or unusable\n"
             "model, 4 no device, 5 the output failed, 130 and 143 interrupted twice.\n"
             "\n"
             "Examples:\n"
             "  voq live\n"
             "  voq live --list-devices\n"
             "  voq live -d usb -f jsonl --record talk.wav | ./my-program\n"
             "  voq live --duration 60 --stats > minute.txt\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

void live_options_default(struct live_options *options)
{
    *options = (struct live_options){.latency_ms = 80, .name = "mic"};
}

/* --list-devices allows only --json and --quiet beside it. */
static bool check_list(const struct live_options *options, struct failure *failure)
{
    for (size_t i = 0; options->list_devices && i < live_option_table.n_row; i++) {
        const char *name = rows[i].name;
        if (rows[i].kind == OPTION_HEADING) continue;
        bool fits = strcmp(name, "list-devices") == 0 || strcmp(name, "json") == 0 ||
                    strcmp(name, "quiet") == 0;
        const struct option_rule rule = {name, fits,
                                         "has no effect with --list-devices; leave it out"};
        if (!option_fit(&live_option_table, options, &rule, 1, failure)) return false;
    }
    return true;
}

static bool has_names(const char *name)
{
    const struct unit_format *format;
    struct failure ignored;
    return name && unit_format_find(name, &format, &ignored) && (format->traits & FORMAT_NAMES);
}

static bool check_fit(const struct live_options *o, struct failure *failure)
{
    const struct option_rule rule[] = {
        {"json", o->list_devices || o->stats, "needs --list-devices or --stats"},
        {"fallback", o->device,
         "needs --device, because without it the default device is used anyway"},
        {"name", has_names(o->format), "needs a format that stores names, such as -f jsonl"},
    };
    return option_fit(&live_option_table, o, rule, sizeof rule / sizeof *rule, failure);
}

bool live_options_check(const struct live_options *options, size_t n_operand,
                        struct failure *failure)
{
    if (n_operand > 0)
        return fail(failure, EXIT_USAGE, "voq live takes no files; use voq encode for files");
    if (options->device && !*options->device)
        return fail(failure, EXIT_USAGE,
                    "--device: the name is empty; leave the option out for the system's default "
                    "device");
    bool lines = !options->format || strcmp(options->format, "ids") == 0 ||
                 strcmp(options->format, "runs") == 0;
    if (options->dedup && lines)
        return fail(failure, EXIT_USAGE,
                    "--dedup does not apply to ids and runs; use -f runs for one line per run, or "
                    "another format");
    if (options->fallback && options->once)
        return fail(failure, EXIT_USAGE, "--fallback and --once cannot be combined; leave one out");
    return check_list(options, failure) && check_fit(options, failure);
}

bool live_options_check_labels(const struct live_options *options, bool is_shown,
                               struct failure *failure)
{
    const struct unit_format *format = NULL;
    struct failure ignored;
    if (options->format) unit_format_find(options->format, &format, &ignored);
    const struct option_rule rule = {
        "labels", is_shown || (format && (unit_format_writer_options(format) & WRITER_LABELS)),
        "has no effect here; use -f ctm or -f textgrid, or a terminal without -f and --plain"};
    return option_fit(&live_option_table, options, &rule, 1, failure);
}
