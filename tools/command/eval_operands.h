/* SPDX-License-Identifier: MIT */
/* Decides which operands of `voq eval` or `voq report` are models and which are the corpus. */
#ifndef VOQ_TOOLS_EVAL_OPERANDS_H
#define VOQ_TOOLS_EVAL_OPERANDS_H

#include "tools/base/failure.h"

#include <stddef.h>

struct eval_operands {
    char **operand; /* [n_model + n_corpus], models first; points into argv, which is reordered */
    size_t n_model, n_corpus;
};

/* The first operand is a model. A later one is a model if it ends in ".voq", or if a model has that
   name and no such path exists. The rest are the corpus. EXIT_USAGE: no model, no corpus, a name
   that is neither, or the corpus before the model. */
bool eval_operands_sort(struct eval_operands *operands, const char *command, char **operand,
                        size_t n, struct failure *failure);

#endif
