/* SPDX-License-Identifier: MIT */
#include "tools/base/palette.h"
#include "tools/report/html.h"
#include "tools/report/page_parts.h"

#include <math.h>

enum { WIDTH = 440, HEIGHT = 180, LEFT = 56, RIGHT = 10, TOP = 10, FOOT = 24 };

static const char *const title[CURVE_KINDS] = {
    "Distortion: mean squared distance", "Loss", "Commitment", "Reconstruction error",
    "Consistency", "Accuracy of the labels", "PNMI of the development set", "Perplexity",
    "Dead codes"};

/* The ranges of a chart. */
struct chart {
    FILE *file;
    double x_low, x_high, y_low, y_high;
    double y_step;
};

static double x_of(const struct chart *chart, double x)
{
    return LEFT + (x - chart->x_low) / (chart->x_high - chart->x_low) * (WIDTH - LEFT - RIGHT);
}

static double y_of(const struct chart *chart, double y)
{
    return TOP + HEIGHT - (y - chart->y_low) / (chart->y_high - chart->y_low) * HEIGHT;
}

/* False: no log has such a curve. */
static bool find_ranges(struct chart *chart, const struct page_input *input, enum curve_kind kind)
{
    chart->x_low = chart->y_low = HUGE_VAL;
    chart->x_high = chart->y_high = -HUGE_VAL;
    for (size_t l = 0; l < input->n_log; l++)
        for (size_t i = 0; i < LOG_CODEBOOKS; i++) {
            const struct curve *curve = &input->log[l].curve[kind][i];
            for (size_t k = 0; k < curve->n; k++) {
                chart->x_low = fmin(chart->x_low, curve->x[k]);
                chart->x_high = fmax(chart->x_high, curve->x[k]);
                chart->y_low = fmin(chart->y_low, curve->y[k]);
                chart->y_high = fmax(chart->y_high, curve->y[k]);
            }
        }
    return chart->x_low <= chart->x_high;
}

/* 1, 2 or 5 times a power of ten: about four of them in the range. */
static double step_of(double range)
{
    double power = pow(10, floor(log10(range / 4)));
    double times = range / 4 / power;
    return power * (times < 1.5 ? 1 : times < 3.5 ? 2 : times < 7.5 ? 5 : 10);
}

/* Widens the ranges to whole steps; what cannot be negative begins at 0 where it comes near. */
static void round_ranges(struct chart *chart, bool is_whole)
{
    if (chart->x_high <= chart->x_low) chart->x_high = chart->x_low + 1;
    if (chart->y_low > 0 && chart->y_low < 0.35 * chart->y_high) chart->y_low = 0;
    if (chart->y_high <= chart->y_low) chart->y_high = chart->y_low + 1;
    double step = step_of(chart->y_high - chart->y_low);
    if (is_whole) step = fmax(1, step);
    chart->y_step = step;
    chart->y_low = step * floor(chart->y_low / step + 1e-9);
    chart->y_high = step * ceil(chart->y_high / step - 1e-9);
}

static void write_axes(const struct chart *chart)
{
    double step = chart->y_step;
    int n = (int)floor((chart->y_high - chart->y_low) / step + 0.5);
    for (int i = 0; i <= n; i++) {
        double y = chart->y_low + i * step;
        fprintf(chart->file,
                "<path class=\"grid\" d=\"M%d %.1fH%d\"/><text x=\"%d\" y=\"%.1f\" "
                "text-anchor=\"end\">%.6g</text>",
                LEFT, y_of(chart, y), WIDTH - RIGHT, LEFT - 7, y_of(chart, y) + 4,
                fabs(y) < step / 2 ? 0 : y);
    }
    step = fmax(1, step_of(chart->x_high - chart->x_low));
    for (double x = step * ceil(chart->x_low / step); x <= chart->x_high; x += step)
        fprintf(chart->file, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.6g</text>",
                x_of(chart, x), TOP + HEIGHT + 18, x);
}

/* The colour of log l of n, and a dash for those beyond what colours tell apart. */
static void write_style(FILE *file, size_t l, size_t n)
{
    double place = n > 1 ? 0.25 + 0.7 * (double)l / (double)(n - 1) : 0.35;
    fputs("stroke=\"", file);
    html_colour(file, palette_rgb(place));
    fputs(l % 2 ? "\" stroke-dasharray=\"6 3\"" : "\"", file);
}

static void write_curve(const struct chart *chart, const struct curve *curve, size_t l, size_t n)
{
    if (curve->n == 0) return;
    fputs("<path class=\"curve\" ", chart->file);
    write_style(chart->file, l, n);
    fputs(" d=\"", chart->file);
    for (size_t k = 0; k < curve->n; k++)
        fprintf(chart->file, "%c%.1f %.1f", k ? 'L' : 'M', x_of(chart, curve->x[k]),
                y_of(chart, curve->y[k]));
    if (curve->n == 1) fputs("h.1", chart->file);
    fputs("\"/>", chart->file);
}

static void write_chart(FILE *file, const struct page_input *input, enum curve_kind kind)
{
    struct chart chart = {.file = file};
    if (!find_ranges(&chart, input, kind)) return;
    round_ranges(&chart, kind == CURVE_DEAD);
    fprintf(file,
            "<figure><figcaption>%s</figcaption><svg class=\"chart\" viewBox=\"0 0 %d %d\" "
            "role=\"img\" aria-label=\"%s\">",
            title[kind], WIDTH, TOP + HEIGHT + FOOT, title[kind]);
    write_axes(&chart);
    for (size_t l = 0; l < input->n_log; l++)
        for (size_t i = 0; i < LOG_CODEBOOKS; i++)
            write_curve(&chart, &input->log[l].curve[kind][i], l, input->n_log);
    fputs("</svg></figure>\n", file);
}

static void write_legend(FILE *file, const struct page_input *input)
{
    fputs("<ul class=\"legend\">\n", file);
    for (size_t l = 0; l < input->n_log; l++) {
        fputs("<li><svg viewBox=\"0 0 30 4\" aria-hidden=\"true\"><path class=\"curve\" ", file);
        write_style(file, l, input->n_log);
        fputs(" d=\"M0 2h30\"/></svg>", file);
        html_text(file, input->log[l].path);
        fputs(input->log[l].has_epochs ? " <small>by epoch</small></li>\n"
                                       : " <small>by iteration</small></li>\n",
              file);
    }
    fputs("</ul>\n", file);
}

void part_training(FILE *file, const struct page_input *input)
{
    if (input->n_log == 0) return;
    fputs("<section id=\"training\">\n<h2>Training</h2>\n<p>What the logs of the trainings say, "
          "step by step. Several codebooks have a curve each.</p>\n",
          file);
    write_legend(file, input);
    fputs("<div class=\"pair\">\n", file);
    for (unsigned kind = 0; kind < CURVE_KINDS; kind++) write_chart(file, input, kind);
    fputs("</div>\n</section>\n", file);
}
