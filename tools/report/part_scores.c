/* SPDX-License-Identifier: MIT */
#include "tools/eval/bootstrap.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/speaker.h"
#include "tools/report/html.h"
#include "tools/report/page_parts.h"

#include <math.h>

typedef double score(const struct evaluation *e);

/* A row of the table. Its interval is that of the bootstrap's metric; -1: none. */
struct row {
    const char *title, *about; /* title NULL: `about` is a heading */
    score *of;
    double scale;
    int decimals;
    int metric;
};

static double pnmi(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.pnmi : (double)NAN;
}

static double pnmi_speech(const struct evaluation *e)
{
    return e->phones && e->speech.frames ? e->speech.pnmi : (double)NAN;
}

static double phone_purity(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.phone_purity : (double)NAN;
}

static double cluster_purity(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.cluster_purity : (double)NAN;
}

static double v_measure(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.v_measure : (double)NAN;
}

static double abx_within(const struct evaluation *e)
{
    return e->abx ? e->abx->within_speaker_within_context : (double)NAN;
}

static double abx_across(const struct evaluation *e)
{
    return e->abx ? e->abx->across_speaker_within_context : (double)NAN;
}

static double features_within(const struct evaluation *e)
{
    return e->abx_features ? e->abx_features->within_speaker_within_context : (double)NAN;
}

static double features_across(const struct evaluation *e)
{
    return e->abx_features ? e->abx_features->across_speaker_within_context : (double)NAN;
}

static const struct boundary_scores *boundaries(const struct evaluation *e)
{
    const struct boundary_scores *strict = &e->boundaries_all.strict;
    return e->phones && strict->ref ? strict : NULL;
}

static double precision(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->precision : (double)NAN;
}

static double recall(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->recall : (double)NAN;
}

static double f1(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->f1 : (double)NAN;
}

static double r_value(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->r_value : (double)NAN;
}

static double speaker_share(const struct evaluation *e)
{
    return e->phones && e->speaker.frames ? e->speaker.nmi_speaker : (double)NAN;
}

static double speaker_given_phone(const struct evaluation *e)
{
    return e->phones && e->speaker.frames ? e->speaker.mi_given_phone_nats : (double)NAN;
}

static double codes_used(const struct evaluation *e)
{
    return e->usage.frames ? (double)e->usage.codes_used : 0;
}

static double codes(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.codes : (double)NAN;
}

static double perplexity(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.perplexity : (double)NAN;
}

static double mean_run(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.mean_run_frames : (double)NAN;
}

static double runs_per_second(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.runs_per_second : (double)NAN;
}

static double bitrate_frame(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_frame : (double)NAN;
}

static double bitrate_dedup(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_dedup : (double)NAN;
}

static double bitrate_nominal(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_nominal : (double)NAN;
}

static double bitrate_nominal_dedup(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_nominal_dedup : (double)NAN;
}

static double entropy_bits(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.entropy_bits : (double)NAN;
}

static double distortion(const struct evaluation *e)
{
    return e->quantizer ? e->quantizer->distortion : (double)NAN;
}

static double snr_db(const struct evaluation *e)
{
    return e->quantizer ? e->quantizer->snr_db : (double)NAN;
}

static double relative_mse(const struct evaluation *e)
{
    return e->reconstruction ? e->reconstruction->relative : (double)NAN;
}

static const struct row rows[] = {
    {NULL, "Phones in the units", NULL, 0, 0, -1},
    {"PNMI", "share of the phones' entropy that units tell", pnmi, 1, 3, BOOTSTRAP_PNMI},
    {"PNMI of speech", "without silence", pnmi_speech, 1, 3, BOOTSTRAP_PNMI_SPEECH},
    {"Phone purity", "frames whose phone is their unit's commonest", phone_purity, 100, 1, -1},
    {"Cluster purity", "frames whose unit is their phone's commonest", cluster_purity, 100, 1,
     -1},
    {"V-measure", "of units and phones", v_measure, 1, 3, -1},
    {NULL, "ABX error, %", NULL, 0, 0, -1},
    {"Within speakers", "units", abx_within, 100, 2, BOOTSTRAP_ABX_WITHIN},
    {"Across speakers", "units", abx_across, 100, 2, BOOTSTRAP_ABX_ACROSS},
    {"Within speakers", "features before the codebook", features_within, 100, 2,
     BOOTSTRAP_FEATURES_WITHIN},
    {"Across speakers", "features before the codebook", features_across, 100, 2,
     BOOTSTRAP_FEATURES_ACROSS},
    {NULL, "Boundaries, %", NULL, 0, 0, -1},
    {"Precision", "changes of unit at a phone boundary", precision, 100, 1, -1},
    {"Recall", "phone boundaries at a change of unit", recall, 100, 1, -1},
    {"F1", "of both", f1, 100, 1, -1},
    {"R-value", "penalizes too many boundaries", r_value, 100, 1, -1},
    {NULL, "Speakers", NULL, 0, 0, -1},
    {"NMI", "share of the speakers' entropy that units tell", speaker_share, 1, 4, -1},
    {"MI given phone", "nats of a unit about its speaker", speaker_given_phone, 1, 4, -1},
    {NULL, "Use of the codebook", NULL, 0, 0, -1},
    {"Codes", "possible units", codes, 1, 0, -1},
    {"Codes used", "in this corpus", codes_used, 1, 0, -1},
    {"Perplexity", "as many equally frequent units", perplexity, 1, 1, -1},
    {"Entropy", "bits per unit", entropy_bits, 1, 2, -1},
    {"Mean run", "frames with the same unit", mean_run, 1, 2, -1},
    {"Runs per second", "changes of unit", runs_per_second, 1, 1, -1},
    {NULL, "Bits per second", NULL, 0, 0, -1},
    {"Entropy, every frame", "bitrate_frame", bitrate_frame, 1, 0, -1},
    {"Entropy, every run", "bitrate_dedup, without durations", bitrate_dedup, 1, 0, -1},
    {"Fixed length, every frame", "bitrate_nominal", bitrate_nominal, 1, 0, -1},
    {"Fixed length, every run", "bitrate_nominal_dedup", bitrate_nominal_dedup, 1, 0, -1},
    {NULL, "Quantization", NULL, 0, 0, -1},
    {"Distortion", "mean squared distance from the codeword", distortion, 1, 2, -1},
    {"Signal to noise", "dB", snr_db, 1, 2, -1},
    {"Reconstruction", "relative squared error of the decoder", relative_mse, 1, 3, -1},
};

enum { N_ROW = sizeof rows / sizeof *rows };

static bool is_known(const struct row *row, const struct page_input *input)
{
    for (size_t m = 0; row->title && m < input->n_model; m++)
        if (isfinite(row->of(&input->evaluation[m]))) return true;
    return false;
}

static bool has_rows(size_t heading, const struct page_input *input)
{
    for (size_t i = heading + 1; i < N_ROW && rows[i].title; i++)
        if (is_known(&rows[i], input)) return true;
    return false;
}

static void write_cell(FILE *file, const struct row *row, const struct evaluation *e)
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

static void write_row(FILE *file, const struct row *row, const struct page_input *input)
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
    for (size_t i = 0; i < N_ROW; i++) {
        if (!rows[i].title) {
            if (is_open) fputs("</tbody></table>\n", file);
            is_open = has_rows(i, input);
            if (is_open) write_heading(file, rows[i].about, input);
        } else if (is_known(&rows[i], input)) {
            write_row(file, &rows[i], input);
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
    write_tables(file, input);
    bool good = write_contests(file, input, failure);
    fputs("</section>\n", file);
    return good;
}
