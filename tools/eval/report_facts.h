/* SPDX-License-Identifier: MIT */
/* What was evaluated: lines that the table of one evaluation and that of several share. */
#ifndef VOQ_TOOLS_REPORT_FACTS_H
#define VOQ_TOOLS_REPORT_FACTS_H

#include "tools/eval/evaluation_report.h"

/* What the numbers were compared with. */
void report_references(FILE *file, const struct evaluation *evaluation,
                       const struct report_options *options);

/* A heading and the name of a file, as a terminal may see it, on a line of their own. */
void report_name(FILE *file, const char *heading, const char *name);

/* One line about the units. */
void report_units_facts(FILE *file, const struct unit_set *units);

/* One line about the draws, and for whom the intervals hold. */
void report_resampling(FILE *file, const struct resampling *resampling);

#endif
