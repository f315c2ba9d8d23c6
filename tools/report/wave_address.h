/* SPDX-License-Identifier: MIT */
/* Sound as an address that an element of HTML may play. */
#ifndef VOQ_TOOLS_WAVE_ADDRESS_H
#define VOQ_TOOLS_WAVE_ADDRESS_H

#include "tools/eval/samples.h"

#include <stdio.h>

/* Writes "data:audio/wav;base64,..." of the samples in 16 bits; values beyond +-1 are clipped. */
void wave_address_write(FILE *file, const struct samples *samples);

#endif
