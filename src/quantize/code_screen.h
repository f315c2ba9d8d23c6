/* SPDX-License-Identifier: MIT */
/* Packs a codebook for the screen of kernel/screen_kernel.h. Shared with tools/train. */
#ifndef VOQ_CODE_SCREEN_H
#define VOQ_CODE_SCREEN_H

#include "src/base/arena.h"
#include "src/kernel/screen_kernel.h"

/* Whether a codebook of this size is searched faster with a screen. */
bool voq_screen_pays(size_t n_code, size_t dim);

/* Lays out the screen of a codebook that is centred and packed as in codebook.h. Its margin is 0 if
   the codewords are too large, too small or too equal for it. */
void voq_screen_place(struct screen *screen, const float *packed, const float *half_norm,
                      size_t n_code, size_t dim, struct arena *arena);

#endif
