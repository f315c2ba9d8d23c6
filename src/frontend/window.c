/* SPDX-License-Identifier: MIT */
#include "src/frontend/window.h"

#include "voq.h"

#include <math.h>

static const double two_pi = 6.283185307179586476925286766559;

static double window_value(uint32_t kind, size_t i, size_t n)
{
    if (kind == VOQ_WINDOW_HANN_NONZERO) return window_value(VOQ_WINDOW_HANN, i + 1, n + 2);
    double period = (double)(kind == VOQ_WINDOW_HANN_PERIODIC ? n : n - 1);
    double c = cos(two_pi * (double)i / period);
    switch (kind) {
    case VOQ_WINDOW_POVEY: return pow(0.5 - 0.5 * c, 0.85);
    case VOQ_WINDOW_HAMMING: return 0.54 - 0.46 * c;
    case VOQ_WINDOW_HANN:
    case VOQ_WINDOW_HANN_PERIODIC: return 0.5 - 0.5 * c;
    case VOQ_WINDOW_BLACKMAN: return 0.42 - 0.5 * c + 0.08 * cos(2 * two_pi * (double)i / period);
    default: return 1.0;
    }
}

void voq_window_fill(uint32_t kind, float *window, size_t n)
{
    for (size_t i = 0; i < n; i++) window[i] = (float)window_value(kind, i, n);
}
