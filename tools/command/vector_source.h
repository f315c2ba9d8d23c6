/* SPDX-License-Identifier: MIT */
/* Turns a file of vectors into units. Vectors enter just before the codebook, in blocks; in a model
   of vectors with its own chain they enter at the start of the chain, as one sequence. */
#ifndef VOQ_TOOLS_VECTOR_SOURCE_H
#define VOQ_TOOLS_VECTOR_SOURCE_H

#include "tools/formats/feature_shard.h"
#include "voq.h"

struct vector_source;

/* Opens an .npy of [*n_frame][dim], dim being that of the model's input. part: the frames of one
   utterance of a shard; NULL: the whole file. EXIT_INPUT. */
bool vector_source_open(struct vector_source **source, const voq_model *model, const char *path,
                        const struct feature_shard_part *part, bool distances, uint64_t *n_frame,
                        struct failure *failure);

/* Returns the next *n units in *output, valid until the next call: ids, and distances if they were
   requested. *n is 0 at the end. EXIT_INPUT names the frame for NaN, infinity and overflow. */
bool vector_source_read(struct vector_source *source, const voq_output **output, size_t *n,
                        struct failure *failure);

void vector_source_close(struct vector_source *source); /* NULL is allowed */

#endif
