/* SPDX-License-Identifier: MIT */
/* What a stream cannot do, because it needs the whole signal first: librosa's top_db and the
   utterance's mean. The file is read once to measure, then once more to encode. */
#ifndef VOQ_TOOLS_WHOLE_SIGNAL_H
#define VOQ_TOOLS_WHOLE_SIGNAL_H

#include "tools/audio/audio.h"
#include "voq.h"

/* Does this model have such an option? */
bool whole_signal_needed(const voq_model *model);

/* Reads the audio and makes *own, a model for this signal only, that a stream accepts: top_db has
   become a floor, the utterance's mean a fixed one. Close it. EXIT_INPUT where the input cannot be
   read twice. */
bool whole_signal_model(const voq_model *model, const struct audio_request *request,
                        voq_model **own, struct failure *failure);

#endif
