/* SPDX-License-Identifier: MIT */
/* The destination of a writer: a file that appears under its name only when it is whole (until then
   it is a part_file.h, which a later process can continue), a stream, or an unlinked temporary
   file. Links to a replaced file are followed, and its mode is kept. Write errors are remembered
   and reported by check, flush and commit. */
#ifndef VOQ_TOOLS_SINK_H
#define VOQ_TOOLS_SINK_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct sink;

/* How much of a file is written. */
struct sink_mark {
    uint64_t length;
    uint64_t hash; /* of bytes [head, length) */
};

struct sink_options {
    bool spool; /* a stream's bytes wait for sink_release, so that they can be patched */
    bool alone; /* EXIT_OUTPUT if another voq writes the same file */
    bool binary; /* EXIT_USAGE if the output is a terminal */
    const char *tag;  /* of the unfinished file (part_file.h), for resume; NULL: a fresh one */
    uint64_t head;    /* first bytes, which are patched often: the hash of a mark leaves them out */
    const struct sink_mark *resume; /* continue from here; NULL: start a new file */
};

/* "-" is standard output; devices and pipes are written in place, as streams. EXIT_OUTPUT;
   EXIT_USAGE if there is nothing to resume, or not what was marked. */
bool sink_open(struct sink **sink, const char *path, const struct sink_options *options,
               struct failure *failure);

/* Opens an unlinked temporary file, for sink_copy. */
bool sink_open_temporary(struct sink **sink, struct failure *failure);

void sink_write(struct sink *sink, const void *bytes, size_t n);
void sink_text(struct sink *sink, const char *text);
void sink_decimal(struct sink *sink, uint64_t value);

/* Bytes so far: in the file, or, if spooled, since the last release. */
uint64_t sink_position(const struct sink *sink);

/* Overwrites bytes written before. Not allowed on an unspooled stream. */
void sink_patch(struct sink *sink, uint64_t position, const void *bytes, size_t n);

/* Removes what was written after the position; returns false on an unspooled stream. */
bool sink_cut(struct sink *sink, uint64_t position);

/* Writes what waits to a spooled stream; does nothing on other sinks. */
void sink_release(struct sink *sink);

/* Appends all of a temporary to `to` and empties it. */
void sink_copy(struct sink *temporary, struct sink *to);

bool sink_is_stream(const struct sink *sink);
bool sink_check(const struct sink *sink, struct failure *failure);
int sink_error(const struct sink *sink); /* errno of the first write that failed; 0: none did */
bool sink_flush(struct sink *sink, struct failure *failure); /* all bytes to the system */

/* Flushes and returns how much of the file is written. Marked bytes, except the head, must not be
   cut or patched any more. */
bool sink_mark(struct sink *sink, struct sink_mark *mark, struct failure *failure);

/* Flushes and renames; frees the sink in any case. */
bool sink_commit(struct sink *sink, struct failure *failure);

/* keep: the unfinished file is not removed. NULL is allowed. */
void sink_abandon(struct sink *sink, bool keep);

#endif
