/* SPDX-License-Identifier: MIT */
/* Mixes interleaved channels to one. */
#ifndef VOQ_TOOLS_CHANNELS_H
#define VOQ_TOOLS_CHANNELS_H

#include <stddef.h>
#include <stdint.h>

/* Writes mono[n] from x[n][channels]: channel = 0 the mean (sum in channel order in float, times
   1.0f / channels), from 1 that channel. mono may be x. */
void channels_to_mono(const float *x, size_t n, uint32_t channels, uint32_t channel, float *mono);

#endif
