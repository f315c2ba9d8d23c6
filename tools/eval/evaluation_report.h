/* SPDX-License-Identifier: MIT */
/* Writes an evaluation as JSON, as a table for people, and as a matrix of counts. */
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

/* Writes JSON whose keys are the names of the metrics; undefined values are null. Several
   evaluations are an object {"models": [...], "comparisons": [...]}. */
bool evaluation_write_json(FILE *file, const struct evaluation *evaluation, size_t n,
                           const struct report_options *options, struct failure *failure);

/* Writes a table of at most 100 columns; undefined values are "-". Several evaluations are side by
   side, with fewer rows. */
bool evaluation_write_table(FILE *file, const struct evaluation *evaluation, size_t n,
                            const struct report_options *options, struct failure *failure);

/* Writes the counts of phones (rows) and units (columns) as tab-separated text with a header. */
void evaluation_write_matrix(FILE *file, const struct evaluation *evaluation);

#endif
