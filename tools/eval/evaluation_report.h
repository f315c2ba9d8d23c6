/* SPDX-License-Identifier: MIT */
/* An evaluation for programs and for people. */
#ifndef VOQ_TOOLS_EVALUATION_REPORT_H
#define VOQ_TOOLS_EVALUATION_REPORT_H

#include "tools/eval/evaluation.h"

#include <stdio.h>

struct report_options {
    const char *const *units_name; /* [n] of the file, or of the models */
    const char *phones_name; /* NULL without phones */
    const char *items_name;  /* NULL without items */
    bool per_phone, per_unit;
};

/* JSON: the names of the metrics are the keys, null is for what is undefined. Several evaluations
   are an object {"models": [...], "comparisons": [...]}. */
bool evaluation_write_json(FILE *file, const struct evaluation *evaluation, size_t n,
                           const struct report_options *options, struct failure *failure);

/* A table of at most 100 columns, "-" for what is undefined. Several evaluations stand side by
   side, with fewer rows. */
bool evaluation_write_table(FILE *file, const struct evaluation *evaluation, size_t n,
                            const struct report_options *options, struct failure *failure);

/* The counts of phones (rows) and units (columns) as tab-separated text with a header. */
void evaluation_write_matrix(FILE *file, const struct evaluation *evaluation);

#endif
