/* SPDX-License-Identifier: MIT */
/* Comparisons with a tolerance, for numbers that another program computed in another order. */
#ifndef VOQ_TESTS_NEAR_H
#define VOQ_TESTS_NEAR_H

#include "tests/support/check.h"

#include <math.h>

#define CHECK_NEAR(got, expected, tolerance)                                                       \
    do {                                                                                           \
        double got_ = (double)(got), expected_ = (double)(expected);                               \
        if (!(fabs(got_ - expected_) <= (tolerance))) {                                            \
            printf("# %s:%d: %s is %.9g, expected %.9g\n", __FILE__, __LINE__, #got, got_,         \
                   expected_);                                                                     \
            check_state.failed = true;                                                             \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* Compares n floats; the tolerance counts for the largest magnitude expected. */
#define CHECK_ALL_NEAR(got, expected, n, tolerance)                                                \
    do {                                                                                           \
        double most_ = 0;                                                                          \
        for (size_t i_ = 0; i_ < (size_t)(n); i_++)                                                \
            most_ = fmax(most_, fabs((double)(expected)[i_]));                                     \
        for (size_t i_ = 0; i_ < (size_t)(n); i_++)                                                \
            CHECK_NEAR((got)[i_], (expected)[i_], (tolerance) * most_);                            \
    } while (0)

#endif
