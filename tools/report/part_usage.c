/* SPDX-License-Identifier: MIT */
#include "tools/report/html.h"
#include "tools/report/page_parts.h"

#include <stdio.h>

enum { WIDTH = 440, HEIGHT = 150, FOOT = 24, BAR = WIDTH / UNIT_RUN_LENGTHS };

static void write_bar(FILE *file, double x, double width, double share)
{
    double height = share * HEIGHT;
    fprintf(file, "M%.2f %.2fh%.2fV%dH%.2f", x, HEIGHT - height, width, HEIGHT, x);
}

static void begin_chart(FILE *file, const char *title)
{
    fprintf(file,
            "<figure><figcaption>%s</figcaption><svg class=\"chart\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" aria-label=\"%s\"><path class=\"base\" d=\"M0 %dH%d\"/>",
            title, WIDTH, HEIGHT + FOOT, title, HEIGHT, WIDTH);
}

static void end_chart(FILE *file)
{
    fputs("</svg></figure>\n", file);
}

/* In the order of the heat map, so that both can be compared. */
static void write_frequencies(FILE *file, const struct unit_view *view)
{
    uint64_t most = 1, total = 0;
    for (uint32_t i = 0; i < view->n; i++) {
        total += view->frames[i];
        if (view->frames[i] > most) most = view->frames[i];
    }
    char title[96];
    snprintf(title, sizeof title, "Share of the frames by unit, up to %.1f %%, in the order of %s",
             100 * (double)most / (double)(total ? total : 1),
             view->colour_of_phone ? "the map" : "the colours");
    begin_chart(file, title);
    double width = view->n_shown ? (double)WIDTH / view->n_shown : WIDTH;
    for (uint32_t x = 0, end; x < view->n_shown; x = end) {
        uint32_t colour = unit_view_colour(view, view->shown[x]);
        fputs("<path fill=\"", file);
        html_colour(file, colour);
        fputs("\" d=\"", file);
        for (end = x; end < view->n_shown && unit_view_colour(view, view->shown[end]) == colour;
             end++)
            write_bar(file, end * width, width,
                      (double)view->frames[view->shown[end]] / (double)most);
        fputs("\"/>", file);
    }
    end_chart(file);
}

static void write_runs(FILE *file, const struct unit_view *view)
{
    uint64_t most = 1;
    for (unsigned i = 1; i <= UNIT_RUN_LENGTHS; i++)
        if (view->run[i] > most) most = view->run[i];
    begin_chart(file, "Runs by their length in frames");
    fputs("<path class=\"bars\" d=\"", file);
    for (unsigned i = 1; i <= UNIT_RUN_LENGTHS; i++)
        write_bar(file, (i - 1) * BAR + 1, BAR - 2, (double)view->run[i] / (double)most);
    fputs("\"/>", file);
    for (unsigned i = 1; i <= UNIT_RUN_LENGTHS; i += i == 1 ? 4 : 5)
        fprintf(file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%u%s</text>",
                (i - 0.5) * BAR, HEIGHT + 16, i, i < UNIT_RUN_LENGTHS ? "" : "+");
    end_chart(file);
}

void part_usage(FILE *file, const struct unit_views *views)
{
    fputs("<section id=\"usage\">\n<h2>Use of the units</h2>\n", file);
    for (size_t m = 0; m < views->n; m++) {
        if (views->n > 1) {
            fputs("<h3>", file);
            html_text(file, views->unit[m].name);
            fputs("</h3>\n", file);
        }
        fputs("<div class=\"pair\">\n", file);
        write_frequencies(file, &views->unit[m]);
        write_runs(file, &views->unit[m]);
        fputs("</div>\n", file);
    }
    fputs("</section>\n", file);
}
