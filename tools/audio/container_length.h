/* SPDX-License-Identifier: MIT */
/* How much audio the headers of AIFF, AU, CAF, RIFX, Sphere and W64 declare. libsndfile shortens
   that silently to what is there. (WAV: wave_header.h.) */
#ifndef VOQ_TOOLS_CONTAINER_LENGTH_H
#define VOQ_TOOLS_CONTAINER_LENGTH_H

#include "tools/audio/byte_source.h"

/* Bytes of audio by the header of a file, AUDIO_UNKNOWN where it states none or is another
   format. */
bool container_length(struct byte_source *source, uint64_t *bytes, struct failure *failure);

#endif
