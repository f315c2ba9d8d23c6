/* SPDX-License-Identifier: MIT */
#include "tools/report/unit_view.h"

#include "tools/base/growing.h"
#include "tools/base/palette.h"
#include "tools/report/phone_class.h"

#include <stdlib.h>
#include <string.h>

/* ---- units ---------------------------------------------------------------------------------- */

static void count_uses(struct unit_view *view)
{
    const struct unit_set *units = view->evaluation->units;
    for (size_t u = 0; u < units->n_utterance; u++) {
        const struct unit_utterance *utterance = &units->utterance[u];
        size_t run = 0;
        for (size_t i = 0; i < utterance->n_frame; i++) {
            uint32_t symbol = utterance->symbol[i];
            bool ends = i + 1 == utterance->n_frame || utterance->symbol[i + 1] != symbol;
            run++;
            if (symbol != NO_UNIT) view->frames[symbol]++;
            if (symbol != NO_UNIT && ends)
                view->run[run < UNIT_RUN_LENGTHS ? run : UNIT_RUN_LENGTHS]++;
            if (ends) run = 0;
        }
    }
    for (uint32_t i = 0; i < view->n; i++) view->n_used += view->frames[i] > 0;
}

/* Cells are by phone, so the first of equals wins. */
static bool find_phones(struct unit_view *view, struct failure *failure)
{
    const struct counts *counts = &view->evaluation->counts;
    uint64_t *most = zeroed(view->n, sizeof *most, failure);
    if (!most) return false;
    for (uint32_t i = 0; i < view->n; i++) view->phone[i] = NO_LABEL;
    for (size_t c = 0; c < counts->n_cell; c++) {
        const struct cell *cell = &counts->cell[c];
        if (cell->n <= most[cell->column]) continue;
        most[cell->column] = cell->n;
        view->phone[cell->column] = cell->row;
    }
    free(most);
    return true;
}

static bool find_places(struct unit_view *view, const voq_model *model, struct failure *failure)
{
    const struct unit_set *units = view->evaluation->units;
    size_t dim = view->info.dim;
    double *first = zeroed(view->n, sizeof *first, failure);
    bool good = first != NULL;
    for (uint32_t i = 0; good && i < view->n; i++) {
        const uint32_t *id = units->tuple ? units->tuple[i] : &i;
        if (voq_decode(model, id, 1, view->codeword + i * dim) != VOQ_OK)
            good = fail(failure, EXIT_INTERNAL, "%s: a unit has no codeword", view->name);
    }
    good = good && principal_project(view->codeword, view->n, dim, view->xy, failure);
    for (uint32_t i = 0; good && i < view->n; i++) first[i] = view->xy[i][0];
    good = good && palette_places(first, view->n, view->place, failure);
    free(first);
    return good;
}

static bool unit_view_make(struct unit_view *view, const struct evaluation *evaluation,
                           const voq_model *model, struct failure *failure)
{
    view->evaluation = evaluation;
    view->info.struct_size = sizeof view->info;
    if (voq_model_describe(model, &view->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    view->name = view->info.name;
    view->n = evaluation->units->n_symbol;
    view->frames = zeroed(view->n, sizeof *view->frames, failure);
    view->phone = zeroed(view->n, sizeof *view->phone, failure);
    view->place = zeroed(view->n, sizeof *view->place, failure);
    view->xy = zeroed(view->n, sizeof *view->xy, failure);
    view->codeword = zeroed((size_t)view->n * view->info.dim, sizeof *view->codeword, failure);
    view->shown = zeroed(view->n, sizeof *view->shown, failure);
    view->column = zeroed(view->n, sizeof *view->column, failure);
    if (!view->frames || !view->phone || !view->place || !view->xy || !view->codeword ||
        !view->shown || !view->column)
        return false;
    count_uses(view);
    return find_phones(view, failure) && find_places(view, model, failure);
}

/* ---- phones --------------------------------------------------------------------------------- */

struct ordered_phone {
    uint32_t label;
    unsigned class, place;
};

static int by_class(const void *a, const void *b)
{
    const struct ordered_phone *x = a, *y = b;
    if (x->class != y->class) return x->class < y->class ? -1 : 1;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return x->label < y->label ? -1 : x->label > y->label; /* labels are sorted by name */
}

static bool order_phones(struct phone_view *phone, const struct counts *counts,
                         struct failure *failure)
{
    const struct alignment *phones = phone->phones;
    struct ordered_phone *ordered = zeroed(phone->n_label, sizeof *ordered, failure);
    if (!ordered) return false;
    for (uint32_t p = 0; p < phone->n_label; p++) {
        const char *label = phones->labels.name[p];
        phone->row[p] = NO_LABEL;
        if (p >= counts->n_row || !counts->row_total[p]) continue;
        ordered[phone->n++] = (struct ordered_phone){
            p, phone_class_of(label, phones->is_silence[p]), phone_class_place(label)};
    }
    qsort(ordered, phone->n, sizeof *ordered, by_class);
    for (uint32_t i = 0; i < phone->n; i++) {
        phone->order[i] = ordered[i].label;
        phone->row[ordered[i].label] = i;
    }
    free(ordered);
    return true;
}

/* A phone is coloured by the mean place of its frames among those of the other phones, so that
   phones that sound alike look alike. */
static bool colour_phones(struct phone_view *phone, const struct unit_view *view,
                          struct failure *failure)
{
    const struct counts *counts = &view->evaluation->counts;
    double *mean = zeroed(phone->n, sizeof *mean, failure);
    double *place = zeroed(phone->n, sizeof *place, failure);
    uint32_t n = 0;
    bool good = mean && place;
    for (size_t c = 0; good && c < counts->n_cell; c++) {
        const struct cell *cell = &counts->cell[c];
        mean[phone->row[cell->row]] += (double)cell->n * view->place[cell->column] /
                                       (double)counts->row_total[cell->row];
    }
    while (good && n < phone->n && !phone->phones->is_silence[phone->order[n]]) n++;
    good = good && palette_places(mean, n, place, failure);
    for (uint32_t i = 0; good && i < phone->n; i++)
        phone->colour[phone->order[i]] = i < n ? palette_rgb(place[i]) : PALETTE_GREY;
    free(mean);
    free(place);
    return good;
}

static bool phone_view_make(struct phone_view *phone, const struct unit_view *view,
                            struct failure *failure)
{
    phone->phones = view->evaluation->phones;
    if (!phone->phones) return true;
    phone->n_label = phone->phones->labels.n;
    phone->order = zeroed(phone->n_label, sizeof *phone->order, failure);
    phone->row = zeroed(phone->n_label, sizeof *phone->row, failure);
    phone->colour = zeroed(phone->n_label, sizeof *phone->colour, failure);
    return phone->order && phone->row && phone->colour &&
           order_phones(phone, &view->evaluation->counts, failure) &&
           colour_phones(phone, view, failure);
}

/* ---- the order of units --------------------------------------------------------------------- */

struct ordered_unit {
    uint32_t unit, row;
    double key; /* within a phone, or of all; ascending */
};

static int by_frames(const void *a, const void *b)
{
    const struct ordered_unit *x = a, *y = b;
    if (x->key != y->key) return x->key > y->key ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

static int by_row(const void *a, const void *b)
{
    const struct ordered_unit *x = a, *y = b;
    return x->row != y->row ? (x->row < y->row ? -1 : 1) : by_frames(a, b);
}

/* By the row of the commonest phone, the most certain first; without phones by place. */
static double order_key(const struct unit_view *view, uint32_t unit)
{
    const struct counts *counts = &view->evaluation->counts;
    if (view->phone[unit] == NO_LABEL) return -view->place[unit];
    return (double)unit_view_count(view, view->phone[unit], unit) /
           (double)counts->column_total[unit];
}

static bool order_units(struct unit_view *view, const struct phone_view *phone,
                        struct failure *failure)
{
    struct ordered_unit *ordered = zeroed(view->n, sizeof *ordered, failure);
    size_t n = 0;
    if (!ordered) return false;
    for (uint32_t i = 0; i < view->n; i++)
        if (view->frames[i] > 0)
            ordered[n++] = (struct ordered_unit){.unit = i, .key = (double)view->frames[i]};
    qsort(ordered, n, sizeof *ordered, by_frames);
    if (n > UNIT_VIEW_MOST) n = UNIT_VIEW_MOST;
    for (size_t i = 0; i < n; i++) {
        uint32_t label = view->phone[ordered[i].unit];
        ordered[i].row = label == NO_LABEL ? NO_LABEL : phone->row[label];
        ordered[i].key = order_key(view, ordered[i].unit);
    }
    qsort(ordered, n, sizeof *ordered, by_row);
    for (uint32_t i = 0; i < view->n; i++) view->column[i] = NO_UNIT;
    for (size_t i = 0; i < n; i++) {
        view->shown[i] = ordered[i].unit;
        view->column[ordered[i].unit] = (uint32_t)i;
    }
    view->n_shown = (uint32_t)n;
    free(ordered);
    return true;
}

/* ---- the whole ------------------------------------------------------------------------------ */

bool unit_views_make(struct unit_views *views, const struct evaluation *evaluation,
                     const voq_model *const *model, size_t n, struct failure *failure)
{
    *views = (struct unit_views){.n = n};
    views->unit = zeroed(n, sizeof *views->unit, failure);
    if (!views->unit) return false;
    for (size_t m = 0; m < n; m++)
        if (!unit_view_make(&views->unit[m], &evaluation[m], model[m], failure)) return false;
    if (!phone_view_make(&views->phone, &views->unit[0], failure)) return false;
    for (size_t m = 0; m < n; m++) {
        views->unit[m].colour_of_phone = views->phone.n ? views->phone.colour : NULL;
        if (!order_units(&views->unit[m], &views->phone, failure)) return false;
    }
    return true;
}

void unit_views_clear(struct unit_views *views)
{
    for (size_t m = 0; views->unit && m < views->n; m++) {
        struct unit_view *view = &views->unit[m];
        free(view->frames);
        free(view->phone);
        free(view->place);
        free(view->xy);
        free(view->codeword);
        free(view->shown);
        free(view->column);
    }
    free(views->unit);
    free(views->phone.order);
    free(views->phone.row);
    free(views->phone.colour);
    *views = (struct unit_views){0};
}

uint32_t unit_view_colour(const struct unit_view *view, uint32_t unit)
{
    if (!view->colour_of_phone) return palette_rgb(view->place[unit]);
    return view->phone[unit] == NO_LABEL ? PALETTE_GREY : view->colour_of_phone[view->phone[unit]];
}

static int by_cell(const void *a, const void *b)
{
    const struct cell *x = a, *y = b;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return x->column < y->column ? -1 : x->column > y->column;
}

uint64_t unit_view_count(const struct unit_view *view, uint32_t phone, uint32_t unit)
{
    const struct counts *counts = &view->evaluation->counts;
    const struct cell key = {.row = phone, .column = unit};
    const struct cell *found = counts->n_cell ? bsearch(&key, counts->cell, counts->n_cell,
                                                        sizeof *counts->cell, by_cell) : NULL;
    return found ? found->n : 0;
}
