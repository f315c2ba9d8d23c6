/* SPDX-License-Identifier: MIT */
/* voq decode --features: from units back to the vectors that a model's decoder makes of them. */
#ifndef VOQ_TOOLS_DECODE_FEATURES_H
#define VOQ_TOOLS_DECODE_FEATURES_H

#include "tools/formats/feature_writer.h"
#include "tools/formats/unit_reader.h"
#include "tools/learn/decoder.h"

struct reconstruction {
    const voq_model *model;
    struct decoder decoder;
    double *scale, *mean; /* [frame_dim] of the normalisation that is undone; NULL: none */
    bool is_normalised;   /* the vectors are on the scale of the encoder's input */
    float *frame;         /* [frame_dim] */
};

/* EXIT_USAGE: the model has no decoder. Closed even after a failure. */
bool reconstruction_open(struct reconstruction *r, const voq_model *model, const char *name,
                         struct failure *failure);
void reconstruction_close(struct reconstruction *r); /* all zero is allowed */

/* Writes the vectors of an utterance, whose units are those of the model. What is between two gaps
   is decoded on its own, as it was encoded. */
bool reconstruction_write(struct reconstruction *r, const struct utterance_units *units,
                          struct feature_writer *writer, struct failure *failure);

#endif
