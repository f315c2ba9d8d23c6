/* SPDX-License-Identifier: MIT */
#include "tools/formats/format.h"

#include <stdarg.h>

void format_note(const struct format_notes *notes, const char *format, ...)
{
    if (!notes->say) return;
    struct failure note;
    va_list values;
    va_start(values, format);
    failure_set(&note, EXIT_FINE, format, values);
    va_end(values);
    notes->say(notes->context, note.text);
}
