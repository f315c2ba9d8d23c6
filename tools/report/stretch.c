/* SPDX-License-Identifier: MIT */
#include "tools/report/stretch.h"

#include "tools/report/html.h"

#include <math.h>
#include <string.h>

/* In units of the picture, whose width is WIDTH. */
enum { WIDTH = 1000, SPECTROGRAM = 84, UNITS = 22, LABELS = 20, SPACE = 3, AXIS = 17 };

enum { LEAST_LEFT = 62, MOST_LEFT = 180, CHARACTER = 7, EDGE = 8 };

double stretch_left(const struct unit_views *views)
{
    size_t longest = 0;
    for (size_t m = 0; views->n > 1 && m < views->n; m++) {
        size_t n = strlen(views->unit[m].name);
        if (n > longest) longest = n;
    }
    return fmin(MOST_LEFT, fmax(LEAST_LEFT, CHARACTER * (double)longest + EDGE));
}

static double stretch_width(const struct stretch *s)
{
    return WIDTH - s->left;
}

double stretch_height(bool has_spectrogram, size_t n_model, bool has_phones, bool has_words)
{
    return (has_spectrogram ? SPECTROGRAM + SPACE : 0) + (double)n_model * (UNITS + SPACE) +
           (has_phones ? LABELS + SPACE : 0) + (has_words ? LABELS + SPACE : 0) + AXIS;
}

static double x_of(const struct stretch *s, double time)
{
    return s->left + (time - s->begin) / s->span * stretch_width(s);
}

void stretch_begin(struct stretch *s, double height, const char *title)
{
    s->top = 0;
    fprintf(s->file,
            "<svg class=\"stretch\" viewBox=\"0 0 %d %.0f\" role=\"img\" data-from=\"%.6g\" "
            "data-span=\"%.6g\" data-left=\"%.0f\" aria-label=\"",
            WIDTH, height, s->begin, s->span, s->left);
    html_text(s->file, title);
    fputs("\">\n", s->file);
}

void stretch_end(struct stretch *s)
{
    fputs("</svg>\n", s->file);
}

static void write_row_label(const struct stretch *s, const char *label, double height)
{
    fprintf(s->file, "<text class=\"row\" x=\"%.0f\" y=\"%.1f\">", s->left - EDGE,
            s->top + height / 2);
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

/* Time in one colour. begin and end count units from the begin of the stretch; of phones and words
   they are thousandths of its width. */
struct piece {
    uint32_t unit, colour;
    double begin, end;
    bool is_drawn;
};

enum { MOST_PIECES = 4096 }; /* of one row in one stretch; further ones are not drawn */

static double unit_seconds(const struct unit_view *view, bool has_time)
{
    const struct unit_set *units = view->evaluation->units;
    return has_time ? (double)units->hop_samples / units->rate_hz
                    : (double)(units->stride ? units->stride : 1);
}

static size_t find_runs(const struct stretch *s, const struct unit_view *view,
                        const struct unit_utterance *units, struct piece *run)
{
    double frame = unit_seconds(view, s->has_time);
    size_t first = (size_t)floor(s->begin / frame + 1e-6), i = first, n = 0;
    size_t end = (size_t)ceil(s->end / frame - 1e-6);
    if (end > units->n_frame) end = units->n_frame;
    while (i < end) {
        uint32_t unit = units->symbol[i];
        size_t begin = i;
        while (i < end && units->symbol[i] == unit) i++;
        if (unit == NO_UNIT || n == MOST_PIECES) continue;
        run[n++] = (struct piece){unit, unit_view_colour(view, unit), (double)(begin - first),
                                  (double)(i - first), false};
    }
    return n;
}

/* Whether two pieces, one behind the other, look like one. */
static bool touch(const struct piece *a, const struct piece *b)
{
    return a->end == b->begin && a->colour == b->colour;
}

/* Pieces of one colour are one path: a line as wide as the row is high. */
static void write_pieces(FILE *file, struct piece *piece, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (piece[i].is_drawn) continue;
        fputs("<path stroke=\"", file);
        html_colour(file, piece[i].colour);
        fputs("\" d=\"", file);
        for (size_t k = i; k < n; k++) {
            if (piece[k].colour != piece[i].colour) continue;
            double begin = piece[k].begin;
            piece[k].is_drawn = true;
            for (; k + 1 < n && touch(&piece[k], &piece[k + 1]); k++) piece[k + 1].is_drawn = true;
            fprintf(file, "M%.6g 0h%.6g", begin, piece[k].end - begin);
        }
        fputs("\"/>", file);
    }
}

/* Units of one colour that touch are told apart by cuts: one line goes up and down across the row,
   and from cut to cut above or below it, where it is not seen. */
static void write_cuts(FILE *file, const struct piece *run, size_t n)
{
    double x = 0, way = 4;
    fputs("<path class=\"cut\" d=\"M0-2", file);
    for (size_t i = 1; i < n; i++) {
        if (!touch(&run[i - 1], &run[i])) continue;
        fprintf(file, "h%.6gv%.0f", run[i].begin - x, way);
        x = run[i].begin;
        way = -way;
    }
    fputs("\"/>", file);
}

/* Ids are written where they fit. */
static void write_ids(const struct stretch *s, const struct unit_view *view,
                      const struct piece *run, size_t n)
{
    char text[64];
    double width = unit_seconds(view, s->has_time) / s->span * stretch_width(s);
    fprintf(s->file, "<g class=\"ids\" transform=\"translate(%.0f %.0f)\">", s->left,
            s->top + UNITS / 2);
    for (size_t i = 0; i < n; i++) {
        uint32_t rgb = run[i].colour;
        bool is_light = (rgb >> 16 & 255) * 299 + (rgb >> 8 & 255) * 587 + (rgb & 255) * 114 >
                        125000;
        unit_set_symbol_text(view->evaluation->units, run[i].unit, text, sizeof text);
        if ((run[i].end - run[i].begin) * width < 6 * (double)strlen(text) + 5) continue;
        fprintf(s->file, "<text%s x=\"%.0f\">%s</text>", is_light ? "" : " class=\"w\"",
                (run[i].begin + run[i].end) / 2 * width, text);
    }
    fputs("</g>\n", s->file);
}

/* A row whose whole width is `width` of its own units. */
static void begin_row(const struct stretch *s, double height, double width)
{
    fprintf(s->file,
            "<svg class=\"runs\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"0 -1 %.6g 2\" preserveAspectRatio=\"none\">",
            s->left, s->top, stretch_width(s), height, width);
}

void stretch_units(struct stretch *s, const struct unit_view *view,
                   const struct unit_utterance *units, const char *label)
{
    struct piece run[MOST_PIECES];
    size_t n = find_runs(s, view, units, run);
    write_row_label(s, label, UNITS);
    begin_row(s, UNITS, s->span / unit_seconds(view, s->has_time));
    write_pieces(s->file, run, n);
    write_cuts(s->file, run, n);
    fputs("</svg>\n", s->file);
    write_ids(s, view, run, n);
    s->top += UNITS + SPACE;
}

/* ---- phones and words ------------------------------------------------------------------------ */

/* Intervals in parts of a thousand of the span; unit is the label. */
static size_t find_intervals(const struct stretch *s, const struct aligned_utterance *utterance,
                             const uint32_t *colour, struct piece *piece)
{
    size_t n = 0;
    for (size_t i = 0; i < utterance->n_interval && n < MOST_PIECES; i++) {
        const struct phone_interval *interval = &utterance->interval[i];
        double begin = 1e-6 * (double)interval->start_us, end = 1e-6 * (double)interval->end_us;
        if (end <= s->begin || begin >= s->end) continue;
        piece[n++] = (struct piece){
            interval->label, colour ? colour[interval->label] : 0,
            floor(1000 * (fmax(begin, s->begin) - s->begin) / s->span + 0.5),
            floor(1000 * (fmin(end, s->end) - s->begin) / s->span + 0.5), false};
    }
    return n;
}

static void write_labels(const struct stretch *s, const struct alignment *alignment,
                         const struct piece *piece, size_t n)
{
    fprintf(s->file, "<g class=\"labels\" transform=\"translate(%.0f %.0f)\"><path d=\"",
            s->left, s->top + LABELS / 2 + 2);
    for (size_t i = 0; i < n; i++) {
        fprintf(s->file, "M%.0f-9v17", piece[i].begin * stretch_width(s) / 1000);
        if (i + 1 == n || piece[i].end < piece[i + 1].begin)
            fprintf(s->file, "M%.0f-9v17", piece[i].end * stretch_width(s) / 1000);
    }
    fputs("\"/>", s->file);
    for (size_t i = 0; i < n; i++) {
        const char *label = alignment->labels.name[piece[i].unit];
        double width = (piece[i].end - piece[i].begin) * stretch_width(s) / 1000;
        double fits = width / (double)strlen(label); /* for each character */
        if (!*label || fits < 4) continue;
        fprintf(s->file, "<text%s x=\"%.0f\">", fits < 7.2 ? " class=\"n\"" : "",
                (piece[i].begin + piece[i].end) * stretch_width(s) / 2000);
        html_text(s->file, label);
        fputs("</text>", s->file);
    }
    fputs("</g>\n", s->file);
}

void stretch_intervals(struct stretch *s, const struct alignment *alignment,
                       const struct aligned_utterance *utterance, const uint32_t *colour,
                       const char *label)
{
    struct piece piece[MOST_PIECES];
    size_t n = find_intervals(s, utterance, colour, piece);
    write_row_label(s, label, LABELS);
    write_labels(s, alignment, piece, n);
    if (colour) {
        begin_row(s, 3, 1000);
        write_pieces(s->file, piece, n);
        fputs("</svg>\n", s->file);
    }
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
