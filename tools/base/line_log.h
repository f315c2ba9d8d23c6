/* SPDX-License-Identifier: MIT */
/* A log with one object of JSON per line, which is read while it grows and which a continued run
   continues. */
#ifndef VOQ_TOOLS_LINE_LOG_H
#define VOQ_TOOLS_LINE_LOG_H

#include "tools/base/failure.h"
#include "tools/base/json_writer.h"

/* All zero: no log. */
struct line_log {
    FILE *file;
    const char *path;
};

/* path NULL: no log; "-": standard output. The first n_line lines of a file stay: those of the run
   that is continued; what stands behind them is removed. EXIT_OUTPUT. */
bool line_log_open(struct line_log *log, const char *path, uint64_t n_line,
                   struct failure *failure);

/* Opens the object of the next line; only where there is a log. */
struct json_writer line_log_begin(const struct line_log *log);

/* Closes it and writes the line to the file. EXIT_OUTPUT. */
bool line_log_end(const struct line_log *log, struct json_writer *json, struct failure *failure);

void line_log_close(struct line_log *log);

#endif
