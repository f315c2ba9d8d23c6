/* SPDX-License-Identifier: MIT */
#include "tools/report/html.h"
#include "tools/report/page_parts.h"
#include "tools/report/phone_class.h"

#include <math.h>

enum { SHADES = 20, ROW = 14 }; /* ROW: pixels */

static unsigned shade_of(const struct counts *counts, const struct cell *cell)
{
    double share = (double)cell->n / (double)counts->column_total[cell->column];
    return (unsigned)floor(share * SHADES + 0.5);
}

/* Cells of one shade are one path. A cell is one unit wide and one phone high. */
static void write_shade(FILE *file, const struct unit_view *view, const struct phone_view *phone,
                        unsigned shade)
{
    const struct counts *counts = &view->evaluation->counts;
    fprintf(file, "<path opacity=\"%.2f\" d=\"", (double)shade / SHADES);
    for (size_t c = 0; c < counts->n_cell; c++) {
        const struct cell *cell = &counts->cell[c];
        if (view->column[cell->column] != NO_UNIT && shade_of(counts, cell) == shade)
            fprintf(file, "M%u %uh1v1h-1", view->column[cell->column], phone->row[cell->row]);
    }
    fputs("\"/>\n", file);
}

static enum phone_class class_at(const struct phone_view *phone, uint32_t row)
{
    uint32_t label = phone->order[row];
    return phone_class_of(phone->phones->labels.name[label], phone->phones->is_silence[label]);
}

static void write_class_lines(FILE *file, const struct unit_view *view,
                              const struct phone_view *phone)
{
    fputs("<path class=\"class\" d=\"", file);
    for (uint32_t y = 1; y < phone->n; y++)
        if (class_at(phone, y) != class_at(phone, y - 1))
            fprintf(file, "M0 %uH%u", y, view->n_shown);
    fputs("\"/>\n", file);
}

static void write_labels(FILE *file, const struct phone_view *phone)
{
    fputs("<ol class=\"phones\">", file);
    for (uint32_t y = 0; y < phone->n; y++) {
        bool begins = y == 0 || class_at(phone, y) != class_at(phone, y - 1);
        const char *label = phone->phones->labels.name[phone->order[y]];
        fprintf(file, "<li style=\"--c:#%06x\">", phone->colour[phone->order[y]]);
        if (begins) fprintf(file, "<i>%s</i>", phone_class_name[class_at(phone, y)]);
        fputs("<b>", file);
        html_text(file, *label ? label : "(empty)");
        fputs("</b></li>", file);
    }
    fputs("</ol>\n", file);
}

/* The colours of the units under their columns, as in the utterances. */
static void write_colours(FILE *file, const struct unit_view *view)
{
    fprintf(file, "<svg class=\"under\" viewBox=\"0 0 %u 1\" preserveAspectRatio=\"none\">",
            view->n_shown);
    for (uint32_t x = 0, end; x < view->n_shown; x = end) {
        uint32_t colour = unit_view_colour(view, view->shown[x]);
        for (end = x; end < view->n_shown && unit_view_colour(view, view->shown[end]) == colour;)
            end++;
        fputs("<path fill=\"", file);
        html_colour(file, colour);
        fprintf(file, "\" d=\"M%u 0h%uv1h-%u\"/>", x, end - x, end - x);
    }
    fputs("</svg>\n", file);
}

static void write_map(FILE *file, const struct unit_view *view, const struct phone_view *phone,
                      size_t m)
{
    fputs("<h3>", file);
    html_text(file, view->name);
    fprintf(file, " <small>%u of %u units that occur</small></h3>\n", view->n_shown, view->n_used);
    fputs("<div class=\"scroll\"><div class=\"heat\">\n", file);
    write_labels(file, phone);
    fprintf(file,
            "<div><svg class=\"map\" tabindex=\"0\" role=\"img\" aria-label=\"Phones by units; "
            "arrow keys move from unit to unit\" data-model=\"%zu\" viewBox=\"0 0 %u %u\" "
            "preserveAspectRatio=\"none\" style=\"height:%upx\">\n",
            m, view->n_shown, phone->n, ROW * phone->n);
    for (unsigned shade = 1; shade <= SHADES; shade++) write_shade(file, view, phone, shade);
    write_class_lines(file, view, phone);
    fputs("</svg>\n", file);
    write_colours(file, view);
    fputs("</div></div></div>\n", file);
}

void part_heat_map(FILE *file, const struct unit_views *views)
{
    if (!views->phone.phones || !views->phone.n) return;
    fputs("<section id=\"phones\">\n<h2>Phones and units</h2>\n<p>Each column is a unit, each row "
          "a phone; the stronger the ink, the larger the share of the unit&#8217;s frames that "
          "have the phone. Phones stand by class, units by their commonest phone. "
          "<span class=\"screen\">Point at a column to see its phones and where it is heard; "
          "click to keep them.</span></p>\n",
          file);
    for (size_t m = 0; m < views->n; m++) write_map(file, &views->unit[m], &views->phone, m);
    fputs("</section>\n", file);
}
