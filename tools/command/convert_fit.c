/* SPDX-License-Identifier: MIT */
#include "tools/base/path.h"
#include "tools/command/convert.h"
#include "tools/command/format_fit.h"
#include "tools/cli/option_fit.h"

static const char network[] = "applies to networks in .safetensors only; leave it out";

static bool fit(const struct convert_options *o, const struct option_rule *rule, size_t n,
                struct failure *failure)
{
    return option_fit(&convert_option_table, o, rule, n, failure);
}

/* What applies to units or features, and not to a model that is made. */
static bool fit_model(const struct convert_options *o, const char *why, struct failure *failure)
{
    const struct option_rule rule[] = {
        {"dedup", false, why},          {"durations", false, why},
        {"dict", false, why},           {"scp", false, why},
        {"text", false, why},           {"npy-type", false, why},
        {"name-escape", false, why},    {"split", false, why},
        {"labels", false, why},         {"model", false, why},
        {"rank", false, why},           {"nshard", false, why},
        {"hop", false, why},            {"rate", false, why},
        {"codes", false, why},          {"tsv", false, why},
        {"durations-file", false, why}, {"frames", false, why},
        {"npy-axes", false, why},       {"lenient", false, why},
        {"allow-special", false, why},
    };
    return fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool convert_fit_network(const struct convert_options *o, struct failure *failure)
{
    static const char no[] = "has no effect on a network; leave it out";
    const struct option_rule rule[] = {
        {"format", false, no},   {"from", false, no},      {"features", false, no},
        {"codebook", false, no}, {"transpose", false, no}, {"symbol", false, no},
    };
    if (!o->encoder)
        return fail(failure, EXIT_USAGE,
                    "--encoder is missing: it describes the network's layers; see voq-convert(1)");
    if (!path_has_suffix(o->output, "voq"))
        return fail(failure, EXIT_USAGE, "a network becomes a model; give -o NAME.voq");
    return fit_model(o, no, failure) && fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool convert_fit_codebook(const struct convert_options *o, bool from_model,
                          struct failure *failure)
{
    static const char codebook[] = "has no effect on a codebook; leave it out";
    bool to_model = path_has_suffix(o->output, "voq"), to_header = path_has_suffix(o->output, "h");
    const struct option_rule rule[] = {
        {"format", false, "applies to units and features; for a codebook the suffix of OUT decides "
                          "the format"},
        {"encoder", false, network},
        {"calibrate", false, network},
        {"transpose", !from_model,
         "applies to arrays, not to the codebook of a model; leave it out"},
        {"frontend", to_model, "needs a model as output; give -o NAME.voq"},
        {"symbol", to_header, "needs a C header as output; give -o NAME.h"},
    };
    return fit_model(o, codebook, failure) && fit(o, rule, sizeof rule / sizeof *rule, failure);
}

static bool fit_no_codebook(const struct convert_options *o, struct failure *failure)
{
    static const char codebook[] = "applies to codebooks only; leave it out";
    const struct option_rule rule[] = {
        {"frontend", false, "applies to codebooks only; use voq decode to turn units into vectors"},
        {"transpose", false, codebook},
        {"symbol", false, codebook},
        {"encoder", false, network},
        {"calibrate", false, network},
    };
    return fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool convert_fit_features(const struct convert_options *o, const struct feature_format *from,
                          const struct feature_format *to, struct failure *failure)
{
    static const char units[] = "applies to units, not to --features; leave it out";
    bool has_names = !from || (from->traits & FORMAT_NAMES);
    const struct option_rule rule[] = {
        {"dedup", false, units},          {"durations", false, units},
        {"dict", false, units},           {"npy-type", false, units},
        {"codebook", false, units},       {"hop", false, units},
        {"rate", false, units},           {"codes", false, units},
        {"durations-file", false, units}, {"frames", false, units},
        {"npy-axes", false, units},       {"lenient", false, units},
        {"allow-special", false, units},  {"labels", false, units},
        {"model", false, units},
        {"tsv", !has_names, "applies to features without names; add --from hubert"},
    };
    return fit(o, rule, sizeof rule / sizeof *rule, failure) && fit_no_codebook(o, failure) &&
           format_fit(&convert_option_table, o, NULL, to, failure);
}

bool convert_fit_units(const struct convert_options *o, const struct unit_format *to,
                       struct failure *failure)
{
    const struct option_rule rule[] = {
        {"frames", to->traits & FORMAT_TIMES, "applies to outputs with times; leave it out"},
        {"allow-special", o->codes, "needs --codes K, because it drops the ids K and K+1"},
        {"labels", o->model, "needs the model that made the units; add -m MODEL"},
        {"labels", o->codebook <= 1, "are those of codebook 1; leave out one of the two options"},
        {"model", o->labels, "has no effect without --labels; leave it out"},
    };
    return fit_no_codebook(o, failure) &&
           format_fit(&convert_option_table, o, to, NULL, failure) &&
           fit(o, rule, sizeof rule / sizeof *rule, failure);
}

void unit_facets_add(struct unit_facets *facets, const struct unit_format *format)
{
    facets->name = format->name;
    facets->traits |= format->traits;
    facets->options |= unit_format_reader_options(format);
    facets->is_nameless |= !(format->traits & FORMAT_NAMES);
    facets->is_bare |= !(format->traits & (FORMAT_TIMES | FORMAT_RUNS));
}

bool convert_fit_labels(const struct convert_options *o, bool has_frames, struct failure *failure)
{
    static const char stated[] = "is stated by the model of --labels; leave it out";
    const struct option_rule rule[] = {{"hop", !has_frames, stated}, {"rate", !has_frames, stated}};
    return fit(o, rule, sizeof rule / sizeof *rule, failure);
}

bool convert_fit_input(const struct convert_options *o, const struct unit_facets *from,
                       const struct unit_format *to, struct failure *failure)
{
    char why[192];
    snprintf(why, sizeof why, "has no effect on units of format %s; leave it out", from->name);
    bool has_time = (from->traits | to->traits) & (FORMAT_TIMES | FORMAT_FRAME_RATE);
    const struct option_rule rule[] = {
        {"hop", has_time, "has no effect, because neither input nor output states the length of a "
                          "frame; leave it out"},
        {"rate", has_time, "has no effect, because neither input nor output has times; leave it "
                           "out"},
        {"lenient", from->options & READER_LENIENT, why},
        {"allow-special", from->options & READER_SPECIAL, why},
        {"durations-file", from->options & READER_DURATIONS, why},
        {"npy-axes", from->options & READER_AXES, why},
        {"frames", from->is_bare, why},
        {"tsv", from->is_nameless, why},
    };
    return fit(o, rule, sizeof rule / sizeof *rule, failure);
}
