/* SPDX-License-Identifier: MIT */
/* Small dense linear algebra in double, in a fixed order: the same bits on every machine. Matrices
   are [n][n], row by row. */
#ifndef VOQ_TRAIN_LINEAR_H
#define VOQ_TRAIN_LINEAR_H

#include <stdbool.h>
#include <stddef.h>

/* Eigenvalues, largest first, and eigenvectors vector[i][n] of unit length, their largest component
   positive, of a symmetric matrix (cyclic Jacobi). Destroys a. */
void eigen_symmetric(double *a, size_t n, double *value, double *vector);

/* The same for a v = value b v, with v' b v = 1. Destroys a and b. False: b is not positive
   definite. */
bool eigen_generalised(double *a, double *b, size_t n, double *value, double *vector);

#endif
