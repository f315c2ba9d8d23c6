/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_confusion.h"

#include "tools/base/utf8.h"
#include "tools/eval/confusion.h"

#include <inttypes.h>

static void phone_text(const struct evaluation *e, uint32_t phone, char *text, size_t capacity)
{
    const char *label = e->phones->labels.name[phone];
    snprintf(text, capacity, "%s", *label ? label : "(empty)");
    utf8_make_harmless(text);
}

static void unit_text(const struct evaluation *e, uint32_t unit, char *text, size_t capacity)
{
    unit_set_symbol_text(e->units, unit, text, capacity);
}

typedef void symbol_text(const struct evaluation *e, uint32_t symbol, char *text, size_t capacity);

static void write_rows(FILE *file, const struct evaluation *e, const struct confusion *confusion,
                       symbol_text *row_text, symbol_text *partner_text)
{
    char text[24], partner[24];
    for (size_t i = 0; i < confusion->n_row; i++) {
        const struct confusion_row *row = &confusion->row[i];
        row_text(e, row->symbol, text, sizeof text);
        fprintf(file, "  %-12s%11" PRIu64 "%8.2f%%%9" PRIu32 "%9.3f   ", text, row->frames,
                100 * (double)row->frames / (double)e->counts.total, row->n_partner,
                row->entropy_bits);
        for (uint32_t k = 0; k < row->n_top; k++) {
            partner_text(e, row->partner[k], partner, sizeof partner);
            fprintf(file, "%s%s %.0f%%", k ? ", " : "", partner,
                    100 * (double)row->partner_frames[k] / (double)row->frames);
        }
        fputc('\n', file);
    }
}

bool report_phones(FILE *file, const struct evaluation *e, struct failure *failure)
{
    struct confusion confusion;
    if (!confusion_of_rows(&e->counts, &confusion, failure)) return false;
    fprintf(file, "\n%-14s%11s%9s%9s%9s   commonest units\n", "phone", "frames", "share", "units",
            "bits");
    write_rows(file, e, &confusion, phone_text, unit_text);
    confusion_clear(&confusion);
    return true;
}

bool report_units(FILE *file, const struct evaluation *e, struct failure *failure)
{
    struct confusion confusion;
    if (!confusion_of_columns(&e->counts, &confusion, failure)) return false;
    fprintf(file, "\n%-14s%11s%9s%9s%9s   commonest phones\n", "unit", "frames", "share", "phones",
            "bits");
    write_rows(file, e, &confusion, unit_text, phone_text);
    confusion_clear(&confusion);
    return true;
}
