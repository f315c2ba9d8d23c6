/* SPDX-License-Identifier: MIT */
/* librosa's top_db and the utterance mean need the whole signal, so a stream rejects them.
   voq_encode applies them to a buffer; here a file is read once per measurement and once more to
   encode, so that memory does not grow with its length. */
#ifndef VOQ_TOOLS_WHOLE_SIGNAL_H
#define VOQ_TOOLS_WHOLE_SIGNAL_H

#include "tools/audio/audio.h"
#include "voq.h"

/* Reads the audio and makes *own, a model for this signal only that a stream accepts: top_db is
   replaced by a floor, the utterance mean by a fixed one. The caller closes it. EXIT_INPUT if the
   input cannot be read twice. */
bool whole_signal_model(const voq_model *model, const struct audio_request *request,
                        voq_model **own, struct failure *failure);

#endif
