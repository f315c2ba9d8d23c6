/* SPDX-License-Identifier: MIT */
/* A file of vectors becomes units: the vectors enter just before the codebook. */
#ifndef VOQ_TOOLS_VECTOR_SOURCE_H
#define VOQ_TOOLS_VECTOR_SOURCE_H

#include "tools/formats/feature_shard.h"
#include "voq.h"

struct vector_source;

/* An .npy of [n][dim], dim that of the model, or the frames of one utterance of a shard (NULL: all
   of the file). *n_frame is how many. EXIT_INPUT. */
bool vector_source_open(struct vector_source **source, const voq_model *model, const char *path,
                        const struct feature_shard_part *part, uint64_t *n_frame,
                        struct failure *failure);

/* Up to `capacity` more units, id[capacity][n_codebook], and their squared distances where that is
   not NULL; *n = 0: the end. NaN, infinity and
   overflow are EXIT_INPUT that names the frame. */
bool vector_source_read(struct vector_source *source, uint32_t *id, float *distance,
                        size_t capacity, size_t *n, struct failure *failure);

void vector_source_close(struct vector_source *source); /* NULL is fine */

#endif
