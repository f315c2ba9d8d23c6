/* SPDX-License-Identifier: MIT */
/* Numbers in text, the same in every locale. */
#ifndef VOQ_TOOLS_NUMBER_H
#define VOQ_TOOLS_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a text that is all [0-9]+; false for any other text and on overflow. */
bool parse_u64(const char *text, uint64_t *value);
bool parse_u32(const char *text, uint32_t *value);

/* Reads a text that is all one decimal number: optional sign, fraction and exponent; no hex, inf or
   nan. Correctly rounded. */
bool parse_double(const char *text, double *value);

/* Reads seconds as integer microseconds: any number of the form above, of any length, less than 1e9
   in magnitude. The decimal number is rounded once, halves away from 0; -1e-9 is 0. */
bool parse_microseconds(const char *text, int64_t *us);

/* Time of the boundary before frame i, in microseconds: (i*hop*1000000 + rate/2) / rate. */
uint64_t frame_microseconds(uint64_t i, uint32_t hop_samples, uint32_t rate_hz);

/* Writes "0.020000"; text holds at least 32 bytes. Returns the length. */
size_t format_microseconds(char *text, uint64_t us);

/* Write "%.9g", and the shortest of "%.15g" to "%.17g" that reads back as the same double, with a
   '.' in every locale; text holds at least 32 bytes. */
size_t format_float(char *text, float value);
size_t format_double(char *text, double value);

/* Writes two hexadecimal digits per byte; text holds 2n + 1 bytes. */
void format_hex(char *text, const unsigned char *bytes, size_t n);

#endif
