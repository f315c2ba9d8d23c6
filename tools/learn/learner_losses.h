/* SPDX-License-Identifier: MIT */
/* The losses of one step and their gradients with respect to the latents. */
#ifndef VOQ_LEARN_LEARNER_LOSSES_H
#define VOQ_LEARN_LEARNER_LOSSES_H

#include "tools/learn/learner.h"

/* scratch->z holds the latents, and scratch->clean those of the clean copy. Fills scratch->dz, adds
   to the gradients of heads or decoder and of the codebook, and adds to the report. */
bool learner_losses(struct learner *learner, const struct batch *batch,
                    struct learner_report *report, struct failure *failure);

#endif
