/* SPDX-License-Identifier: MIT */
#include "tools/report/html.h"
#include "tools/report/page_parts.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 640, HEIGHT = 480, EDGE = 24 };

/* Where the codewords are, so that all fit with the same scale on both axes. */
struct frame {
    double left, bottom, scale;
};

static struct frame frame_of(const struct unit_view *view)
{
    double low[2] = {HUGE_VAL, HUGE_VAL}, high[2] = {-HUGE_VAL, -HUGE_VAL};
    for (uint32_t i = 0; i < view->n; i++)
        for (int d = 0; d < 2; d++) {
            low[d] = fmin(low[d], view->xy[i][d]);
            high[d] = fmax(high[d], view->xy[i][d]);
        }
    double width = high[0] - low[0], height = high[1] - low[1];
    double scale = fmin((WIDTH - 2 * EDGE) / fmax(width, 1e-30),
                        (HEIGHT - 2 * EDGE) / fmax(height, 1e-30));
    if (!(scale < 1e30)) scale = 1;
    return (struct frame){low[0] - (WIDTH / scale - width) / 2,
                          low[1] - (HEIGHT / scale - height) / 2, scale};
}

static double x_of(const struct frame *frame, const struct unit_view *view, uint32_t unit)
{
    return (view->xy[unit][0] - frame->left) * frame->scale;
}

static double y_of(const struct frame *frame, const struct unit_view *view, uint32_t unit)
{
    return HEIGHT - (view->xy[unit][1] - frame->bottom) * frame->scale;
}

/* Very many would only be a cloud. */
static void write_dead(FILE *file, const struct frame *frame, const struct unit_view *view)
{
    if (view->n - view->n_used > UNIT_VIEW_MOST) return;
    fputs("<path class=\"dead\" d=\"", file);
    for (uint32_t i = 0; i < view->n; i++)
        if (!view->frames[i])
            fprintf(file, "M%.1f %.1fl4 4m0-4l-4 4", x_of(frame, view, i) - 2,
                    y_of(frame, view, i) - 2);
    fputs("\"/>\n", file);
}

static void write_dots(FILE *file, const struct frame *frame, const struct unit_view *view)
{
    uint64_t most = 1;
    for (uint32_t i = 0; i < view->n_shown; i++)
        if (view->frames[view->shown[i]] > most) most = view->frames[view->shown[i]];
    double largest = fmin(16, fmax(7, 220 / sqrt(view->n_shown + 1.0)));
    for (uint32_t i = 0; i < view->n_shown; i++) {
        uint32_t unit = view->shown[i];
        double share = (double)view->frames[unit] / (double)most;
        fprintf(file, "<circle data-u=\"%u\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"", unit,
                x_of(frame, view, unit), y_of(frame, view, unit), fmax(2.2, largest * sqrt(share)));
        html_colour(file, unit_view_colour(view, unit));
        fputs("\"/>", file);
    }
}

/* ---- the names of phones -------------------------------------------------------------------- */

enum { NAME_HEIGHT = 13, NAME_LIFT = 11, NAME_CHARACTER = 8, MOST_NAMES = 256 };

struct name_box {
    double x, y, width; /* of its middle */
};

static bool overlaps(const struct name_box *a, const struct name_box *b)
{
    return fabs(a->x - b->x) < (a->width + b->width) / 2 && fabs(a->y - b->y) < NAME_HEIGHT;
}

/* The most frequent unit of a phone above which there is room for its name. False: none. */
static bool find_room(const struct frame *frame, const struct unit_view *view, uint32_t label,
                      const struct name_box *taken, size_t n_taken, struct name_box *box)
{
    uint64_t most = 0;
    double width = box->width;
    for (uint32_t i = 0; i < view->n_shown; i++) {
        uint32_t unit = view->shown[i];
        if (view->phone[unit] != label || view->frames[unit] <= most) continue;
        struct name_box here = {x_of(frame, view, unit), y_of(frame, view, unit) - NAME_LIFT,
                                width};
        bool is_free = true;
        for (size_t k = 0; k < n_taken; k++) is_free = is_free && !overlaps(&here, &taken[k]);
        if (!is_free) continue;
        *box = here;
        most = view->frames[unit];
    }
    return most > 0;
}

static void write_phones(FILE *file, const struct frame *frame, const struct unit_view *view,
                         const struct phone_view *phone)
{
    struct name_box taken[MOST_NAMES];
    size_t n = 0;
    for (uint32_t p = 0; p < phone->n && n < MOST_NAMES; p++) {
        const char *label = phone->phones->labels.name[phone->order[p]];
        struct name_box box = {.width = NAME_CHARACTER * (double)strlen(label) + 4};
        if (!find_room(frame, view, phone->order[p], taken, n, &box)) continue;
        taken[n++] = box;
        fprintf(file, "<text x=\"%.0f\" y=\"%.0f\">", box.x, box.y);
        html_text(file, label);
        fputs("</text>", file);
    }
}

static void write_scatter(FILE *file, const struct unit_view *view, const struct phone_view *phone,
                          size_t m)
{
    struct frame frame = frame_of(view);
    fputs("<figure><figcaption>", file);
    html_text(file, view->name);
    fprintf(file, "</figcaption><svg class=\"scatter\" data-model=\"%zu\" viewBox=\"0 0 %d %d\" "
                  "role=\"img\" aria-label=\"Codewords in two principal components\">\n",
            m, WIDTH, HEIGHT);
    write_dead(file, &frame, view);
    write_dots(file, &frame, view);
    write_phones(file, &frame, view, phone);
    fputs("</svg></figure>\n", file);
}

/* ---- palettes ------------------------------------------------------------------------------- */

/* Vectors of three values that could be red, green and blue: the largest value, 1 or 255, or 0. */
static double colour_range(const struct unit_view *view)
{
    double most = 0;
    if (view->info.rate_hz || view->info.dim != 3) return 0;
    for (size_t i = 0; i < 3 * (size_t)view->n; i++) {
        if (view->codeword[i] < 0) return 0;
        most = fmax(most, (double)view->codeword[i]);
    }
    return most <= 1 ? 1 : most <= 255 ? 255 : 0;
}

static void write_palette(FILE *file, const struct unit_view *view, double range)
{
    fputs("<h3>", file);
    html_text(file, view->name);
    fputs(" <small>the codewords as colours, as wide as they are frequent</small></h3>\n"
          "<div class=\"palette\">",
          file);
    for (uint32_t i = 0; i < view->n_shown; i++) {
        const float *c = view->codeword + 3 * (size_t)view->shown[i];
        fprintf(file, "<span style=\"flex-grow:%llu;background:rgb(%.0f,%.0f,%.0f)\">%u</span>",
                (unsigned long long)view->frames[view->shown[i]], 255 * (double)c[0] / range,
                255 * (double)c[1] / range, 255 * (double)c[2] / range, view->shown[i]);
    }
    fputs("</div>\n", file);
}

void part_codebook(FILE *file, const struct unit_views *views)
{
    fputs("<section id=\"codebook\">\n<h2>Codebook</h2>\n<p>The codewords in their first two "
          "principal components: as large as they are frequent, ",
          file);
    fputs(views->phone.phones ? "in the colour of their commonest phone, whose name stands above "
                                "one of its frequent units. "
                              : "coloured by the first component. ",
          file);
    fputs("A cross is a code that this corpus does not use.</p>\n", file);
    for (size_t m = 0; m < views->n; m++)
        if (colour_range(&views->unit[m]) > 0)
            write_palette(file, &views->unit[m], colour_range(&views->unit[m]));
    fputs(views->n > 1 ? "<div class=\"pair\">\n" : "<div>\n", file);
    for (size_t m = 0; m < views->n; m++)
        write_scatter(file, &views->unit[m], &views->phone, m);
    fputs("</div>\n</section>\n", file);
}
