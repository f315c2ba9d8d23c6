/* SPDX-License-Identifier: MIT */
#include "tools/report/interval_chart.h"

#include "tools/eval/bootstrap.h"
#include "tools/report/html.h"
#include "tools/report/score_rows.h"

#include <math.h>

enum { WIDTH = 440, LEFT = 150, RIGHT = 14, ROW = 22, FOOT = 22 };

/* What the width stands for, in the unit of the score. */
struct range {
    double low, high;
};

static double x_of(const struct range *range, double value)
{
    return LEFT + (value - range->low) / (range->high - range->low) * (WIDTH - LEFT - RIGHT);
}

static bool has_interval(const struct evaluation *e, const struct score_row *row)
{
    return e->bootstrap->value[row->metric] && isfinite(e->bootstrap->low[row->metric]) &&
           isfinite(row->of(e));
}

static bool find_range(struct range *range, const struct page_input *input,
                       const struct score_row *row)
{
    *range = (struct range){HUGE_VAL, -HUGE_VAL};
    for (size_t m = 0; m < input->n_model; m++) {
        const struct evaluation *e = &input->evaluation[m];
        if (!has_interval(e, row)) continue;
        double score = row->of(e), low = e->bootstrap->low[row->metric];
        double high = e->bootstrap->high[row->metric];
        range->low = fmin(range->low, row->scale * fmin(score, low));
        range->high = fmax(range->high, row->scale * fmax(score, high));
    }
    if (range->low == range->high) range->high += pow(10, -row->decimals);
    return range->low < range->high;
}

static void write_model(FILE *file, const struct range *range, const struct page_input *input,
                        const struct score_row *row, size_t m)
{
    const struct evaluation *e = &input->evaluation[m];
    double y = ((double)m + 0.5) * ROW;
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(input->model[m], &info) != VOQ_OK) return;
    fprintf(file, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"end\">", LEFT - 12, y + 4);
    html_text(file, info.name);
    fputs("</text>", file);
    if (!has_interval(e, row)) return;
    fprintf(file, "<path class=\"interval\" d=\"M%.1f %.0fH%.1f\"/>",
            x_of(range, row->scale * e->bootstrap->low[row->metric]), y,
            x_of(range, row->scale * e->bootstrap->high[row->metric]));
    fprintf(file, "<circle cx=\"%.1f\" cy=\"%.0f\" r=\"4\"/>\n",
            x_of(range, row->scale * row->of(e)), y);
}

static void write_ends(FILE *file, const struct range *range, const struct score_row *row,
                       double y)
{
    const double end[] = {range->low, range->high};
    for (int i = 0; i < 2; i++)
        fprintf(file, "<text x=\"%d\" y=\"%.0f\" text-anchor=\"%s\">%.*f</text>",
                i ? WIDTH - RIGHT : LEFT, y, i ? "end" : "start", row->decimals, end[i]);
}

static void write_chart(FILE *file, const struct page_input *input, const struct score_row *row,
                        const char *heading)
{
    struct range range;
    double height = (double)input->n_model * ROW;
    if (!find_range(&range, input, row)) return;
    fprintf(file,
            "<figure><figcaption>%s: %s, %s</figcaption><svg class=\"chart intervals\" "
            "viewBox=\"0 0 %d %.0f\" role=\"img\" aria-label=\"%s with intervals\">",
            heading, row->title, row->about, WIDTH, height + FOOT, row->title);
    fprintf(file, "<path class=\"base\" d=\"M%d %.0fH%d\"/>", LEFT, height + 3, WIDTH - RIGHT);
    for (size_t m = 0; m < input->n_model; m++) write_model(file, &range, input, row, m);
    write_ends(file, &range, row, height + 17);
    fputs("</svg></figure>\n", file);
}

void interval_charts_write(FILE *file, const struct page_input *input)
{
    const char *heading = "";
    if (input->n_model < 2 || !input->evaluation[0].bootstrap) return;
    fputs("<div class=\"pair\">\n", file);
    for (size_t i = 0; i < n_score_row; i++) {
        if (!score_row[i].title) heading = score_row[i].about;
        else if (score_row[i].metric >= 0) write_chart(file, input, &score_row[i], heading);
    }
    fputs("</div>\n", file);
}
