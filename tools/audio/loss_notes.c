/* SPDX-License-Identifier: MIT */
#include "tools/audio/loss_notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MOST_WRITTEN = 4 };

void loss_notes_add(struct loss_notes *notes, const char *format, ...)
{
    va_list values;
    if (notes->n++ >= MOST_WRITTEN) return;
    size_t used = strlen(notes->text);
    if (used > 0)
        used += (size_t)snprintf(notes->text + used, sizeof notes->text - used, "; ");
    if (used >= sizeof notes->text) return;
    va_start(values, format);
    vsnprintf(notes->text + used, sizeof notes->text - used, format, values);
    va_end(values);
}

const char *loss_notes_text(const struct loss_notes *notes, char *text, size_t size)
{
    char more[40] = "";
    if (notes->n > MOST_WRITTEN)
        snprintf(more, sizeof more, "; and %u more", notes->n - MOST_WRITTEN);
    snprintf(text, size, "%s%s; %s", notes->text, more,
             notes->is_misplaced ? "the times after it are wrong"
                                 : "later units keep their place in time");
    return text;
}
