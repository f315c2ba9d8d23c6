/* SPDX-License-Identifier: MIT */
#include "tools/learn/elementary.h"

#define LANES 1
#include "src/kernel/lanes.h"

#include "tools/learn/elementary_tmpl.h"

float exact_exp(float x)
{
    return exp_of(x);
}

float exact_log(float x)
{
    return natural_log_of(x);
}

/* Series of sine and cosine for |r| <= pi/4; what is left out is below 1e-17. */
static double sine_near_zero(double r)
{
    double z = r * r, p = 1.0 / 355687428096000.0;
    p = p * z - 1.0 / 1307674368000.0;
    p = p * z + 1.0 / 6227020800.0;
    p = p * z - 1.0 / 39916800.0;
    p = p * z + 1.0 / 362880.0;
    p = p * z - 1.0 / 5040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    return r + r * (z * p);
}

static double cosine_near_zero(double r)
{
    double z = r * r, p = 1.0 / 20922789888000.0;
    p = p * z - 1.0 / 87178291200.0;
    p = p * z + 1.0 / 479001600.0;
    p = p * z - 1.0 / 3628800.0;
    p = p * z + 1.0 / 40320.0;
    p = p * z - 1.0 / 720.0;
    p = p * z + 1.0 / 24.0;
    p = p * z - 0.5;
    return 1.0 + z * p;
}

/* sin(x + quarters pi/2). pi/2 has three parts, the first two of 33 bits, so that their products
   with the number of quarters are exact. */
static double sine_of_turned(double x, int quarters)
{
    const double shifter = 0x1.8p52;
    double k = (x * 0x1.45f306dc9c883p-1 + shifter) - shifter;
    double r = ((x - k * 0x1.921fb544p0) - k * 0x1.0b4611a6p-34) - k * 0x1.3198a2e037073p-69;
    switch (((int)k + quarters) & 3) {
    case 0: return sine_near_zero(r);
    case 1: return cosine_near_zero(r);
    case 2: return -sine_near_zero(r);
    default: return -cosine_near_zero(r);
    }
}

double exact_sin(double x)
{
    return sine_of_turned(x, 0);
}

double exact_cos(double x)
{
    return sine_of_turned(x, 1);
}
