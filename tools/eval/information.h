/* SPDX-License-Identifier: MIT */
/* Entropy and mutual information of counts, in nats. NaN always means an undefined value, which
   the reports write as null or "-". */
#ifndef VOQ_TOOLS_INFORMATION_H
#define VOQ_TOOLS_INFORMATION_H

#include "tools/eval/counts.h"

/* a / b; undefined (NaN) unless b > 0. */
double ratio(double a, double b);

/* -sum n/N ln(n/N) over total[n]; 0 if all are 0. */
double entropy_nats(const uint64_t *total, size_t n);

/* Entropy of the pairs (row, column). */
double joint_entropy_nats(const struct counts *counts);

/* I(row; column), at least 0; 0 without counts. */
double mutual_information_nats(const struct counts *counts);

/* I / H(row) with the two 1e-8 terms of fairseq's measure_teacher_quality.py. */
double fairseq_pnmi(const struct counts *counts);

#endif
