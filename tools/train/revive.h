/* SPDX-License-Identifier: MIT */
/* Codes that no frame chose are worth nothing: each takes half of the code that costs most. */
#ifndef VOQ_TRAIN_REVIVE_H
#define VOQ_TRAIN_REVIVE_H

#include "tools/train/totals.h"

/* Puts each codeword without frames beside the one with the largest sum of squared distances, which
   steps aside by as much and then counts half. Returns how many were revived; codes stay dead where
   no code has any distortion left. Changes count and distortion in *totals accordingly. */
uint32_t revive_dead_codes(struct totals *totals, float *codeword);

#endif
