/* SPDX-License-Identifier: MIT */
/* Where a writer's bytes go: a file that appears under its name only when it is whole (until then
   it is a part_file.h, which a later process can continue), a stream, or an unlinked temporary
   file. A file is replaced where its links lead and keeps its mode. Write errors are remembered and
   reported by check, flush and commit. */
#ifndef VOQ_TOOLS_SINK_H
#define VOQ_TOOLS_SINK_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct sink;

/* How far a file has come. */
struct sink_mark {
    uint64_t length;
    uint64_t hash; /* of bytes [head, length) */
};

struct sink_options {
    bool spool; /* what is written to a stream waits for sink_release, so that it can be patched */
    bool alone; /* EXIT_OUTPUT where another voq writes the same file */
    bool binary; /* EXIT_USAGE where it would go to a terminal */
    const char *tag;  /* of the unfinished file (part_file.h), for resume; NULL: a fresh one */
    uint64_t head;    /* this many bytes are patched again and again: not in the hash of a mark */
    const struct sink_mark *resume; /* go on from here; NULL: anew */
};

/* "-" is standard output; devices and pipes are written in place, as streams. EXIT_OUTPUT;
   EXIT_USAGE where there is nothing to resume, or something else than what was marked. */
bool sink_open(struct sink **sink, const char *path, const struct sink_options *options,
               struct failure *failure);

/* An unlinked temporary file, for sink_copy. */
bool sink_open_temporary(struct sink **sink, struct failure *failure);

void sink_write(struct sink *sink, const void *bytes, size_t n);
void sink_text(struct sink *sink, const char *text);
void sink_decimal(struct sink *sink, uint64_t value);

/* Bytes so far: in the file, or, spooled, since the last release. */
uint64_t sink_position(const struct sink *sink);

/* Overwrites bytes that were written before. Not on an unspooled stream. */
void sink_patch(struct sink *sink, uint64_t position, const void *bytes, size_t n);

/* Takes back what was written after the position; false on an unspooled stream, which cannot. */
bool sink_cut(struct sink *sink, uint64_t position);

/* A spooled stream gets what waited; nothing to do elsewhere. */
void sink_release(struct sink *sink);

/* Appends all of a temporary to `to` and empties it. */
void sink_copy(struct sink *temporary, struct sink *to);

bool sink_is_stream(const struct sink *sink);
bool sink_check(const struct sink *sink, struct failure *failure);
int sink_error(const struct sink *sink); /* errno of the first write that failed; 0: none did */
bool sink_flush(struct sink *sink, struct failure *failure); /* all bytes to the system */

/* Flushes and reports how far the file is. What is marked is not cut or patched any more, but for
   its head. */
bool sink_mark(struct sink *sink, struct sink_mark *mark, struct failure *failure);

/* Flushes and renames; frees the sink in any case. */
bool sink_commit(struct sink *sink, struct failure *failure);

/* keep: the unfinished file stays. NULL is fine. */
void sink_abandon(struct sink *sink, bool keep);

#endif
