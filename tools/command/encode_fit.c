/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_fit.h"

#include "tools/base/path.h"
#include "tools/command/format_fit.h"
#include "tools/cli/option_fit.h"

#include <string.h>

static bool fit(const struct encode_options *o, const struct option_rule *rule, size_t n,
                struct failure *failure)
{
    return option_fit(&encode_option_table, o, rule, n, failure);
}

bool encode_format(const struct encode_options *o, const struct unit_format **units,
                   const struct feature_format **features, struct failure *failure)
{
    *units = o->features ? NULL : unit_format_at(0);
    *features = o->features ? feature_format_at(0) : NULL;
    if (!o->format) return true;
    return o->features ? feature_format_find(o->format, features, failure)
                       : unit_format_find(o->format, units, failure);
}

bool encode_fit_options(const struct encode_options *o, struct failure *failure)
{
    static const char fixed[] = "needs --profile, because the front end of a model cannot be "
                                "changed";
    static const char units[] = "applies to units, not to --features; leave it out";
    static const char raw[] = "applies to headerless input; add --raw s16le";
    const struct option_rule rule[] = {
        {"profile", !o->model, "replaces a model; give one of the two"},
        {"profile", o->features, "has no codebook; add --features"},
        {"set", o->profile, fixed},
        {"utterance-mean", o->profile, fixed},
        {"dedup", !o->features, units},
        {"durations", !o->features, units},
        {"dict", !o->features, units},
        {"npy-type", !o->features, units},
        {"labels", !o->features, units},
        {"tsv", !o->features, units},
        {"distances", !o->features, units},
        {"distances", !o->dedup, "writes one row per frame; leave out --dedup"},
        {"distances", !o->resume, "cannot be continued; leave out --resume"},
        {"shard", !option_is_given(&encode_option_table, o, "rank") &&
                      !option_is_given(&encode_option_table, o, "nshard"),
         "means the same as --rank and --nshard; give one of the two"},
        {"balance", o->shard || option_is_given(&encode_option_table, o, "nshard"),
         "applies to shards; add --shard I/N"},
        {"rate", o->raw_encoding, raw},
        {"channels", o->raw_encoding, raw},
        {"force-raw", o->raw_encoding, raw},
        {"resume", strcmp(o->output, "-") != 0, "needs -o OUT"},
    };
    return fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool encode_fit_inputs(const struct encode_options *o, bool has_vectors, char *const *operand,
                       size_t n, struct failure *failure)
{
    static const char audio[] = "applies to audio, but the model is a model of vectors; leave it "
                                "out";
    bool has_stdin = false, has_path = false, has_table = false;
    const struct unit_format *units;
    const struct feature_format *features;
    if (!encode_format(o, &units, &features, failure)) return false;
    unsigned traits = units ? units->traits : features->traits;
    for (size_t i = 0; i < n; i++) {
        bool is_stdin = strcmp(operand[i], "-") == 0;
        bool is_table = path_has_text_suffix(operand[i], "scp");
        has_stdin |= is_stdin;
        has_table |= is_table;
        has_path |= !is_stdin && !is_table;
    }
    const struct option_rule rule[] = {
        {"channel", !has_vectors, audio},
        {"raw", !has_vectors, audio},
        {"name", has_stdin, "names the utterance from standard input; give - as an input"},
        {"name", traits & FORMAT_NAMES,
         "has no effect, because the format stores no names; leave it out"},
        {"names", has_path, "applies to files and folders; leave it out"},
        {"allow-pipes", has_table, "applies to inputs with suffix .scp; leave it out"},
    };
    return format_fit(&encode_option_table, o, units, features, failure) &&
           fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool encode_fit_manifest(const struct encode_options *o, struct failure *failure)
{
    const struct unit_format *to;
    const struct feature_format *ignored;
    if (!encode_format(o, &to, &ignored, failure)) return false;
    char why[96];
    snprintf(why, sizeof why, "has no effect with format %s; it needs -f km", to->name);
    const struct option_rule rule = {"tsv", unit_format_writer_options(to) & WRITER_TSV, why};
    return fit(o, &rule, 1, failure);
}
