/* SPDX-License-Identifier: MIT */
/* Parts of a file that could not be read: where, how much, and whether later times are right. */
#ifndef VOQ_TOOLS_LOSS_NOTES_H
#define VOQ_TOOLS_LOSS_NOTES_H

#include <stdbool.h>
#include <stddef.h>

struct loss_notes {
    unsigned n;          /* notes; only the first ones are written out */
    bool is_misplaced;   /* times after one of them are wrong */
    char text[640];
};

/* Adds one clause: "at 3.040 s ...". */
void loss_notes_add(struct loss_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes all of them as one sentence. Returns text. */
const char *loss_notes_text(const struct loss_notes *notes, char *text, size_t size);

#endif
