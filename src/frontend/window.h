/* SPDX-License-Identifier: MIT */
#ifndef VOQ_WINDOW_H
#define VOQ_WINDOW_H

#include <stddef.h>
#include <stdint.h>

/* Fills window[n] of a kind of enum voq_window; made in double, rounded once. */
void voq_window_fill(uint32_t kind, float *window, size_t n);

#endif
