/* SPDX-License-Identifier: MIT */
/* A file of vectors becomes units. They enter just before the codebook, a block at a time; in a
   model of vectors with a chain of its own they enter at its start, all of them as one sequence. */
#ifndef VOQ_TOOLS_VECTOR_SOURCE_H
#define VOQ_TOOLS_VECTOR_SOURCE_H

#include "tools/formats/feature_shard.h"
#include "voq.h"

struct vector_source;

/* An .npy of [n][dim], dim that of the model's input, or the frames of one utterance of a shard
   (NULL: all of the file). *n_frame is how many. EXIT_INPUT. */
bool vector_source_open(struct vector_source **source, const voq_model *model, const char *path,
                        const struct feature_shard_part *part, bool distances, uint64_t *n_frame,
                        struct failure *failure);

/* The next *n units, in *output until the next call: ids, and distances if they were asked for. *n
   is 0 at the end. NaN, infinity and overflow are EXIT_INPUT that names the frame. */
bool vector_source_read(struct vector_source *source, const voq_output **output, size_t *n,
                        struct failure *failure);

void vector_source_close(struct vector_source *source); /* NULL is fine */

#endif
