/* SPDX-License-Identifier: MIT */
/* The one reader of text files; its messages name file and line. It drops a byte order mark at the
   start and unpacks gzip. UTF-8 is not checked here; a zero byte and a line over 64 MB are
   failures. In a list, blanks and '\r' at the end of a line are dropped, because editors and
   spreadsheets add them. A document keeps them (line_reader_keep_all). */
#ifndef VOQ_TOOLS_LINE_READER_H
#define VOQ_TOOLS_LINE_READER_H

#include "tools/base/failure.h"

#include <stddef.h>

struct line_reader;

/* "-" is standard input, which messages call "stdin". */
bool line_reader_open(struct line_reader **reader, const char *path, struct failure *failure);

/* Looks at the next text without reading it: *n bytes, fewer only at the end of the file. Valid
   until the next call. UTF-16 is already converted to UTF-8. */
bool line_reader_peek(struct line_reader *reader, const char **text, size_t *n,
                      struct failure *failure);

/* Reads the rest as a document: '\n', "\r\n" and a lone '\r' end a line, blanks are kept, and
   UTF-16, which is a failure in a list, is converted to UTF-8. */
void line_reader_keep_all(struct line_reader *reader);

/* Reads the next line: without its end, zero-terminated, valid until the next call; *line = NULL at
   the end of the file. */
bool line_reader_next(struct line_reader *reader, char **line, size_t *length,
                      struct failure *failure);

/* Fails with "FILE:LINE: ..." about the line read last. */
bool line_reader_fail(const struct line_reader *reader, struct failure *failure,
                      const char *format, ...) __attribute__((format(printf, 3, 4)));

const char *line_reader_path(const struct line_reader *reader);
size_t line_reader_number(const struct line_reader *reader); /* of the line read last, from 1 */
void line_reader_close(struct line_reader *reader);          /* NULL is allowed */

#endif
