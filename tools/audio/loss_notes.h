/* SPDX-License-Identifier: MIT */
/* What of a file could not be read: where, how much, and whether the times after it hold. */
#ifndef VOQ_TOOLS_LOSS_NOTES_H
#define VOQ_TOOLS_LOSS_NOTES_H

#include <stdbool.h>
#include <stddef.h>

struct loss_notes {
    unsigned n;          /* notes, of which the first are written out */
    bool is_misplaced;   /* times after one of them are wrong */
    char text[640];
};

/* One clause: "at 3.040 s ...". */
void loss_notes_add(struct loss_notes *notes, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* All of them as one sentence. Returns text. */
const char *loss_notes_text(const struct loss_notes *notes, char *text, size_t size);

#endif
