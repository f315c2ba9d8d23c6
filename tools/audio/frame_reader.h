/* SPDX-License-Identifier: MIT */
/* Frames of interleaved floats from a byte source, whatever its format. */
#ifndef VOQ_TOOLS_FRAME_READER_H
#define VOQ_TOOLS_FRAME_READER_H

#include "tools/audio/audio.h"
#include "tools/audio/byte_source.h"

struct frame_reader;

/* Fills rate_hz, channels, format, streaming, rereadable and declared_frames of *facts. */
bool frame_reader_open(struct frame_reader **reader, struct byte_source *source,
                       const struct audio_request *request, struct audio_facts *facts,
                       struct failure *failure);

bool frame_reader_seek(struct frame_reader *reader, uint64_t frame, struct failure *failure);

/* Reads up to n > 0 frames to x[n][channels], as soon as there are any. *n_read = 0: *n_lost frames
   are missing here, or, if that is 0 too, the end. */
bool frame_reader_read(struct frame_reader *reader, float *x, size_t n, size_t *n_read,
                       uint64_t *n_lost, struct failure *failure);

/* Returns by how many frames the declared number may be too large in a whole file. */
uint32_t frame_reader_slack(const struct frame_reader *reader);

/* Return the bits of enum audio_warning for what was read (at_end: all of it), and the sentence for
   AUDIO_WARN_LOST, without the file's name. */
unsigned frame_reader_warnings(struct frame_reader *reader, bool at_end);
const char *frame_reader_loss(const struct frame_reader *reader, char *text, size_t size);

/* With AUDIO_WARN_BEYOND: the position of the first byte that was not read. */
uint64_t frame_reader_beyond(const struct frame_reader *reader);

/* Writes the sentence for AUDIO_WARN_LAYOUT, without a newline. */
void frame_reader_layout_text(const struct frame_reader *reader, char *text, size_t size);

void frame_reader_close(struct frame_reader *reader); /* NULL is allowed */

#endif
