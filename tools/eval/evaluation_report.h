/* SPDX-License-Identifier: MIT */
/* An evaluation for programs and for people. */
#ifndef VOQ_TOOLS_EVALUATION_REPORT_H
#define VOQ_TOOLS_EVALUATION_REPORT_H

#include "tools/eval/evaluation.h"

#include <stdio.h>

struct report_options {
    const char *units_name;  /* of the file, or of the model */
    const char *phones_name; /* NULL without phones */
    const char *items_name;  /* NULL without items */
    bool per_phone, per_unit;
};

/* JSON: names of the metrics as keys, null for what is undefined. */
bool report_json(FILE *file, const struct evaluation *evaluation,
                 const struct report_options *options, struct failure *failure);

/* A table of at most 100 columns, "-" for what is undefined. */
bool report_table(FILE *file, const struct evaluation *evaluation,
                  const struct report_options *options, struct failure *failure);

/* The counts of phones (rows) and units (columns) as tab-separated text with a header. */
void report_matrix(FILE *file, const struct evaluation *evaluation);

#endif
