/* SPDX-License-Identifier: MIT */
/* The one reader of text files: it knows file and line. UTF-8 is not checked here; a byte order
   mark, a NUL byte and a line over 64 MB are failures. One '\r' before '\n' is dropped. */
#ifndef VOQ_TOOLS_LINE_READER_H
#define VOQ_TOOLS_LINE_READER_H

#include "tools/base/failure.h"

#include <stddef.h>

struct line_reader;

/* "-" is standard input, then called "stdin" in messages. */
bool line_reader_open(struct line_reader **reader, const char *path, struct failure *failure);

/* The next line, without its end, zero-terminated, valid until the next call; *line = NULL at the
   end of the file. */
bool line_reader_next(struct line_reader *reader, char **line, size_t *length,
                      struct failure *failure);

/* Fails with "FILE:LINE: ..." about the line read last. */
bool line_reader_fail(const struct line_reader *reader, struct failure *failure,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));

const char *line_reader_path(const struct line_reader *reader);
size_t line_reader_number(const struct line_reader *reader); /* of the line read last, from 1 */
void line_reader_close(struct line_reader *reader);          /* NULL is fine */

#endif
