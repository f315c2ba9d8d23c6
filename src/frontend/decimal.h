/* SPDX-License-Identifier: MIT */
/* Floats in text, the same in every locale. */
#ifndef VOQ_DECIMAL_H
#define VOQ_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* Reads a decimal number (sign, fraction and exponent allowed). False unless it is all of the text
   and finite. */
bool voq_decimal_read(const char *text, double *value);

/* Writes the shortest decimal that reads back as the same float; text holds at least 32 bytes. */
void voq_decimal_write(float value, char *text);

#endif
