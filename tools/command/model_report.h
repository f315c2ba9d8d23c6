/* SPDX-License-Identifier: MIT */
/* Describes a model as text and as JSON. */
#ifndef VOQ_TOOLS_MODEL_REPORT_H
#define VOQ_TOOLS_MODEL_REPORT_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stdio.h>

/* Writes everything but the tables of numbers, whose shapes it states. */
bool model_report_text(const voq_model *model, const char *path, FILE *file,
                       struct failure *failure);

/* Writes one object on one line with every number of the model, codewords included. */
bool model_report_json(const voq_model *model, const char *path, FILE *file,
                       struct failure *failure);

#endif
