/* SPDX-License-Identifier: MIT */
/* Text, numbers and bytes in HTML. */
#ifndef VOQ_TOOLS_HTML_H
#define VOQ_TOOLS_HTML_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes text so that it is shown as it is, in an element and in an attribute. */
void html_text(FILE *file, const char *text);

/* Writes a number with so many decimals, or a dash if it is undefined. */
void html_number(FILE *file, double value, int decimals);

/* Writes a whole number with a thin space between groups of three digits. */
void html_count(FILE *file, uint64_t value);

/* Writes "#rrggbb". */
void html_colour(FILE *file, uint32_t rgb);

/* Bytes as base64. All zero but for the file at first. */
struct base64 {
    FILE *file;
    uint32_t bits;
    unsigned n; /* bytes in `bits` */
};

void base64_put(struct base64 *base64, const void *bytes, size_t n);
void base64_end(struct base64 *base64);

#endif
