/* SPDX-License-Identifier: MIT */
/* Tables with one line per phone or per unit, as text and as JSON. */
#ifndef VOQ_TOOLS_REPORT_CONFUSION_H
#define VOQ_TOOLS_REPORT_CONFUSION_H

#include "tools/eval/evaluation.h"
#include "tools/base/json_writer.h"

#include <stdio.h>

bool report_phones(FILE *file, const struct evaluation *evaluation, struct failure *failure);
bool report_units(FILE *file, const struct evaluation *evaluation, struct failure *failure);

/* Write the entries "per_phone" and "per_unit" of an object. */
bool json_phones(struct json_writer *json, const struct evaluation *evaluation,
                 struct failure *failure);
bool json_units(struct json_writer *json, const struct evaluation *evaluation,
                struct failure *failure);

#endif
