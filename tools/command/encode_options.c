/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_options.h"

#include "tools/base/number.h"
#include "tools/base/parallel.h"
#include "tools/cli/model_lookup.h"
#include "tools/formats/unit_writer.h"

#include <string.h>

#define AT(member) offsetof(struct encode_options, member)
#define HEADING(text) {OPTION_HEADING, 0, NULL, NULL, 0, text}

static const struct option_row rows[] = {
    HEADING("What makes the units"),
    {OPTION_TEXT, 'm', "model", "MODEL", AT(model),
     "A path, or a name that is looked for in $VOQ_MODELS and among the shipped models "
     "(default: " MODEL_DEFAULT ").", .role = OPTION_READS},
    {OPTION_FLAG, 0, "features", NULL, AT(features),
     "Write the feature vectors that would be quantized, instead of units."},
    {OPTION_TEXT, 0, "profile", "NAME", AT(profile),
     "With --features: a front end instead of a model.", "kaldi|kaldi-fbank|hubert|librosa"},
    {OPTION_TEXTS, 0, "set", "KEY=VALUE", AT(set),
     "Change an option of the profile, under the name that its tool gives it. May be repeated."},
    {OPTION_FLAG, 0, "utterance-mean", NULL, AT(utterance_mean),
     "With --profile: subtract each utterance's mean. Reads every file twice."},
    {OPTION_CHOICE, 0, "cpu", "NAME", AT(cpu),
     "Compute with this variant: auto, scalar, sse2, avx2, avx512 or neon. All give the same bits.",
     MODEL_CPU_CHOICES},

    HEADING("What comes out"),
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "Units: gslm (default), km, units, units-names, npy, ark, jsonl, ctm, textgrid, "
     "fileid. Features: npy (default), ark, hubert.",
     "gslm|km|units|units-names|npy|ark|jsonl|ctm|textgrid|fileid|hubert"},
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "A file, or the folder of formats with a file per utterance. Default, and \"-\": standard "
     "output. Files appear whole, at the end.", .role = OPTION_WRITES},
    {OPTION_FLAG, 0, "dedup", NULL, AT(dedup), "One unit for each run of equal units."},
    {OPTION_FLAG, 0, "durations", NULL, AT(durations),
     "units, units-names: frames per unit into OUT.durations; fileid: beside the units."},
    {OPTION_TEXT, 0, "dict", "FILE", AT(dict), "km: also write fairseq's dictionary of units.",
     .role = OPTION_WRITES},
    {OPTION_TEXT, 0, "tsv", "FILE", AT(tsv),
     "km: also write the manifest of fairseq whose lines the labels belong to. For inputs that are "
     "shards, .npy with .len, FILE is read: it names their utterances.", .role = OPTION_WRITES},
    {OPTION_TEXT, 0, "scp", "FILE", AT(scp), "ark: also write the table of offsets.",
     .role = OPTION_WRITES},
    {OPTION_TEXT, 0, "distances", "FILE", AT(distances),
     "Also write how far each frame is from its codeword: an .npy of squared distances, float32, "
     "in the shape of -f npy. For several utterances FILE is a folder of .npy files.",
     .role = OPTION_WRITES},
    {OPTION_FLAG, 0, "text", NULL, AT(text), "ark: as text."},
    {OPTION_CHOICE, 0, "npy-type", "TYPE", AT(npy_type), "npy: i4 (default), i8, i2 or u2.",
     NPY_TYPE_CHOICES},
    {OPTION_FLAG, 0, "name-escape", NULL, AT(name_escape),
     "Write bytes that the format forbids in a name as %XX."},
    {OPTION_TEXT, 0, "split", "NAME", AT(split), "hubert: name of the files (default: train)."},
    {OPTION_U32, 0, "rank", "N", AT(rank), "Only this shard of the inputs, from 0.", NULL, 0,
     65535},
    {OPTION_U32, 0, "nshard", "N", AT(n_shard), "Number of shards (default: 1).", NULL, 1,
     65536},

    HEADING("What goes in"),
    {OPTION_TEXT, 0, "channel", "N", AT(channel),
     "Channel N, counted from 1; \"all\": each as an utterance NAME-channelN. Default: their "
     "mean."},
    {OPTION_TEXT, 0, "raw", "ENCODING", AT(raw_encoding),
     "Inputs are headerless: s16le, s16be, s24le, s32le, f32le or u8.",
     "s16le|s16be|s24le|s32le|f32le|u8"},
    {OPTION_U32, 0, "rate", "HZ", AT(rate_hz), "Rate of headerless input.", NULL, 1,
     AUDIO_MAX_RATE},
    {OPTION_U32, 0, "channels", "N", AT(channels),
     "Channels of headerless input (default: 1).", NULL, 1, AUDIO_MAX_CHANNELS},
    {OPTION_FLAG, 0, "force-raw", NULL, AT(force_raw),
     "Take a file as headerless even if it begins like WAV, FLAC or Ogg."},
    {OPTION_CHOICE, 0, "names", "HOW", AT(names),
     "Utterances are called by the file's \"stem\" (default) or its \"path\" below the argument.",
     "stem|path"},
    {OPTION_TEXT, 0, "name", "NAME", AT(name),
     "What the utterance of standard input is called (default: stdin)."},
    {OPTION_TEXT, 0, "segments", "FILE", AT(segments), "Kaldi segments of a wav.scp.",
     .role = OPTION_READS},
    {OPTION_TEXT, 0, "speakers", "FILE", AT(speakers),
     "Kaldi utt2spk, which is checked. No format of units holds speakers.", .role = OPTION_READS},
    {OPTION_FLAG, 0, "allow-pipes", NULL, AT(allow_pipes),
     "Run the commands of a wav.scp through the shell."},

    HEADING("How it runs"),
    {OPTION_U32, 'j', "jobs", "N", AT(jobs),
     "Workers, each with memory of its own; 0: one per processor that the process may use "
     "(default). The output does not depend on it.", NULL, 0, PARALLEL_MOST},
    {OPTION_FLAG, 0, "resume", NULL, AT(resume),
     "Go on where an interrupted run with the same options and inputs stopped."},
    {OPTION_FLAG, 0, "strict", NULL, AT(strict), "Stop at the first input that fails."},
    {OPTION_FLAG, 'q', "quiet", NULL, AT(quiet), "Errors only."},
};

const struct option_table encode_option_table = {
    .command = "encode",
    .operands = "[OPTION]... INPUT...",
    .about = "Speech in, units out. An INPUT is an audio file, a folder, a list (.tsv, .jsonl, "
             ".scp, .txt), vectors (.npy), or \"-\": audio from standard input, whose units leave "
             "as it arrives.",
    .notes = "Exit codes: 0 fine, 2 wrong usage or unusable model, 3 some inputs failed,\n"
             "5 the output failed, 130 and 143 interrupted.\n"
             "\n"
             "Examples:\n"
             "  voq encode *.flac\n"
             "  voq encode -m mfcc-500 -f km -o train.km --dict dict.km.txt train.tsv\n"
             "  arecord -f S16_LE -r 16000 | voq encode -f jsonl -\n"
             "  voq encode --features --profile kaldi -f ark -o mfcc.ark wav.scp\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

void encode_options_default(struct encode_options *options)
{
    *options = (struct encode_options){.output = "-", .split = "train", .n_shard = 1,
                                       .channels = 1};
}

static bool check_channel(const char *text, int *channel, struct failure *failure)
{
    uint32_t number;
    *channel = AUDIO_CHANNEL_MEAN;
    if (!text) return true;
    if (strcmp(text, "all") == 0) {
        *channel = ENCODE_CHANNEL_ALL;
        return true;
    }
    if (!parse_u32(text, &number) || number < 1 || number > AUDIO_MAX_CHANNELS)
        return fail(failure, EXIT_USAGE, "--channel %s: expected \"all\" or a number from 1", text);
    *channel = (int)number;
    return true;
}

static bool check_raw(const struct encode_options *options, struct audio_raw *raw,
                      struct failure *failure)
{
    *raw = (struct audio_raw){0};
    if (!options->raw_encoding) return true;
    if (!audio_encoding_parse(options->raw_encoding, &raw->encoding))
        return fail(failure, EXIT_USAGE,
                    "--raw %s: expected s16le, s16be, s24le, s32le, f32le or u8",
                    options->raw_encoding);
    if (!options->rate_hz)
        return fail(failure, EXIT_USAGE, "--raw needs the rate of the samples: --rate 16000");
    raw->rate_hz = options->rate_hz;
    raw->channels = options->channels;
    raw->force = options->force_raw;
    return true;
}

bool encode_options_check(const struct encode_options *options, int *channel,
                          struct audio_raw *raw, struct failure *failure)
{
    if (options->rank >= options->n_shard)
        return fail(failure, EXIT_USAGE, "--rank counts from 0 to --nshard minus 1");
    return check_channel(options->channel, channel, failure) && check_raw(options, raw, failure);
}
