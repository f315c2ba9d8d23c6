/* SPDX-License-Identifier: MIT */
/* Changes of samples that move nothing in time: noise, a room, a level. */
#ifndef VOQ_LEARN_SIGNAL_CHANGE_H
#define VOQ_LEARN_SIGNAL_CHANGE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

void signal_gain(float *x, size_t n, float gain_db);

/* Adds noise[n_noise], from a sample on that `seed` selects and again from its start, so that the
   power of x over that of what is added is snr_db. Silent speech or noise is left unchanged. */
void signal_add_noise(float *x, size_t n, const float *noise, size_t n_noise, uint64_t seed,
                      float snr_db);

/* A made-up room: the direct sound is unchanged, and 2 ms later a tail of pulses with random times
   and signs follows ("velvet noise", Karjalainen and Jarvelainen 2007) that decays by 60 dB in
   rt60_s seconds. Its energy is tail_db over that of the direct sound. y[n] and x[n] differ. */
bool signal_add_room(float *y, const float *x, size_t n, uint32_t rate_hz, uint64_t seed,
                     float rt60_s, float tail_db, struct failure *failure);

#endif
