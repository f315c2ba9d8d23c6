/* SPDX-License-Identifier: MIT */
/* Where a writer's bytes go: a file that appears under its name only when it is whole (until then
   NAME.tmp, which a later process can continue), a stream, or an unlinked temporary file. Write
   errors are remembered and told by check, flush and commit. */
#ifndef VOQ_TOOLS_SINK_H
#define VOQ_TOOLS_SINK_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct sink;

/* "-" is standard output; devices and pipes are written in place, as streams.
   spool: what is written to a stream waits in a temporary file until release, so that it can be
   patched. resume: NAME.tmp is cut to this length and continued; NULL: begun anew.
   EXIT_OUTPUT; EXIT_USAGE for a stream with `resume`. */
bool sink_open(struct sink **sink, const char *path, bool spool, const uint64_t *resume,
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
bool sink_flush(struct sink *sink, struct failure *failure); /* all bytes to the system */

/* Flushes and renames; frees the sink in any case. */
bool sink_commit(struct sink *sink, struct failure *failure);

/* keep: NAME.tmp stays. NULL is fine. */
void sink_abandon(struct sink *sink, bool keep);

#endif
