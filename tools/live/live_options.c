/* SPDX-License-Identifier: MIT */
#include "tools/live/live_options.h"

#include "tools/cli/model_lookup.h"
#include "tools/cli/option_fit.h"
#include "tools/formats/format.h"
#include "tools/live/live_output.h"

#include <string.h>

#define AT(member) offsetof(struct live_options, member)
#define HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

static const struct option_row rows[] = {
    HEADING("What makes the units"),
    {OPTION_TEXT, 'm', "model", "MODEL", AT(model),
     "A path, or a name that is looked for in $VOQ_MODELS and among the shipped models "
     "(default: " MODEL_DEFAULT ").", .role = OPTION_READS},
    {OPTION_CHOICE, 0, "cpu", "NAME", AT(cpu),
     "Compute with this variant: auto, scalar, sse2, avx2, avx512 or neon. All give the same bits.",
     MODEL_CPU_CHOICES},

    HEADING("What is heard"),
    {OPTION_FLAG, 0, "list-devices", NULL, AT(list_devices),
     "List the input devices and end. With --json: for programs."},
    {OPTION_TEXT, 'd', "device", "DEVICE", AT(device),
     "Its number in the list, its name, or a part of the name that no other has (default: the "
     "system's)."},
    {OPTION_U32, 0, "channel", "N", AT(channel), "Channel N, counted from 1. Default: their mean.",
     NULL, 1, 1024},
    {OPTION_NUMBER, 0, "gain", "DB", AT(gain_db), "Louder by so many dB, or softer.", NULL, -100,
     100},
    {OPTION_NUMBER, 0, "latency", "MS", AT(latency_ms),
     "Buffering to ask the device for (default: 80). Less is sooner, more is safer.", NULL, 1,
     2000},
    {OPTION_FLAG, 0, "once", NULL, AT(once),
     "End when the device dies, instead of opening it anew."},
    {OPTION_FLAG, 0, "fallback", NULL, AT(fallback),
     "With --device: take the default device if the one that died does not come back."},

    HEADING("What comes out"),
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "ids: a line a unit (default); runs: \"UNIT FRAMES\" as each run ends; jsonl: with times and "
     "gaps; or gslm, km, units, units-names, npy, ark, ctm, textgrid, fileid: at the end.",
     LIVE_FORMATS "|jsonl|gslm|km|units|units-names|npy|ark|ctm|textgrid|fileid"},
    {OPTION_FLAG, 0, "dedup", NULL, AT(dedup), "One unit for each run of equal units."},
    {OPTION_TEXT, 0, "name", "NAME", AT(name),
     "What the utterance is called (default: mic), in formats that hold names."},
    {OPTION_TEXT, 0, "record", "FILE", AT(record),
     "Write what is analysed as a WAV, and FILE.gaps where samples were lost. voq encode FILE "
     "gives the same units.", .role = OPTION_WRITES},
    {OPTION_NUMBER, 0, "duration", "S", AT(duration_s), "End after so many seconds of audio.", NULL,
     0.001, 1e9},

    HEADING("How it runs"),
    {OPTION_FLAG, 0, "stats", NULL, AT(stats),
     "Tell at the end everything that was counted. With --json: as one JSON object."},
    {OPTION_FLAG, 0, "json", NULL, AT(json), "With --list-devices and --stats."},
    {OPTION_FLAG, 0, "plain", NULL, AT(plain), "Plain lines, also on a terminal."},
    {OPTION_FLAG, 'q', "quiet", NULL, AT(quiet), "Errors only."},
};

const struct option_table live_option_table = {
    .command = "live",
    .operands = "[OPTION]...",
    .about = "A microphone in, units out, as they are decided. Ctrl-C ends it.",
    .notes = "On a terminal, without -f, --plain or a redirection, the units are shown as they\n"
             "come instead of written.\n"
             "\n"
             "Exit codes: 0 fine, interrupted included, 2 wrong usage or unusable model, 4 no\n"
             "device, 5 the output failed, 130 and 143 interrupted twice.\n"
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

/* A list is made of nothing else. */
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
        {"json", o->list_devices || o->stats, "goes with --list-devices or --stats"},
        {"fallback", o->device, "goes with --device: without it the default is heard anyway"},
        {"name", has_names(o->format), "is for formats that hold names, such as -f jsonl"},
    };
    return option_fit(&live_option_table, o, rule, sizeof rule / sizeof *rule, failure);
}

bool live_options_check(const struct live_options *options, size_t n_operand,
                        struct failure *failure)
{
    if (n_operand > 0)
        return fail(failure, EXIT_USAGE, "voq live takes no files; voq encode does");
    if (options->device && !*options->device)
        return fail(failure, EXIT_USAGE,
                    "--device: an empty name; leave it out for the system's default device");
    bool lines = !options->format || strcmp(options->format, "ids") == 0 ||
                 strcmp(options->format, "runs") == 0;
    if (options->dedup && lines)
        return fail(failure, EXIT_USAGE,
                    "--dedup: ids and runs have no such form; use -f runs for one line per run, "
                    "or another format");
    if (options->fallback && options->once)
        return fail(failure, EXIT_USAGE, "--fallback and --once exclude each other");
    return check_list(options, failure) && check_fit(options, failure);
}
