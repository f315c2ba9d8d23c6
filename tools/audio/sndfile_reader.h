/* SPDX-License-Identifier: MIT */
/* Reads a byte source that is a file by libsndfile: all links of a chain as one signal, and past
   the holes in them. */
#ifndef VOQ_TOOLS_SNDFILE_READER_H
#define VOQ_TOOLS_SNDFILE_READER_H

#include "tools/audio/sndfile_part.h"

struct sndfile_reader;

/* begin: where the streams begin, if libsndfile cannot find it itself; else 0. */
bool sndfile_reader_open(struct sndfile_reader **reader, struct byte_source *source,
                         uint64_t begin, struct sndfile_facts *facts, struct failure *failure);

bool sndfile_reader_seek(struct sndfile_reader *reader, uint64_t frame, struct failure *failure);

/* Reads up to n frames to x[n][channels]. *n_read = 0: *n_lost frames are missing here; if that is
   0 too, the end, or the rest cannot be decoded. */
bool sndfile_reader_read(struct sndfile_reader *reader, float *x, size_t n, size_t *n_read,
                         uint64_t *n_lost, struct failure *failure);

/* Return the bits of enum audio_warning for what was read (at_end: all of it), and the sentence for
   AUDIO_WARN_LOST, without the file's name. */
unsigned sndfile_reader_warnings(struct sndfile_reader *reader, bool at_end);
const char *sndfile_reader_loss(const struct sndfile_reader *reader, char *text, size_t size);

void sndfile_reader_close(struct sndfile_reader *reader); /* NULL is allowed */

#endif
