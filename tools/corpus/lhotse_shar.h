/* SPDX-License-Identifier: MIT */
/* Lhotse Shar keeps the audio of cuts in "FIELD.NUMBER.tar" and what is known about them in
   "cuts.NUMBER.jsonl" or "cuts.NUMBER.jsonl.gz" beside it. */
#ifndef VOQ_TOOLS_LHOTSE_SHAR_H
#define VOQ_TOOLS_LHOTSE_SHAR_H

#include "tools/corpus/utterance_list.h"

/* Adds the ids of the cuts that belong to a tar and state a speaker; the value of each is the
   number of that speaker in corpus->speakers. A file of cuts that cannot be read is a warning. */
bool lhotse_shar_speakers(struct corpus *corpus, const char *tar, struct name_index *cuts,
                          struct failure *failure);

#endif
