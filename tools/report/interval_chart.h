/* SPDX-License-Identifier: MIT */
/* Scores of several models with their intervals, as pictures. */
#ifndef VOQ_TOOLS_INTERVAL_CHART_H
#define VOQ_TOOLS_INTERVAL_CHART_H

#include "tools/report/page.h"

/* Writes one chart for each score that has intervals; nothing for a single model. */
void interval_charts_write(FILE *file, const struct page_input *input);

#endif
