/* SPDX-License-Identifier: MIT */
/* The weights of a network one by one, with the names and shapes of PyTorch. */
#ifndef VOQ_LEARN_WEIGHTS_VISIT_H
#define VOQ_LEARN_WEIGHTS_VISIT_H

#include "tools/learn/network.h"

enum { WEIGHT_NAME = 64, WEIGHT_AXES = 3 };

/* value[product of the shape]; what a visitor changes is changed in the network. */
typedef bool weights_visitor(void *context, const char *name, const uint64_t *shape, size_t n_axis,
                             float *value, struct failure *failure);

/* prefix: "layers", "heads.0" ... ; the names are PREFIX.N.weight and so on. */
bool weights_visit(struct network *network, const char *prefix, weights_visitor *visitor,
                   void *context, struct failure *failure);

#endif
