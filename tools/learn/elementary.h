/* SPDX-License-Identifier: MIT */
/* Elementary functions for learning, from +, -, *, /, sqrt, rounding and bits alone, so that every
   machine and C library computes the same. Within 2.5 units of the last place of float, but for
   exact_cos and exact_sin, which are within 1e-15. */
#ifndef VOQ_LEARN_ELEMENTARY_H
#define VOQ_LEARN_ELEMENTARY_H

#include "tools/learn/lane_table.h"

#include <stddef.h>

float exact_exp(float x);      /* 0 below -104, infinity above 88.73 */
float exact_log(float x);      /* of a positive normal number; of less, log(FLT_MIN) */
float exact_tanh(float x);
float exact_logistic(float x); /* 1 / (1 + e^-x) */

double exact_cos(double x); /* |x| below 2^20 */
double exact_sin(double x);

/* The same on arrays, in lanes, in place; bit for bit the values of the functions above. */
void exact_exp_array(float *x, size_t n);
void exact_log_array(float *x, size_t n);
void exact_tanh_array(float *x, size_t n);
void exact_logistic_array(float *x, size_t n);

#endif
