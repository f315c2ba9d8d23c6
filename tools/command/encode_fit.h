/* SPDX-License-Identifier: MIT */
/* Checks that the options of `voq encode` fit each other and the inputs. No option is silently
   ignored. */
#ifndef VOQ_TOOLS_ENCODE_FIT_H
#define VOQ_TOOLS_ENCODE_FIT_H

#include "tools/command/encode_options.h"
#include "tools/formats/format.h"

/* The output format, of units or of features; the other is NULL. */
bool encode_format(const struct encode_options *options, const struct unit_format **units,
                   const struct feature_format **features, struct failure *failure);

/* Checks the options alone, before a model is opened. EXIT_USAGE names the option and what it
   needs. */
bool encode_fit_options(const struct encode_options *options, struct failure *failure);

/* Checks the options against the format, operand[n] and whether the model takes vectors. Call after
   the guard has compared outputs and inputs. */
bool encode_fit_inputs(const struct encode_options *options, bool has_vectors,
                       char *const *operand, size_t n, struct failure *failure);

/* Checks the --tsv that is written for audio. */
bool encode_fit_manifest(const struct encode_options *options, struct failure *failure);

#endif
