/* SPDX-License-Identifier: MIT */
/* Characters of UTF-8. */
#ifndef VOQ_TOOLS_UTF8_H
#define VOQ_TOOLS_UTF8_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Bytes of the character at text < end: 1 to 4; 0 if it is not UTF-8 (overlong or cut, or a
   surrogate). */
size_t utf8_length(const char *text, const char *end);

/* Writes code as 1 to 4 bytes and returns how many. code is a Unicode scalar value. */
size_t utf8_encode(uint32_t code, char *out);

/* Returns the text without white space at both ends, as Unicode and Python's str.strip() define it;
   cuts the end in place. */
char *utf8_strip(char *text);

/* Replaces by '?' every character that a terminal would interpret instead of showing: controls (C0,
   DEL and C1, as UTF-8 or as bytes), changes of the writing direction, line separators; and bytes
   that are not UTF-8. */
void utf8_make_harmless(char *text);

/* Writes the n bytes at text with the same replacements. */
void utf8_write_harmless(FILE *file, const char *text, size_t n);

#endif
