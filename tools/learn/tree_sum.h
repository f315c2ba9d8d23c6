/* SPDX-License-Identifier: MIT */
/* Sums over rows in double, in one order that depends on the number of rows alone: the rows are cut
   into at most TREE_LEAVES runs of equal length, each is added up by itself, and neighbours are
   added two by two. */
#ifndef VOQ_LEARN_TREE_SUM_H
#define VOQ_LEARN_TREE_SUM_H

#include "tools/learn/workers.h"

enum { TREE_LEAVES = 64, TREE_VALUES = 2048 };

/* Adds rows first to last-1, in ascending order, to sum[n_value], which holds zeros before. */
typedef void tree_rows(void *context, size_t first, size_t last, double *sum);

/* total[n_value]; n_value is at most TREE_VALUES. */
void tree_sum(struct workers *workers, size_t n_row, size_t n_value, tree_rows *rows, void *context,
              double *total);

/* total[n_column] (any number) of the columns of x[n_row][n_column]. */
void tree_sum_columns(struct workers *workers, size_t n_row, size_t n_column, const float *x,
                      double *total);

#endif
