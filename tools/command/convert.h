/* SPDX-License-Identifier: MIT */
/* The parts of `voq convert`: unit files, feature files, codebooks, networks. */
#ifndef VOQ_TOOLS_CONVERT_H
#define VOQ_TOOLS_CONVERT_H

#include "tools/cli/messages.h"
#include "tools/cli/option_guard.h"
#include "tools/formats/unit_reader.h"
#include "tools/formats/unit_writer.h"
#include "voq.h"

struct convert_options {
    const char *output, *format, *from;
    uint32_t hop, rate, codes, codebook;
    bool features, dedup, durations, text, frames, lenient, allow_special;
    bool labels, name_escape, transpose, quiet;
    uint32_t npy_type, npy_axes, rank, n_shard;
    const char *scp, *dict, *tsv, *durations_file;
    const char *frontend, *symbol, *split;
    const char *encoder, *calibrate;
    const char *model; /* of labels */
    struct options_given given;
};

extern const struct option_table convert_option_table;

/* The union of the properties of all inputs' formats. */
struct unit_facets {
    const char *name; /* of the last one */
    unsigned traits;  /* enum format_trait */
    unsigned options; /* enum reader_option */
    bool is_nameless, is_bare; /* a format has no names; no durations */
};
void unit_facets_add(struct unit_facets *facets, const struct unit_format *format);

/* Check that the given options apply to these inputs and outputs; otherwise EXIT_USAGE. */
bool convert_fit_codebook(const struct convert_options *options, bool from_model,
                          struct failure *failure);
bool convert_fit_network(const struct convert_options *options, struct failure *failure);
bool convert_fit_features(const struct convert_options *options, const struct feature_format *from,
                          const struct feature_format *to, struct failure *failure);
bool convert_fit_units(const struct convert_options *options, const struct unit_format *to,
                       struct failure *failure);
/* has_frames: the model of --labels has a hop and a rate. */
bool convert_fit_labels(const struct convert_options *options, bool has_frames,
                        struct failure *failure);
bool convert_fit_input(const struct convert_options *options, const struct unit_facets *from,
                       const struct unit_format *to, struct failure *failure);

/* Prints the formats' notes through messages. */
struct format_notes convert_notes(struct messages *messages);

/* Adds an input to the guard: a file, or those files of a folder that a reader of units (or of
   features) reads. from: the format stated by the user, or NULL. */
bool convert_guard_input(struct option_guard *guard, const char *input, const char *from,
                         bool features, struct failure *failure);

/* EXIT_USAGE for a path that does not exist but is similar to the name of a model. */
bool convert_check_name(const char *input, struct failure *failure);

/* input[n] are unit files or folders. The guard knows them and must allow each output. */
bool convert_units(const struct convert_options *options, char **input, size_t n,
                   struct option_guard *guard, struct messages *messages, struct failure *failure);

/* input[n] are feature files or folders. */
bool convert_features(const struct convert_options *options, char **input, size_t n,
                      struct option_guard *guard, struct messages *messages,
                      struct failure *failure);

/* Whether a file is a model or holds a codebook. */
bool convert_is_codebook(const char *path);

/* Makes a model of the parts, named like the output, and writes it. */
bool convert_write_model(const voq_parts *parts, const char *output, struct failure *failure);

/* Whether the input is a network's weights, by its suffix. */
bool convert_is_network(const char *input);

/* Makes a model of a network's float weights. The guard is used up. */
bool convert_network(const struct convert_options *options, const char *input,
                     struct option_guard *guard, struct messages *messages,
                     struct failure *failure);

bool convert_codebook(const struct convert_options *options, const char *input,
                      struct messages *messages, struct failure *failure);

#endif
