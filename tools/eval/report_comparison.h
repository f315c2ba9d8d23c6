/* SPDX-License-Identifier: MIT */
/* Several evaluations side by side, and what their table shares with that of one. */
#ifndef VOQ_TOOLS_REPORT_COMPARISON_H
#define VOQ_TOOLS_REPORT_COMPARISON_H

#include "tools/eval/evaluation_report.h"

/* One column for each of n evaluations (four abreast), then each against each. */
bool report_comparison(FILE *file, const struct evaluation *evaluation, size_t n,
                       const struct report_options *options, struct failure *failure);

/* What the numbers were compared with. */
void report_references(FILE *file, const struct evaluation *evaluation,
                       const struct report_options *options);

/* One line about the units. */
void report_units_facts(FILE *file, const struct unit_set *units);

/* One line about the draws, and for whom the intervals hold. */
void report_resampling(FILE *file, const struct resampling *resampling);

#endif
