/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_comparison.h"

#include "tools/eval/bootstrap.h"
#include "tools/base/growing.h"
#include "tools/base/utf8.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/report_confusion.h"
#include "tools/eval/report_facts.h"
#include "tools/eval/robustness.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_WIDTH = 28, COLUMN_WIDTH = 17, LABEL_BYTES = 40, ABREAST = 4 };
enum { MOST_ROWS = 40, NO_INTERVAL = -1 };

struct comparison {
    FILE *file;
    const struct evaluation *e; /* [n] */
    size_t n;
    const struct report_options *options;
    char (*label)[LABEL_BYTES]; /* [n] distinct column headings */
};

/* One row of values, or a heading. */
struct row {
    const char *name;
    double value;
    int decimals; /* below 0: a heading */
    int metric;   /* enum bootstrap_metric, or NO_INTERVAL */
};

struct rows {
    struct row row[MOST_ROWS];
    size_t n;
};

static void add(struct rows *rows, const char *name, double value, int decimals, int metric)
{
    if (rows->n < MOST_ROWS) rows->row[rows->n++] = (struct row){name, value, decimals, metric};
}

static void add_heading(struct rows *rows, const char *name)
{
    add(rows, name, 0, -1, NO_INTERVAL);
}

static void add_phones(struct rows *rows, const struct evaluation *e)
{
    const struct boundary_scores *b = &e->boundaries_all.strict;
    const double none = (double)NAN;
    bool has_frames = e->all.frames > 0, has_speech = e->speech.frames > 0;
    add_heading(rows, "phones and units");
    add(rows, "pnmi", has_frames ? e->all.pnmi : none, 4, BOOTSTRAP_PNMI);
    add(rows, "pnmi, speech", has_speech ? e->speech.pnmi : none, 4, BOOTSTRAP_PNMI_SPEECH);
    add(rows, "phone_purity", has_frames ? e->all.phone_purity : none, 4, NO_INTERVAL);
    add(rows, "cluster_purity", has_frames ? e->all.cluster_purity : none, 4, NO_INTERVAL);
    add(rows, "v_measure", has_frames ? e->all.v_measure : none, 4, NO_INTERVAL);
    add_heading(rows, "boundaries, strict");
    add(rows, "f1", b->ref ? b->f1 : none, 4, NO_INTERVAL);
    add(rows, "over_segmentation", b->ref ? b->over_segmentation : none, 4, NO_INTERVAL);
    add(rows, "r_value", b->ref ? b->r_value : none, 4, NO_INTERVAL);
    add_heading(rows, "speaker");
    add(rows, "mi_given_phone_nats", has_frames ? e->speaker.mi_given_phone_nats : none, 4,
        NO_INTERVAL);
}

static void add_abx(struct rows *rows, const struct abx_scores *a, const char *title, int within)
{
    add_heading(rows, title);
    add(rows, "within speaker", a->within_speaker_within_context, 4, within);
    add(rows, "across speaker", a->across_speaker_within_context, 4, within + 1);
    if (!a->has_any_context) return;
    add(rows, "within, any context", a->within_speaker_any_context, 4, NO_INTERVAL);
    add(rows, "across, any context", a->across_speaker_any_context, 4, NO_INTERVAL);
}

static void add_usage(struct rows *rows, const struct evaluation *e, bool has_time)
{
    struct usage u = e->usage;
    add_heading(rows, "usage");
    add(rows, "codes", pow(e->units->n_code, e->units->n_codebook), 0, NO_INTERVAL);
    add(rows, "codes_used", u.codes_used, 0, NO_INTERVAL);
    if (!u.frames)
        u.perplexity = u.mean_run_frames = u.bits_frame = u.bits_dedup = u.runs_per_second =
            u.bitrate_frame = u.bitrate_dedup = (double)NAN;
    add(rows, "perplexity", u.perplexity, 2, NO_INTERVAL);
    add(rows, has_time ? "mean_run_frames" : "mean_run_vectors", u.mean_run_frames, 3,
        NO_INTERVAL);
    if (!has_time) {
        add(rows, "bits_per_vector", u.bits_frame, 4, NO_INTERVAL);
        add(rows, "bits_dedup", u.bits_dedup, 4, NO_INTERVAL);
        return;
    }
    add(rows, "runs_per_second", u.runs_per_second, 2, NO_INTERVAL);
    add(rows, "bitrate_frame, bits/s", u.bitrate_frame, 2, NO_INTERVAL);
    add(rows, "bitrate_dedup, bits/s", u.bitrate_dedup, 2, NO_INTERVAL);
}

static void add_robustness(struct rows *rows, const struct robustness *r)
{
    add_heading(rows, "same_frames of changed audio");
    for (size_t i = 0; i < r->n_row; i++)
        add(rows, r->row[i].condition, r->row[i].same_frames, 4, NO_INTERVAL);
}

/* What decides on the rows, so that all models have the same. */
struct row_choice {
    bool time;    /* all models have it */
    bool decoder; /* one of the models has it */
};

static struct row_choice choose_rows(const struct comparison *c)
{
    struct row_choice has = {.time = true};
    for (size_t k = 0; k < c->n; k++) {
        has.time = has.time && unit_set_has_time(c->e[k].units);
        has.decoder = has.decoder || c->e[k].reconstruction;
    }
    return has;
}

static void fill(struct rows *rows, const struct evaluation *e, const struct row_choice *has)
{
    rows->n = 0;
    if (e->phones) add_phones(rows, e);
    if (e->abx) add_abx(rows, e->abx, "ABX error, units", BOOTSTRAP_ABX_WITHIN);
    if (e->abx_features)
        add_abx(rows, e->abx_features, "ABX error, features", BOOTSTRAP_FEATURES_WITHIN);
    add_usage(rows, e, has->time);
    if (e->quantizer) {
        add_heading(rows, "quantizer");
        add(rows, "snr_db", e->quantizer->snr_db, 2, NO_INTERVAL);
    }
    if (has->decoder) {
        const struct quantizer_error *r = e->reconstruction;
        add_heading(rows, "reconstruction");
        add(rows, "relative_mse", r ? r->relative : (double)NAN, 4, NO_INTERVAL);
    }
    if (e->robustness) add_robustness(rows, e->robustness);
}

static void write_cell(FILE *file, double value, int decimals)
{
    if (isfinite(value)) fprintf(file, "%*.*f", COLUMN_WIDTH, decimals, value);
    else fprintf(file, "%*s", COLUMN_WIDTH, "-");
}

static void write_interval(FILE *file, double low, double high)
{
    char text[48] = "-";
    if (isfinite(low)) snprintf(text, sizeof text, "%.4f-%.4f", low, high);
    fprintf(file, "%*s", COLUMN_WIDTH, text);
}

/* Writes one row of the evaluations [first, end) and its intervals below. */
static void write_row(const struct comparison *c, const struct rows *rows, size_t i, size_t first,
                      size_t end)
{
    const struct row *row = &rows[0].row[i];
    bool has_interval = row->metric != NO_INTERVAL && c->e->bootstrap &&
                        c->e->bootstrap->value[row->metric];
    if (row->decimals < 0) {
        fprintf(c->file, "\n%s\n", row->name);
        return;
    }
    fprintf(c->file, "  %-*s", NAME_WIDTH - 2, row->name);
    for (size_t k = first; k < end; k++)
        write_cell(c->file, rows[k - first].row[i].value, row->decimals);
    fputc('\n', c->file);
    if (!has_interval) return;
    fprintf(c->file, "%-*s", NAME_WIDTH, "    95 %");
    for (size_t k = first; k < end; k++)
        write_interval(c->file, c->e[k].bootstrap->low[row->metric],
                       c->e[k].bootstrap->high[row->metric]);
    fputc('\n', c->file);
}

static void write_block(const struct comparison *c, size_t first, size_t end)
{
    struct rows rows[ABREAST];
    struct row_choice has = choose_rows(c);
    for (size_t k = first; k < end; k++) fill(&rows[k - first], &c->e[k], &has);
    fprintf(c->file, "\n%-*s", NAME_WIDTH, "");
    for (size_t k = first; k < end; k++) fprintf(c->file, "%*s", COLUMN_WIDTH, c->label[k]);
    fputc('\n', c->file);
    for (size_t i = 0; i < rows[0].n; i++) write_row(c, rows, i, first, end);
}

static bool write_contest(const struct comparison *c, size_t a, size_t b, struct failure *failure)
{
    fprintf(c->file, "\n%s against %s\n%-*s%*s%*s   %s\n", c->label[a], c->label[b], NAME_WIDTH,
            "  share of the draws", COLUMN_WIDTH, "first is better", COLUMN_WIDTH + 1,
            "second is better", "first - second, 95 %");
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) {
        struct bootstrap_contest contest;
        if (!c->e[a].bootstrap->value[m] || !c->e[b].bootstrap->value[m]) continue;
        if (!bootstrap_compare(c->e[a].bootstrap, c->e[b].bootstrap, (enum bootstrap_metric)m,
                               &contest, failure))
            return false;
        fprintf(c->file, "  %-*s", NAME_WIDTH - 2, bootstrap_name[m].title);
        write_cell(c->file, contest.first_better, 3);
        fputc(' ', c->file);
        write_cell(c->file, contest.second_better, 3);
        if (contest.n) fprintf(c->file, "   %.4f to %.4f", contest.low, contest.high);
        fputc('\n', c->file);
    }
    return true;
}

static bool write_contests(const struct comparison *c, struct failure *failure)
{
    for (size_t a = 0; a < c->n; a++)
        for (size_t b = a + 1; b < c->n; b++)
            if (!write_contest(c, a, b, failure)) return false;
    fputc('\n', c->file);
    report_resampling(c->file, c->e->resampling);
    return true;
}

static bool write_details(const struct comparison *c, struct failure *failure)
{
    for (size_t k = 0; k < c->n && c->e[k].phones; k++) {
        if (c->options->per_phone || c->options->per_unit)
            fprintf(c->file, "\n%s\n", c->label[k]);
        if (c->options->per_phone && !report_phones(c->file, &c->e[k], failure)) return false;
        if (c->options->per_unit && !report_units(c->file, &c->e[k], failure)) return false;
    }
    return true;
}

/* The file name without ".voq"; "2:name" if another evaluation has the same name. */
static void make_label(const struct comparison *c, size_t k)
{
    const char *path = c->options->units_name[k], *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path, *end = strrchr(name, '.');
    int length = (int)(end && end > name ? (size_t)(end - name) : strlen(name));
    snprintf(c->label[k], sizeof c->label[k], "%.*s", length < 13 ? length : 13, name);
    utf8_make_harmless(c->label[k]);
    for (size_t i = 0; i < k; i++)
        if (strcmp(c->label[i], c->label[k]) == 0)
            snprintf(c->label[k], sizeof c->label[k], "%zu:%.*s", k + 1, length < 10 ? length : 10,
                     name);
    utf8_make_harmless(c->label[k]);
}

bool report_comparison(FILE *file, const struct evaluation *e, size_t n,
                       const struct report_options *options, struct failure *failure)
{
    struct comparison c = {file, e, n, options, zeroed(n, sizeof *c.label, failure)};
    if (!c.label) return false;
    for (size_t k = 0; k < n; k++) {
        make_label(&c, k);
        report_name(file, k ? "" : "models", options->units_name[k]);
        fprintf(file, "        %s: ", c.label[k]);
        report_units_facts(file, e[k].units);
    }
    report_references(file, e, options);
    for (size_t first = 0; first < n; first += ABREAST)
        write_block(&c, first, first + ABREAST < n ? first + ABREAST : n);
    bool good = (!e->bootstrap || write_contests(&c, failure)) && write_details(&c, failure);
    free(c.label);
    return good;
}
