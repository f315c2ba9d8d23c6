/* SPDX-License-Identifier: MIT */
#include "tools/eval/bootstrap.h"
#include "tools/report/html.h"
#include "tools/report/interval_chart.h"
#include "tools/report/page_parts.h"
#include "tools/report/score_rows.h"

#include <math.h>

static bool is_known(const struct score_row *row, const struct page_input *input)
{
    for (size_t m = 0; row->title && m < input->n_model; m++)
        if (isfinite(row->of(&input->evaluation[m]))) return true;
    return false;
}

static bool has_rows(size_t heading, const struct page_input *input)
{
    for (size_t i = heading + 1; i < n_score_row && score_row[i].title; i++)
        if (is_known(&score_row[i], input)) return true;
    return false;
}

static void write_cell(FILE *file, const struct score_row *row, const struct evaluation *e)
{
    const struct bootstrap *b = row->metric >= 0 ? e->bootstrap : NULL;
    fputs("<td>", file);
    html_number(file, row->scale * row->of(e), row->decimals);
    if (b && b->value[row->metric] && isfinite(b->low[row->metric])) {
        fputs("<small>", file);
        html_number(file, row->scale * b->low[row->metric], row->decimals);
        fputs("\xe2\x80\x93", file);
        html_number(file, row->scale * b->high[row->metric], row->decimals);
        fputs("</small>", file);
    }
    fputs("</td>", file);
}

static void write_heading(FILE *file, const char *title, const struct page_input *input)
{
    voq_info info = {.struct_size = sizeof info};
    fprintf(file, "<table><thead><tr><th scope=\"col\">%s</th>", title);
    for (size_t m = 0; m < input->n_model; m++) {
        fputs("<th scope=\"col\">", file);
        if (voq_model_describe(input->model[m], &info) == VOQ_OK) html_text(file, info.name);
        fputs("</th>", file);
    }
    fputs("</tr></thead><tbody>\n", file);
}

static void write_row(FILE *file, const struct score_row *row, const struct page_input *input)
{
    fprintf(file, "<tr><th scope=\"row\">%s <small>%s</small></th>", row->title, row->about);
    for (size_t m = 0; m < input->n_model; m++) write_cell(file, row, &input->evaluation[m]);
    fputs("</tr>\n", file);
}

/* A table for each heading whose scores are known. */
static void write_tables(FILE *file, const struct page_input *input)
{
    bool is_open = false;
    fprintf(file, "<div class=\"scores\" style=\"--least:%zupx\">\n", 250 + 118 * input->n_model);
    for (size_t i = 0; i < n_score_row; i++) {
        if (!score_row[i].title) {
            if (is_open) fputs("</tbody></table>\n", file);
            is_open = has_rows(i, input);
            if (is_open) write_heading(file, score_row[i].about, input);
        } else if (is_known(&score_row[i], input)) {
            write_row(file, &score_row[i], input);
        }
    }
    fputs(is_open ? "</tbody></table>\n</div>\n" : "</div>\n", file);
}

static bool write_contest(FILE *file, const struct page_input *input, size_t a, size_t b,
                          enum bootstrap_metric metric, struct failure *failure)
{
    const struct bootstrap_name *name = &bootstrap_name[metric];
    struct bootstrap_contest contest;
    voq_info first = {.struct_size = sizeof first}, second = {.struct_size = sizeof second};
    if (!bootstrap_compare(input->evaluation[a].bootstrap, input->evaluation[b].bootstrap, metric,
                           &contest, failure))
        return false;
    if (voq_model_describe(input->model[a], &first) != VOQ_OK ||
        voq_model_describe(input->model[b], &second) != VOQ_OK)
        return true;
    fprintf(file, "<li>%s: in ", name->title);
    html_number(file, 100 * contest.first_better, 1);
    fputs(" % of the draws ", file);
    html_text(file, first.name);
    fputs(" is better than ", file);
    html_text(file, second.name);
    fputs("</li>\n", file);
    return true;
}

static bool write_contests(FILE *file, const struct page_input *input, struct failure *failure)
{
    const struct evaluation *e = input->evaluation;
    if (input->n_model < 2 || !e->bootstrap) return true;
    fputs("<ul class=\"contests\">\n", file);
    for (size_t a = 0; a < input->n_model; a++)
        for (size_t b = a + 1; b < input->n_model; b++)
            for (int m = 0; m < BOOTSTRAP_METRICS; m++)
                if (e[a].bootstrap->value[m] && e[b].bootstrap->value[m] &&
                    !write_contest(file, input, a, b, (enum bootstrap_metric)m, failure))
                    return false;
    fputs("</ul>\n", file);
    return true;
}

bool part_scores(FILE *file, const struct page_input *input, struct failure *failure)
{
    const struct evaluation *e = input->evaluation;
    fputs("<section id=\"scores\">\n<h2>Scores</h2>\n<p>The numbers of voq eval, which its manual "
          "defines.",
          file);
    if (e->bootstrap) {
        fputs(" Small print: 95 % intervals, of ", file);
        html_count(file, e->resampling->n_draw);
        fputs(" draws of utterances", file);
        if (resampling_is_narrow(e->resampling)) fputs("; they hold for these speakers only", file);
        fputc('.', file);
    }
    fputs("</p>\n", file);
    interval_charts_write(file, input);
    write_tables(file, input);
    bool good = write_contests(file, input, failure);
    fputs("</section>\n", file);
    return good;
}
