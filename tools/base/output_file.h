/* SPDX-License-Identifier: MIT */
/* A file that appears whole or not at all: written as NAME.tmp-PID beside it, renamed at commit. */
#ifndef VOQ_TOOLS_OUTPUT_FILE_H
#define VOQ_TOOLS_OUTPUT_FILE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct output_file;

/* "-" is standard output: nothing is renamed and "-" never fails to open. */
bool output_file_open(struct output_file **file, const char *path, struct failure *failure);

/* Where to write. For files and for standard output alike. */
FILE *output_file_stream(struct output_file *file);

/* Flushes, checks every error so far, renames. Frees *file in any case. EXIT_OUTPUT with the path
   and the reason (disk full, read-only); for standard output whose reader went away (EPIPE) the
   code is EXIT_FINE and the text empty: end quietly. */
bool output_file_commit(struct output_file *file, struct failure *failure);

/* Throws away what was written. NULL is fine. */
void output_file_abandon(struct output_file *file);

/* For a run that may be resumed after it was killed: written as NAME.partial, of which the first
   `keep` bytes stand from the run before (0: it begins anew), renamed at commit. EXIT_INPUT if
   there are fewer. */
bool output_file_open_partial(struct output_file **file, const char *path, uint64_t keep,
                              struct failure *failure);

/* Flushes; bytes written so far, those kept included. Fails as commit does, *file stays open. */
bool output_file_flush(struct output_file *file, uint64_t *n_byte, struct failure *failure);

/* Flushes and leaves NAME.partial for the next run. */
void output_file_keep(struct output_file *file);

#endif
