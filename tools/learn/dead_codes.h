/* SPDX-License-Identifier: MIT */
/* Dead codes start again at live latents: Zeghidour, Luebs, Omran, Skoglund and Tagliasacchi
   (2021), "SoundStream", section III-C. The moving averages start again with the codeword, so that
   it is not pulled back to where it died. */
#ifndef VOQ_LEARN_DEAD_CODES_H
#define VOQ_LEARN_DEAD_CODES_H

#include "tools/base/rng.h"
#include "tools/learn/codebook_ema.h"

struct restart_options {
    double least; /* codes with a smaller moving count are dead; 0: none ever is */
    double count; /* moving count of a code that starts again */
};

/* Gives each dead code, in order, a latent of x[n][dim] of its own; all choices of latents are
   equally likely. Returns the number of codes that started again, at most n. */
uint32_t dead_codes_restart(struct moving_codebook *codebook, const struct restart_options *options,
                            const float *x, size_t n, struct rng *rng);

#endif
