/* SPDX-License-Identifier: MIT */
/* Synthetic reverberation. */
#ifndef VOQ_TOOLS_ROOM_H
#define VOQ_TOOLS_ROOM_H

#include "tools/eval/samples.h"

/* Adds reverberation of rt60_s seconds (time to decay by 60 dB): the direct sound is unchanged, and
   2 ms later a tail of sparse pulses with random times and signs follows ("velvet noise",
   Karjalainen and Jarvelainen 2007; 1,500 pulses per second). It decays exponentially and has the
   energy of the direct sound (0 dB). The room is the same for every utterance. */
bool room_apply(struct samples *samples, double rt60_s, struct failure *failure);

#endif
