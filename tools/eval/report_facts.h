/* SPDX-License-Identifier: MIT */
/* Lines about what was evaluated, shared by the tables of one and of several evaluations. */
#ifndef VOQ_TOOLS_REPORT_FACTS_H
#define VOQ_TOOLS_REPORT_FACTS_H

#include "tools/eval/evaluation_report.h"

/* Writes which phones and items were used. */
void report_references(FILE *file, const struct evaluation *evaluation,
                       const struct report_options *options);

/* Writes a heading and the name of a file on one line, without what would command a terminal. */
void report_name(FILE *file, const char *heading, const char *name);

/* Writes one line about the units. */
void report_units_facts(FILE *file, const struct unit_set *units);

/* Writes one line about the draws and what the intervals are valid for. */
void report_resampling(FILE *file, const struct resampling *resampling);

#endif
