/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_confusion.h"

#include "tools/eval/confusion.h"

/* The names of the rows of a list and of their partners. */
struct list {
    const char *key, *row, *partner, *partners;
    bool rows_are_phones;
};

static void write_symbol(struct json_writer *json, const char *key, const struct evaluation *e,
                         bool is_phone, uint32_t symbol)
{
    char unit[64];
    if (!is_phone) unit_set_symbol_text(e->units, symbol, unit, sizeof unit);
    json_text(json, key, is_phone ? e->phones->labels.name[symbol] : unit);
}

static void write_row(struct json_writer *json, const struct evaluation *e,
                      const struct list *list, const struct confusion_row *row)
{
    json_open(json, NULL, '{');
    write_symbol(json, list->row, e, list->rows_are_phones, row->symbol);
    json_count(json, "frames", row->frames);
    json_count(json, list->partners, row->n_partner);
    json_number(json, "entropy_bits", row->entropy_bits);
    json_open(json, "top", '[');
    for (uint32_t k = 0; k < row->n_top; k++) {
        json_open(json, NULL, '{');
        write_symbol(json, list->partner, e, !list->rows_are_phones, row->partner[k]);
        json_number(json, "share", (double)row->partner_frames[k] / (double)row->frames);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_list(struct json_writer *json, const struct evaluation *e,
                       const struct list *list, struct confusion *confusion)
{
    json_open(json, list->key, '[');
    for (size_t i = 0; i < confusion->n_row; i++) write_row(json, e, list, &confusion->row[i]);
    json_close(json, ']');
    confusion_clear(confusion);
}

bool json_phones(struct json_writer *json, const struct evaluation *e, struct failure *failure)
{
    static const struct list list = {"per_phone", "phone", "unit", "units", true};
    struct confusion confusion;
    if (!confusion_of_rows(&e->counts, &confusion, failure)) return false;
    write_list(json, e, &list, &confusion);
    return true;
}

bool json_units(struct json_writer *json, const struct evaluation *e, struct failure *failure)
{
    static const struct list list = {"per_unit", "unit", "phone", "phones", false};
    struct confusion confusion;
    if (!confusion_of_columns(&e->counts, &confusion, failure)) return false;
    write_list(json, e, &list, &confusion);
    return true;
}
