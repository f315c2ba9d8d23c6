/* SPDX-License-Identifier: MIT */
/* Whether floats are finite, in integers, so that a loop over many has no branches. */
#ifndef VOQ_FINITE_H
#define VOQ_FINITE_H

#include <stdint.h>
#include <string.h>

/* 0 for a finite number. NaN and infinity have an exponent of all ones, which one more carries into
   the sign bit. */
static inline uint32_t not_finite(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return ((bits & 0x7fffffffU) + 0x00800000U) & 0x80000000U;
}

#endif
