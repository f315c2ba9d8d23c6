/* SPDX-License-Identifier: MIT */
/* An encoder in integers, made from floats.

   Values of one step: of the features 2^-5, of a GRU's output 2^-7, of a conv's output its `step`
   (output_step.h). A row of weights has its own scale:

       top = max |w|, w' = rint(127 w / top), unit = (top / 127) * step of the input
       b' = rint(b / unit), real = unit / step (conv) or unit * 2048 (gates, latent)
       s = the largest <= 32 for which every rint(real 2^s) < 2^31; M = rint(real 2^s)

   A row of zeros, or nearly so, has the scale of 1 / 65536 of the largest weight. All in double, so
   that the integers do not depend on the machine. */
#ifndef VOQ_LEARN_INTEGERS_H
#define VOQ_LEARN_INTEGERS_H

#include "tools/learn/float_network.h"
#include "voq.h"

#define INTEGERS_FEATURE_STEP (1.0 / 32)

struct integer_matrix {
    int8_t *weight;
    int32_t *bias, *multiplier;
};

struct integers {
    voq_encoder encoder; /* for voq_parts; its layers are those below */
    voq_layer layer[ENCODER_MOST_LAYERS];
    struct integer_matrix input[ENCODER_MOST_LAYERS], state[ENCODER_MOST_LAYERS];
};

/* step[n_layer]: of conv outputs; others are not read. EXIT_INPUT: a row whose sums could pass 32
   bits, or whose scale is beyond what integers hold. After a failure integers_free frees what there
   is. */
bool integers_make(struct integers *integers, const struct float_network *network,
                   const double *step, struct failure *failure);
void integers_free(struct integers *integers);

#endif
