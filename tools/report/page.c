/* SPDX-License-Identifier: MIT */
#include "tools/report/page.h"

#include "tools/report/html.h"
#include "tools/report/page_assets.h"
#include "tools/report/page_parts.h"

#include <math.h>

static void write_title(FILE *file, const struct unit_views *views, const char *corpus)
{
    for (size_t m = 0; m < views->n; m++) {
        if (m > 0) fputs(m + 1 < views->n ? ", " : " and ", file);
        html_text(file, views->unit[m].name);
    }
    fputs(" on ", file);
    html_text(file, corpus);
}

/* Nothing may be loaded from anywhere. */
static void write_head(FILE *file, const struct unit_views *views, const char *corpus)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "img-src data:; media-src data:; style-src 'unsafe-inline'; "
          "script-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" "
          "href=\"data:,\">\n<title>voq: ",
          file);
    write_title(file, views, corpus);
    fprintf(file, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", report_css);
}

static void write_fact(FILE *file, const char *name, const char *value)
{
    if (!value) return;
    fprintf(file, "<div><dt>%s</dt><dd>", name);
    html_text(file, value);
    fputs("</dd></div>\n", file);
}

static void write_corpus(FILE *file, const struct page_input *input)
{
    const struct evaluation *e = &input->evaluation[0];
    fputs("<div><dt>corpus</dt><dd>", file);
    html_text(file, input->corpus_name);
    fputs("<small>", file);
    html_count(file, e->units->n_utterance);
    fputs(e->units->n_utterance == 1 ? " utterance" : " utterances", file);
    if (e->usage.frames && isfinite(e->usage.seconds))
        fprintf(file, ", %.1f minutes", e->usage.seconds / 60);
    if (e->phones && e->speaker.frames)
        fprintf(file, e->speaker.speakers == 1 ? ", %u speaker" : ", %u speakers",
                e->speaker.speakers);
    fputs("</small></dd></div>\n", file);
}

static void write_facts(FILE *file, const struct page_input *input,
                        const struct unit_views *views)
{
    fputs("<dl class=\"facts\">\n", file);
    for (size_t m = 0; m < views->n; m++) {
        const struct unit_view *view = &views->unit[m];
        fputs("<div><dt>model</dt><dd>", file);
        html_text(file, view->name);
        fprintf(file, "<small>%s, ", view->info.hash);
        if (view->info.n_codebook > 1) fprintf(file, "%u codebooks of ", view->info.n_codebook);
        fprintf(file, "%u codes, %u dimensions", view->info.n_code, view->info.dim);
        if (view->info.rate_hz)
            fprintf(file, ", a unit every %.4g ms",
                    1000.0 * view->info.hop_samples / view->info.rate_hz);
        fputs("</small></dd></div>\n", file);
    }
    write_corpus(file, input);
    write_fact(file, "phones", input->names->phones_name);
    write_fact(file, "ABX items", input->names->items_name);
    fputs("</dl>\n", file);
}

static void write_contents(FILE *file, const struct page_input *input,
                           const struct unit_views *views)
{
    fputs("<nav><a href=\"#scores\">Scores</a>", file);
    if (input->n_shown) fputs("<a href=\"#utterances\">Utterances</a>", file);
    if (views->phone.n) fputs("<a href=\"#phones\">Phones and units</a>", file);
    fputs("<a href=\"#usage\">Use of the units</a><a href=\"#codebook\">Codebook</a>", file);
    if (input->n_log) fputs("<a href=\"#training\">Training</a>", file);
    fputs("</nav>\n", file);
}

static bool write_parts(FILE *file, const struct page_input *input,
                        const struct unit_views *views, struct failure *failure)
{
    if (!part_scores(file, input, failure) || !part_utterances(file, input, views, failure))
        return false;
    part_heat_map(file, views);
    part_usage(file, views);
    part_codebook(file, views);
    part_training(file, input);
    return part_data(file, input, views, failure);
}

bool page_write(FILE *file, const struct page_input *input, struct failure *failure)
{
    struct unit_views views;
    bool good = unit_views_make(&views, input->evaluation, input->model, input->n_model, failure);
    if (good) {
        write_head(file, &views, input->corpus_name);
        fputs("<header><h1>", file);
        write_title(file, &views, input->corpus_name);
        fputs("</h1>\n", file);
        write_facts(file, input, &views);
        write_contents(file, input, &views);
        fputs("</header>\n<main>\n", file);
        good = write_parts(file, input, &views, failure);
        fprintf(file,
                "</main>\n<footer>Written by voq %s. This file needs no network and loads nothing."
                "</footer>\n<div id=\"tip\" role=\"status\" hidden></div>\n<script>\n%s</script>\n"
                "</body>\n</html>\n",
                voq_version_string(), report_js);
    }
    unit_views_clear(&views);
    return good;
}
