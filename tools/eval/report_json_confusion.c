/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_confusion.h"

#include "tools/eval/confusion.h"

static double share(uint64_t part, uint64_t whole)
{
    return (double)part / (double)whole;
}

bool json_phones(struct json_writer *json, const struct evaluation *e, struct failure *failure)
{
    struct confusion confusion;
    char unit[64];
    if (!confusion_of_rows(&e->counts, &confusion, failure)) return false;
    json_open(json, "per_phone", '[');
    for (size_t i = 0; i < confusion.n_row; i++) {
        const struct confusion_row *row = &confusion.row[i];
        json_open(json, NULL, '{');
        json_text(json, "phone", e->phones->labels.name[row->symbol]);
        json_count(json, "frames", row->frames);
        json_count(json, "units", row->n_partner);
        json_number(json, "entropy_bits", row->entropy_bits);
        json_open(json, "top", '[');
        for (uint32_t k = 0; k < row->n_top; k++) {
            unit_set_symbol_text(e->units, row->partner[k], unit, sizeof unit);
            json_open(json, NULL, '{');
            json_text(json, "unit", unit);
            json_number(json, "share", share(row->partner_frames[k], row->frames));
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    confusion_clear(&confusion);
    return true;
}

bool json_units(struct json_writer *json, const struct evaluation *e, struct failure *failure)
{
    struct confusion confusion;
    char unit[64];
    if (!confusion_of_columns(&e->counts, &confusion, failure)) return false;
    json_open(json, "per_unit", '[');
    for (size_t i = 0; i < confusion.n_row; i++) {
        const struct confusion_row *row = &confusion.row[i];
        unit_set_symbol_text(e->units, row->symbol, unit, sizeof unit);
        json_open(json, NULL, '{');
        json_text(json, "unit", unit);
        json_count(json, "frames", row->frames);
        json_count(json, "phones", row->n_partner);
        json_number(json, "entropy_bits", row->entropy_bits);
        json_open(json, "top", '[');
        for (uint32_t k = 0; k < row->n_top; k++) {
            json_open(json, NULL, '{');
            json_text(json, "phone", e->phones->labels.name[row->partner[k]]);
            json_number(json, "share", share(row->partner_frames[k], row->frames));
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    confusion_clear(&confusion);
    return true;
}
