/* SPDX-License-Identifier: MIT */
/* Characters of UTF-8. */
#ifndef VOQ_TOOLS_UTF8_H
#define VOQ_TOOLS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at text < end: 1 to 4; 0 if it is not UTF-8 (overlong forms, surrogates
   and what is cut off are not). */
size_t utf8_length(const char *text, const char *end);

/* Writes code as 1 to 4 bytes and returns how many. code is a Unicode scalar value. */
size_t utf8_encode(uint32_t code, char *out);

/* The text without white space at both ends, as Unicode and Python's str.strip() define it; the
   end is cut in place. */
char *utf8_strip(char *text);

#endif
