/* SPDX-License-Identifier: MIT */
/* Bytes of a file, a pipe or a command. Positions count from where the audio begins. Headers are
   read by peeking; a pipe keeps the peeked bytes. */
#ifndef VOQ_TOOLS_BYTE_SOURCE_H
#define VOQ_TOOLS_BYTE_SOURCE_H

#include "tools/audio/audio.h"

struct byte_source;

bool byte_source_open(struct byte_source **source, const struct audio_request *request,
                      struct failure *failure);
const char *byte_source_label(const struct byte_source *source);

/* Return whether positions can be read in any order, and how many bytes there are or
   AUDIO_UNKNOWN. */
bool byte_source_is_file(const struct byte_source *source);
uint64_t byte_source_size(const struct byte_source *source);

/* Copies up to n bytes from a position; fewer only at the end. A pipe can be peeked 4 MB ahead. */
bool byte_source_peek(struct byte_source *source, uint64_t position, void *bytes, size_t n,
                      size_t *n_peeked, struct failure *failure);

/* Moves to a position: anywhere in a file, forward in a pipe. */
bool byte_source_seek(struct byte_source *source, uint64_t position, struct failure *failure);

/* Reads up to n > 0 bytes, as soon as there are any; *n_read = 0: the end. Fails if the command
   ended with an error. */
bool byte_source_read(struct byte_source *source, void *bytes, size_t n, size_t *n_read,
                      struct failure *failure);

/* Reads a command to its end, so that its exit status is known. Does nothing for other sources. */
bool byte_source_drain(struct byte_source *source, struct failure *failure);

/* Copies the unread rest of a pipe to an unlinked file in $TMPDIR or /tmp. */
bool byte_source_spool(struct byte_source *source, struct failure *failure);

/* Reads a pipe to its end, so that its size is known and all of the unread rest can be peeked; a
   rest that is too long for memory becomes a file. Does nothing for files. */
bool byte_source_gather(struct byte_source *source, struct failure *failure);

/* Replaces up to 8 bytes of a file when it is read; at most two such places. */
void byte_source_patch(struct byte_source *source, uint64_t position, const unsigned char *bytes,
                       size_t n);

/* Limits the audio to end at this position (inside an archive). */
void byte_source_limit(struct byte_source *source, uint64_t size);

void byte_source_close(struct byte_source *source); /* NULL is allowed */

#endif
