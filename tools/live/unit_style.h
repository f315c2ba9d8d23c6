/* SPDX-License-Identifier: MIT */
/* The colour of each unit: similar codewords have similar colours. */
#ifndef VOQ_TOOLS_UNIT_STYLE_H
#define VOQ_TOOLS_UNIT_STYLE_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stdint.h>

/* Returns the style (screen.h) of each code of the model's first codebook; NULL: failure. */
uint32_t *unit_styles(const voq_model *model, struct failure *failure);

#endif
