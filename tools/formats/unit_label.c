/* SPDX-License-Identifier: MIT */
#include "tools/formats/unit_label.h"

#include "tools/base/number.h"

#include <string.h>

static void put_replaced(struct sink *sink, const char *text, char from, const char *to)
{
    for (const char *found; (found = strchr(text, from)) != NULL; text = found + 1) {
        sink_write(sink, text, (size_t)(found - text));
        sink_text(sink, to);
    }
    sink_text(sink, text);
}

void unit_label_write(struct sink *sink, uint32_t id, const char *label, char from, const char *to)
{
    sink_decimal(sink, id);
    if (!label || !*label) return;
    put_replaced(sink, " (", from, to);
    put_replaced(sink, label, from, to);
    sink_text(sink, ")");
}

bool unit_label_parse(const char *text, uint32_t *id)
{
    char digits[16];
    size_t n = strspn(text, "0123456789");
    const char *label = text + n;
    if (n >= sizeof digits) return parse_u32(text, id);
    memcpy(digits, text, n);
    digits[n] = '\0';
    bool is_label = (label[0] == ' ' || label[0] == '_') && label[1] == '(' &&
                    label[strlen(label) - 1] == ')';
    return (*label == '\0' || is_label) && parse_u32(digits, id);
}
