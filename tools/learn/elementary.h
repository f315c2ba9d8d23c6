/* SPDX-License-Identifier: MIT */
/* Elementary functions for learning, from +, -, *, /, sqrt, rounding and bits alone, so that every
   machine and C library computes the same. Within 1.1 units of the last place of float, but for
   exact_cos and exact_sin, which are within 1e-15. lane_table.h has those of arrays. */
#ifndef VOQ_LEARN_ELEMENTARY_H
#define VOQ_LEARN_ELEMENTARY_H

float exact_exp(float x); /* 0 below -104, infinity above 88.73 */
float exact_log(float x); /* of a positive normal number; of less, log(FLT_MIN) */

double exact_cos(double x); /* |x| below 2^20 */
double exact_sin(double x);

#endif
