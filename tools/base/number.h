/* SPDX-License-Identifier: MIT */
/* Numbers in text, the same in every locale. */
#ifndef VOQ_TOOLS_NUMBER_H
#define VOQ_TOOLS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* [0-9]+ only, all of the text; false on anything else or on overflow. */
bool parse_u64(const char *text, uint64_t *value);
bool parse_u32(const char *text, uint32_t *value);

/* A decimal number, optional sign, fraction and exponent, all of the text; no hex, inf or nan.
   Correctly rounded. */
bool parse_double(const char *text, double *value);

/* Seconds to integer microseconds: any number of the form above, of any length, less than 1e9 in
   magnitude. Exact: the decimal number is rounded once, a half away from 0; -1e-9 is 0. */
bool parse_microseconds(const char *text, int64_t *us);

/* Time of the boundary before frame i, in microseconds: (i*hop*1000000 + rate/2) / rate. */
uint64_t frame_microseconds(uint64_t i, uint32_t hop_samples, uint32_t rate_hz);

/* "0.020000"; text holds at least 32 bytes. Returns the length. */
size_t format_microseconds(char *text, uint64_t us);

/* "%.9g", and the shortest of "%.15g" to "%.17g" that reads back as the same double, with a '.' in
   every locale; text holds at least 32 bytes. */
size_t format_float(char *text, float value);
size_t format_double(char *text, double value);

/* Two hexadecimal digits per byte; text holds 2n + 1 bytes. */
void format_hex(char *text, const unsigned char *bytes, size_t n);

#endif
