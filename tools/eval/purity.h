/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TOOLS_PURITY_H
#define VOQ_TOOLS_PURITY_H

#include "tools/eval/counts.h"

/* phone: frame accuracy if each unit (column) is read as its most frequent phone (row); cluster:
   the same with the roles exchanged. The counts must be finished and not empty. */
bool purity_measure(const struct counts *counts, double *phone, double *cluster,
                    struct failure *failure);

#endif
