/* SPDX-License-Identifier: MIT */
/* Several evaluations side by side. */
#ifndef VOQ_TOOLS_REPORT_COMPARISON_H
#define VOQ_TOOLS_REPORT_COMPARISON_H

#include "tools/eval/evaluation_report.h"

/* Writes one column per evaluation, at most four side by side, then compares every pair. */
bool report_comparison(FILE *file, const struct evaluation *evaluation, size_t n,
                       const struct report_options *options, struct failure *failure);

#endif
