/* SPDX-License-Identifier: MIT */
/* Do the options of `voq encode` fit each other, and what is encoded? None is dropped in
   silence. */
#ifndef VOQ_TOOLS_ENCODE_FIT_H
#define VOQ_TOOLS_ENCODE_FIT_H

#include "tools/command/encode_options.h"
#include "tools/formats/format.h"

/* The format of the output; the other of the two is NULL. */
bool encode_format(const struct encode_options *options, const struct unit_format **units,
                   const struct feature_format **features, struct failure *failure);

/* Before a model is opened: the options by themselves. EXIT_USAGE names the option and what it
   needs. */
bool encode_fit_options(const struct encode_options *options, struct failure *failure);

/* Once no output is an input: the format, operand[n], and whether the model is one of vectors. */
bool encode_fit_inputs(const struct encode_options *options, bool has_vectors,
                       char *const *operand, size_t n, struct failure *failure);

/* The --tsv of audio, which is written. */
bool encode_fit_manifest(const struct encode_options *options, struct failure *failure);

#endif
