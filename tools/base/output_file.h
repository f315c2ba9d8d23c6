/* SPDX-License-Identifier: MIT */
/* A sink as a FILE: a file that appears whole or not at all. */
#ifndef VOQ_TOOLS_OUTPUT_FILE_H
#define VOQ_TOOLS_OUTPUT_FILE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdio.h>

struct output_file;

/* "-" is standard output: nothing is renamed and "-" never fails to open. */
bool output_file_open(struct output_file **file, const char *path, struct failure *failure);

/* The same for a file that other processes may write at the same time, with the same bytes. */
bool output_file_open_shared(struct output_file **file, const char *path,
                             struct failure *failure);

/* The same for binary data: standard output must not be a terminal (EXIT_USAGE). */
bool output_file_open_binary(struct output_file **file, const char *path, struct failure *failure);

/* The stream to write to, for files and for standard output. */
FILE *output_file_stream(struct output_file *file);

/* Flushes, checks every error so far, renames. Frees *file in any case. EXIT_OUTPUT with the path
   and the reason (disk full, read-only); if the reader of standard output closed it (EPIPE), the
   code is EXIT_FINE and the text empty: end quietly. */
bool output_file_commit(struct output_file *file, struct failure *failure);

/* Writes a whole binary file. */
bool output_file_write(const char *path, const void *bytes, size_t n, struct failure *failure);

/* Fails if opening the path would fail; creates and changes nothing. */
bool output_file_try(const char *path, struct failure *failure);

/* Discards what was written. NULL is allowed. */
void output_file_abandon(struct output_file *file);

#endif
