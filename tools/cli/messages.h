/* SPDX-License-Identifier: MIT */
/* Messages of a command: one line each, "voq: ...", on stderr. Any thread may print one. */
#ifndef VOQ_TOOLS_MESSAGES_H
#define VOQ_TOOLS_MESSAGES_H

#include "tools/base/failure.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

struct messages {
    FILE *file;
    pthread_mutex_t lock;
    bool quiet;        /* errors only; set it after options_parse */
    bool terminal;     /* file is a terminal that can rewrite its last line */
    bool colour;       /* terminal, and NO_COLOR is not set */
    bool status_shown; /* the last line is a status line, without its end */
};

/* file is stderr, or a command's own copy of stderr. TERM=dumb counts as no terminal. */
void messages_init(struct messages *messages, FILE *file);

/* From now on, nothing is printed, for one of several processes that would print the same. */
void messages_silence(struct messages *messages);

/* From now on, output of libraries to `stderr` (libmpg123, on each damaged frame) is discarded.
   Messages, child processes and the file descriptor are not affected. */
void messages_only(void);

/* Information: which model is used, what is resampled. Not printed with --quiet. */
void messages_note(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Something looks wrong, but the exit code does not change. Not printed with --quiet. */
void messages_warn(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Warns that n samples of an input are NaN or infinite. */
void messages_not_finite(struct messages *messages, const char *input, uint64_t n);

/* Something failed, and the exit code will say so. Always printed. */
void messages_error(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Prints the failure if it has a text; returns its exit code. */
int messages_failure(struct messages *messages, const struct failure *failure);

/* Flushes standard output and returns the exit code. A failed write is printed and is EXIT_OUTPUT;
   a reader that has gone away is EXIT_FINE. */
int messages_flush_stdout(struct messages *messages);

/* Terminals only: shows text as the last line, in place of the previous status; other messages
   appear above it. Text is cut to the terminal's current width. NULL removes the line. */
void messages_status(struct messages *messages, const char *text);

/* The terminal's current width in columns; 80 if it is not known. */
unsigned messages_columns(const struct messages *messages);

#endif
