/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_options.h"

#include "tools/base/number.h"
#include "tools/command/format_rows.h"
#include "tools/command/shard_rank.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(struct encode_options, member)
#define HEADING OPTION_ROW_HEADING

static const struct option_row rows[] = {
    HEADING("Model"),
    OPTION_ROW_MODEL(AT(model)),
    {OPTION_FLAG, 0, "features", NULL, AT(features),
     "Write feature vectors, as they enter the codebook, instead of units."},
    {OPTION_TEXT, 0, "profile", "NAME", AT(profile),
     "With --features: use a front end instead of a model.",
     "kaldi|kaldi-fbank|hubert|librosa|encoder"},
    {OPTION_TEXTS, 0, "set", "KEY=VALUE", AT(set),
     "Change an option of the profile; KEY is the name that its tool uses. May be repeated."},
    {OPTION_FLAG, 0, "utterance-mean", NULL, AT(utterance_mean),
     "With --profile: subtract the mean of each utterance. Every file is read twice."},
    OPTION_ROW_CPU(AT(cpu)),

    HEADING("Input"),
    {OPTION_TEXT, 0, "channel", "N", AT(channel),
     "Channel to use, counted from 1; \"all\": each channel as an utterance NAME-channelN. "
     "Default: the mean of all channels."},
    {OPTION_TEXT, 0, "raw", "ENCODING", AT(raw_encoding),
     "Inputs are headerless samples: s16le, s16be, s24le, s32le, f32le or u8.",
     "s16le|s16be|s24le|s32le|f32le|u8"},
    {OPTION_U32, 0, "rate", "HZ", AT(rate_hz), "Sampling rate of headerless input.", NULL, 1,
     AUDIO_MAX_RATE},
    {OPTION_U32, 0, "channels", "N", AT(channels),
     "Number of channels of headerless input (default: 1).", NULL, 1, AUDIO_MAX_CHANNELS},
    {OPTION_FLAG, 0, "force-raw", NULL, AT(force_raw),
     "Read a file as headerless even if it begins like WAV, FLAC or Ogg."},
    {OPTION_CHOICE, 0, "names", "HOW", AT(names),
     "Name utterances by the \"stem\" of the file (default) or by its \"path\" below the argument.",
     "stem|path"},
    {OPTION_TEXT, 0, "name", "NAME", AT(name),
     "Name of the utterance from standard input (default: stdin)."},
    {OPTION_TEXT, 0, "segments", "FILE", AT(segments), "Kaldi segments of a wav.scp.",
     .role = OPTION_READS},
    OPTION_ROW_SPEAKERS(AT(speakers),
                        "They are only checked, because no format of units stores speakers."),
    OPTION_ROW_ALLOW_PIPES(AT(allow_pipes)),

    HEADING("Output"),
    {OPTION_TEXT, 'f', "format", "FORMAT", AT(format),
     "Units: gslm (default), km, units, units-names, npy, ark, jsonl, ctm, textgrid, "
     "fileid. Features: npy (default), ark, hubert.", UNIT_FORMATS "|hubert"},
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "Output file, or folder for formats with one file per utterance. Default, and \"-\": standard "
     "output. A file appears when it is complete.", .role = OPTION_WRITES},
    OPTION_ROW_DEDUP(AT(dedup)),
    FORMAT_ROW_DURATIONS(AT(durations)),
    FORMAT_ROW_DICT(AT(dict)),
    {OPTION_TEXT, 0, "tsv", "FILE", AT(tsv),
     "km: also write the fairseq manifest that belongs to the labels. If the inputs are shards, "
     ".npy with .len, FILE is read instead: it names their utterances.", .role = OPTION_WRITES},
    FORMAT_ROW_SCP(AT(scp)),
    {OPTION_TEXT, 0, "distances", "FILE", AT(distances),
     "Also write the squared distance of each frame from its codeword: a float32 .npy in the shape "
     "of -f npy. For several utterances FILE is a folder of .npy files.", .role = OPTION_WRITES},
    FORMAT_ROW_TEXT(AT(text)),
    FORMAT_ROW_NPY_TYPE(AT(npy_type)),
    FORMAT_ROW_LABELS(AT(labels)),
    FORMAT_ROW_NAME_ESCAPE(AT(name_escape)),
    {OPTION_TEXT, 0, "split", "NAME", AT(split), "hubert: name of the files (default: train)."},

    HEADING("Shards"),
    {OPTION_TEXT, 0, "shard", "I/N", AT(shard),
     "Encode only shard I of N, counted from 0; \"auto/N\": I is the rank that SLURM or MPI gave "
     "this process. OUT.done is written last."},
    {OPTION_U32, 0, "rank", "I", AT(rank), "With --nshard: the same as --shard I/N.", NULL, 0,
     SHARDS_MOST - 1},
    {OPTION_U32, 0, "nshard", "N", AT(n_shard), "With --rank: the number of shards.", NULL, 1,
     SHARDS_MOST},
    {OPTION_FLAG, 0, "balance", NULL, AT(balance),
     "Give the shards equal lengths, as the list or the sizes of the files state them, not equal "
     "numbers of inputs."},

    HEADING("Running"),
    OPTION_ROW_JOBS(AT(jobs)),
    {OPTION_FLAG, 0, "resume", NULL, AT(resume),
     "Continue an interrupted run that had the same options and inputs."},
    OPTION_ROW_STRICT(AT(strict)),
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table encode_option_table = {
    .command = "encode",
    .operands = "[OPTION]... INPUT...",
    .about = "Reads speech and writes units. An INPUT is an audio file, a folder, a tar, a list "
             "(.tsv, .jsonl, .scp, .txt), vectors (.npy), or \"-\" for audio from standard input, "
             "whose units are written as it arrives.",
    .notes = "Exit codes: 0 success, 2 wrong usage or unusable model, 3 some inputs failed,\n"
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
    *options = (struct encode_options){.output = "-", .split = "train", .channels = 1};
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
        return fail(failure, EXIT_USAGE,
                    "--raw needs the rate of the samples; add --rate, for example --rate 16000");
    raw->rate_hz = options->rate_hz;
    raw->channels = options->channels;
    raw->force = options->force_raw;
    return true;
}

bool encode_options_check(const struct encode_options *options, int *channel,
                          struct audio_raw *raw, struct failure *failure)
{
    return check_channel(options->channel, channel, failure) && check_raw(options, raw, failure);
}

bool encode_options_shard(struct encode_options *options, const char **variable,
                          struct failure *failure)
{
    struct shard shard = {options->rank, options->n_shard};
    char option[64];
    *variable = NULL;
    if (options->shard) {
        if (!shard_parse(options->shard, &shard, variable, failure)) return false;
        options->rank = shard.rank;
        options->n_shard = shard.n;
        return true;
    }
    snprintf(option, sizeof option, "--rank %u --nshard %u", shard.rank, shard.n);
    return !shard.n || shard_check(&shard, option, failure);
}
