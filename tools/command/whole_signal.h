/* SPDX-License-Identifier: MIT */
/* What a stream cannot do, because it needs the whole signal first: librosa's top_db and the
   utterance's mean. voq_encode does it to a buffer; a file is read once per measurement and once
   more to encode, so that its length needs no memory. */
#ifndef VOQ_TOOLS_WHOLE_SIGNAL_H
#define VOQ_TOOLS_WHOLE_SIGNAL_H

#include "tools/audio/audio.h"
#include "voq.h"

/* Reads the audio and makes *own, a model for this signal only, that a stream accepts: top_db has
   become a floor, the utterance's mean a fixed one. Close it. EXIT_INPUT where the input cannot be
   read twice. */
bool whole_signal_model(const voq_model *model, const struct audio_request *request,
                        voq_model **own, struct failure *failure);

#endif
