/* SPDX-License-Identifier: MIT */
/* Reads linear PCM, headerless or in a WAV, without libsndfile: from a pipe as it arrives. */
#ifndef VOQ_TOOLS_PCM_READER_H
#define VOQ_TOOLS_PCM_READER_H

#include "tools/audio/sample_layout.h"

struct pcm_reader;

/* Both fill rate_hz, channels, format and declared_frames of *facts. */
bool pcm_reader_open_raw(struct pcm_reader **reader, struct byte_source *source,
                         const struct audio_raw *raw, struct audio_facts *facts,
                         struct failure *failure);
bool pcm_reader_open_wave(struct pcm_reader **reader, struct byte_source *source,
                          const struct wave_header *header, struct audio_facts *facts,
                          struct failure *failure);

bool pcm_reader_seek(struct pcm_reader *reader, uint64_t frame, struct failure *failure);

/* Reads up to n > 0 frames to x[n][channels], as soon as there are any; *n_read = 0: the end. */
bool pcm_reader_read(struct pcm_reader *reader, float *x, size_t n, size_t *n_read,
                     struct failure *failure);

unsigned pcm_reader_warnings(const struct pcm_reader *reader); /* of enum audio_warning */
uint64_t pcm_reader_beyond(const struct pcm_reader *reader);   /* as in struct settled_length */

/* Writes the sentence for AUDIO_WARN_LAYOUT, without a newline. */
void pcm_reader_layout_text(const struct pcm_reader *reader, char *text, size_t size);

void pcm_reader_close(struct pcm_reader *reader); /* NULL is allowed */

#endif
