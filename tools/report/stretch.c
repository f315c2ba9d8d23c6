/* SPDX-License-Identifier: MIT */
#include "tools/report/stretch.h"

#include "tools/report/html.h"

#include <math.h>
#include <string.h>

/* In units of the picture, whose width is WIDTH. */
enum { WIDTH = 1000, LEFT = 62, SPECTROGRAM = 84, UNITS = 22, LABELS = 20, SPACE = 3, AXIS = 17 };

double stretch_width(void)
{
    return WIDTH - LEFT;
}

double stretch_height(bool has_spectrogram, size_t n_model, bool has_phones, bool has_words)
{
    return (has_spectrogram ? SPECTROGRAM + SPACE : 0) + (double)n_model * (UNITS + SPACE) +
           (has_phones ? LABELS + SPACE : 0) + (has_words ? LABELS + SPACE : 0) + AXIS;
}

static double x_of(const struct stretch *s, double time)
{
    return LEFT + (time - s->begin) / s->span * stretch_width();
}

void stretch_begin(struct stretch *s, double height, const char *title)
{
    s->top = 0;
    fprintf(s->file,
            "<svg class=\"stretch\" viewBox=\"0 0 %d %.0f\" role=\"img\" data-from=\"%.6g\" "
            "data-span=\"%.6g\" data-left=\"%d\" aria-label=\"",
            WIDTH, height, s->begin, s->span, LEFT);
    html_text(s->file, title);
    fputs("\">\n", s->file);
}

void stretch_end(struct stretch *s)
{
    fputs("</svg>\n", s->file);
}

static void write_row_label(const struct stretch *s, const char *label, double height)
{
    fprintf(s->file, "<text class=\"row\" x=\"%d\" y=\"%.1f\">", LEFT - 8, s->top + height / 2);
    html_text(s->file, label);
    fputs("</text>", s->file);
}

bool stretch_spectrogram(struct stretch *s, const struct spectrogram *spectrogram,
                         struct failure *failure)
{
    const double column_s = (double)SPECTROGRAM_HOP / SPECTROGRAM_RATE;
    size_t first = (size_t)floor(s->begin / column_s + 0.5);
    size_t end = (size_t)floor(s->end / column_s + 0.5);
    if (end > spectrogram->n_column) end = spectrogram->n_column;
    double top = s->top;
    s->top += SPECTROGRAM + SPACE;
    if (first >= end) return true;
    double x = x_of(s, (double)first * column_s), to = x_of(s, (double)end * column_s);
    fprintf(s->file,
            "<image class=\"ink\" x=\"%.1f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" "
            "preserveAspectRatio=\"none\" href=\"",
            x, top, to - x, SPECTROGRAM);
    if (!spectrogram_write(s->file, spectrogram, first, end - first, failure)) return false;
    fputs("\"/>\n", s->file);
    return true;
}

/* ---- units ---------------------------------------------------------------------------------- */

struct run {
    uint32_t unit, colour;
    double begin, end; /* times, inside the stretch */
    bool is_drawn;
};

enum { MOST_RUNS = 4096 }; /* in one stretch; further ones are not drawn apart */

static double unit_seconds(const struct unit_view *view, bool has_time)
{
    const struct unit_set *units = view->evaluation->units;
    return has_time ? (double)units->hop_samples / units->rate_hz
                    : (double)(units->stride ? units->stride : 1);
}

static size_t find_runs(const struct stretch *s, const struct unit_view *view,
                        const struct unit_utterance *units, struct run *run)
{
    double frame = unit_seconds(view, s->has_time);
    size_t i = (size_t)floor(s->begin / frame + 1e-6), n = 0;
    size_t end = (size_t)ceil(s->end / frame - 1e-6);
    if (end > units->n_frame) end = units->n_frame;
    while (i < end) {
        uint32_t unit = units->symbol[i];
        size_t first = i;
        while (i < end && units->symbol[i] == unit) i++;
        if (unit == NO_UNIT || n == MOST_RUNS) continue;
        run[n++] = (struct run){unit, unit_view_colour(view, unit),
                                fmax(s->begin, (double)first * frame),
                                fmin(s->end, (double)i * frame), false};
    }
    return n;
}

/* Runs of one colour are one path: a wide line through the middle of the row. */
static void write_runs(const struct stretch *s, struct run *run, size_t n, double middle)
{
    for (size_t i = 0; i < n; i++) {
        if (run[i].is_drawn) continue;
        fputs("<path stroke=\"", s->file);
        html_colour(s->file, run[i].colour);
        fputs("\" d=\"", s->file);
        for (size_t k = i; k < n; k++) {
            if (run[k].colour != run[i].colour) continue;
            run[k].is_drawn = true;
            fprintf(s->file, "M%.1f %.0fH%.1f", x_of(s, run[k].begin), middle,
                    x_of(s, run[k].end));
        }
        fputs("\"/>", s->file);
    }
    fputs("\n<path class=\"cut\" d=\"", s->file);
    for (size_t i = 1; i < n; i++)
        if (run[i].begin == run[i - 1].end)
            fprintf(s->file, "M%.1f %.0fv%d", x_of(s, run[i].begin), middle - UNITS / 2, UNITS);
    fputs("\"/>", s->file);
}

/* Ids are written where they fit. */
static void write_ids(const struct stretch *s, const struct unit_view *view, const struct run *run,
                      size_t n, double middle)
{
    char text[64];
    for (size_t i = 0; i < n; i++) {
        double x = x_of(s, run[i].begin), width = x_of(s, run[i].end) - x;
        unit_set_symbol_text(view->evaluation->units, run[i].unit, text, sizeof text);
        if (width < 6 * (double)strlen(text) + 5) continue;
        uint32_t rgb = run[i].colour;
        bool is_light = (rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 + (rgb & 255) * 114 >
                        125000;
        fprintf(s->file, "<text%s x=\"%.1f\" y=\"%.0f\">%s</text>", is_light ? "" : " class=\"w\"",
                x + width / 2, middle, text);
    }
}

void stretch_units(struct stretch *s, const struct unit_view *view,
                   const struct unit_utterance *units, const char *label)
{
    struct run run[MOST_RUNS];
    size_t n = find_runs(s, view, units, run);
    double middle = s->top + UNITS / 2;
    write_row_label(s, label, UNITS);
    fputs("<g class=\"runs\">", s->file);
    write_runs(s, run, n, middle);
    write_ids(s, view, run, n, middle);
    fputs("</g>\n", s->file);
    s->top += UNITS + SPACE;
}

/* ---- phones and words ------------------------------------------------------------------------ */

static void write_interval(const struct stretch *s, const char *label, double begin, double end,
                           const uint32_t *colour)
{
    double x = x_of(s, begin), width = x_of(s, end) - x;
    if (colour) {
        fprintf(s->file, "<path class=\"of\" stroke=\"");
        html_colour(s->file, *colour);
        fprintf(s->file, "\" d=\"M%.1f %.1fh%.1f\"/>", x + 0.5, s->top + 1.5, width - 1);
    }
    double fits = width / (double)strlen(label); /* for each character */
    if (!*label || fits < 4) return;
    fprintf(s->file, "<text%s x=\"%.1f\" y=\"%.1f\">", fits < 7.2 ? " class=\"n\"" : "",
            x + width / 2, s->top + LABELS / 2 + 2);
    html_text(s->file, label);
    fputs("</text>", s->file);
}

void stretch_intervals(struct stretch *s, const struct alignment *alignment,
                       const struct aligned_utterance *utterance, const uint32_t *colour,
                       const char *label)
{
    write_row_label(s, label, LABELS);
    fprintf(s->file, "<g class=\"labels\">");
    for (size_t i = 0; utterance && i < utterance->n_interval; i++) {
        const struct phone_interval *interval = &utterance->interval[i];
        double begin = 1e-6 * (double)interval->start_us, end = 1e-6 * (double)interval->end_us;
        if (end <= s->begin || begin >= s->end) continue;
        if (begin > s->begin)
            fprintf(s->file, "<path d=\"M%.1f %.0fv%d\"/>", x_of(s, begin), s->top, LABELS);
        write_interval(s, alignment->labels.name[interval->label], fmax(begin, s->begin),
                       fmin(end, s->end), colour ? &colour[interval->label] : NULL);
    }
    fputs("</g>\n", s->file);
    s->top += LABELS + SPACE;
}

/* ---- the axis -------------------------------------------------------------------------------- */

void stretch_axis(struct stretch *s)
{
    double step = s->has_time ? 0.5 : s->span / 8;
    fprintf(s->file, "<g class=\"axis\">");
    for (double time = s->begin; time <= s->end + 1e-9; time += step) {
        double x = x_of(s, time);
        fprintf(s->file, "<path d=\"M%.1f %.0fv4\"/>", x, s->top);
        if (x < WIDTH - 12) {
            fprintf(s->file, "<text x=\"%.1f\" y=\"%.0f\">", x, s->top + 11);
            fprintf(s->file, s->has_time ? "%.1f%s</text>" : "%.0f%s</text>", time,
                    s->has_time && time == s->begin ? " s" : "");
        }
    }
    fputs("</g>\n", s->file);
}
