/* SPDX-License-Identifier: MIT */
/* What a command says to people: one line each, "voq: ...", to stderr. Any thread may speak. */
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

/* file is stderr, or a command's own copy of it. TERM=dumb counts as no terminal. */
void messages_init(struct messages *messages, FILE *file);

/* Libraries that write to `stderr` (libmpg123, on each damaged frame) are not heard from now on.
   What was opened before is: messages, child processes, the file descriptor. */
void messages_only(void);

/* Good to know: which model, what is resampled. Not said with --quiet. */
void messages_note(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Something looks wrong, the exit code does not change. Not said with --quiet. */
void messages_warn(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The warning that n samples of an input are no numbers. */
void messages_not_finite(struct messages *messages, const char *input, uint64_t n);

/* Something failed and the exit code will say so. Always said. */
void messages_error(struct messages *messages, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Says a failure, if it has a text, and returns its exit code. */
int messages_failure(struct messages *messages, const struct failure *failure);

/* Flushes standard output and returns the exit code: EXIT_OUTPUT, said, where it failed; EXIT_FINE
   also where its reader went away. */
int messages_flush_stdout(struct messages *messages);

/* Terminals only: shows text as the last line, in place of the status before; other messages
   appear above it. Cut to the terminal's width as it is now. NULL removes it. */
void messages_status(struct messages *messages, const char *text);

/* Columns of the terminal now (a resized window is seen at the next call); 80 if unknown. */
unsigned messages_columns(const struct messages *messages);

#endif
