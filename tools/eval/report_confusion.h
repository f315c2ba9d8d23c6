/* SPDX-License-Identifier: MIT */
/* Tables with a line per phone, or per unit. */
#ifndef VOQ_TOOLS_REPORT_CONFUSION_H
#define VOQ_TOOLS_REPORT_CONFUSION_H

#include "tools/eval/evaluation.h"

#include <stdio.h>

bool report_phones(FILE *file, const struct evaluation *evaluation, struct failure *failure);
bool report_units(FILE *file, const struct evaluation *evaluation, struct failure *failure);

#endif
