/* SPDX-License-Identifier: MIT */
/* Dead codes: each is moved next to the code with the largest distortion and takes half of its
   frames. */
#ifndef VOQ_TRAIN_REVIVE_H
#define VOQ_TRAIN_REVIVE_H

#include "tools/train/totals.h"

/* Moves each codeword without frames next to the one with the largest sum of squared distances,
   which moves by as much in the opposite direction and then counts half. Changes count and
   distortion in *totals accordingly. Returns the number of revived codes; codes stay dead if no
   code has any distortion left. */
uint32_t revive_dead_codes(struct totals *totals, float *codeword);

#endif
