/* SPDX-License-Identifier: MIT */
/* The vectors of one .npy file, also of fairseq's shards, as one sequence. */
#ifndef VOQ_LEARN_VECTOR_FILE_H
#define VOQ_LEARN_VECTOR_FILE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct feature_reader;
struct vector_file;

bool vector_file_open(struct vector_file **file, const char *path, uint32_t dim,
                      struct failure *failure);

/* Reads up to n > 0 vectors x[n][dim]; *n_read = 0: the end. */
bool vector_file_read(struct vector_file *file, float *x, size_t n, size_t *n_read,
                      struct failure *failure);
void vector_file_close(struct vector_file *file);

#endif
