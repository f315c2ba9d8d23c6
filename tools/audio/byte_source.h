/* SPDX-License-Identifier: MIT */
/* Bytes of a file, a pipe or a command. Positions count from where the audio begins. What a header
   needs is looked at first; a pipe remembers what was looked at. */
#ifndef VOQ_TOOLS_BYTE_SOURCE_H
#define VOQ_TOOLS_BYTE_SOURCE_H

#include "tools/audio/audio.h"

struct byte_source;

bool byte_source_open(struct byte_source **source, const struct audio_request *request,
                      struct failure *failure);
const char *byte_source_label(const struct byte_source *source);

/* Can positions be read in any order, and how many bytes are there (AUDIO_UNKNOWN)? */
bool byte_source_is_file(const struct byte_source *source);
uint64_t byte_source_size(const struct byte_source *source);

/* Up to n bytes at a position; fewer only at the end. A pipe can look 4 MB beyond what was read. */
bool byte_source_peek(struct byte_source *source, uint64_t position, void *bytes, size_t n,
                      size_t *n_peeked, struct failure *failure);

/* Moves to a position: anywhere in a file, forward in a pipe. */
bool byte_source_seek(struct byte_source *source, uint64_t position, struct failure *failure);

/* Up to n > 0 bytes, as soon as there are any; *n_read = 0: the end. A command that ends with an
   error fails here. */
bool byte_source_read(struct byte_source *source, void *bytes, size_t n, size_t *n_read,
                      struct failure *failure);

/* Reads a command to its end, so that its exit status is known. Nothing for others. */
bool byte_source_drain(struct byte_source *source, struct failure *failure);

/* Makes a file of what was not read of a pipe: an unlinked one in $TMPDIR or /tmp. */
bool byte_source_spool(struct byte_source *source, struct failure *failure);

/* Reads a pipe to its end, so that its size is known and all that was not read can be looked at: in
   memory what it can look at, a longer rest becomes a file. Nothing for files. */
bool byte_source_gather(struct byte_source *source, struct failure *failure);

/* Up to 8 bytes of a file that shall be read as these; two such places at most. */
void byte_source_patch(struct byte_source *source, uint64_t position, const unsigned char *bytes,
                       size_t n);

/* The audio ends at this position at the latest (inside an archive). */
void byte_source_limit(struct byte_source *source, uint64_t size);

void byte_source_close(struct byte_source *source); /* NULL is fine */

#endif
