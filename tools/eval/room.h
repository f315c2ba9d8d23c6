/* SPDX-License-Identifier: MIT */
/* A made-up room. */
#ifndef VOQ_TOOLS_ROOM_H
#define VOQ_TOOLS_ROOM_H

#include "tools/eval/samples.h"

/* Adds reverberation of rt60_s seconds (time to fall by 60 dB): the direct sound, unchanged and in
   place, and after 2 ms a tail of sparse pulses of random place and sign ("velvet noise",
   Karjalainen and Jarvelainen 2007; 1,500 a second), falling exponentially, with the energy of the
   direct sound (direct-to-reverberant ratio 0 dB). The room is the same for every utterance. */
bool room_apply(struct samples *samples, double rt60_s, struct failure *failure);

#endif
