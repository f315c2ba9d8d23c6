/* SPDX-License-Identifier: MIT */
#include "tools/eval/report_comparison.h"

#include "tools/eval/bootstrap.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/report_confusion.h"
#include "tools/eval/report_facts.h"
#include "tools/eval/robustness.h"

#include <inttypes.h>
#include <math.h>

enum { NAME_WIDTH = 26, VALUE_WIDTH = 11 };

static void write_count(FILE *file, uint64_t value)
{
    fprintf(file, "%*" PRIu64, VALUE_WIDTH, value);
}

static void write_value(FILE *file, double value, int decimals)
{
    if (isfinite(value)) fprintf(file, "%*.*f", VALUE_WIDTH, decimals, value);
    else fprintf(file, "%*s", VALUE_WIDTH, "-");
}

static void write_name(FILE *file, const char *name)
{
    fprintf(file, "  %-*s", NAME_WIDTH, name);
}

static void end_row(FILE *file, const char *meaning)
{
    if (*meaning) fprintf(file, "  %s", meaning);
    fputc('\n', file);
}

static void write_row(FILE *file, const char *name, double value, int decimals,
                      const char *meaning)
{
    write_name(file, name);
    write_value(file, value, decimals);
    end_row(file, meaning);
}

static void write_two(FILE *file, const char *name, double a, double b, int decimals,
                      const char *meaning)
{
    write_name(file, name);
    write_value(file, a, decimals);
    write_value(file, b, decimals);
    end_row(file, meaning);
}

/* Writes a heading with up to four column names. */
static void write_heading(FILE *file, const char *title, const char *const *column, size_t n)
{
    fprintf(file, "\n%-*s", n ? NAME_WIDTH + 2 : 0, title);
    for (size_t i = 0; i < n; i++) fprintf(file, "%*s", VALUE_WIDTH, column[i]);
    fputc('\n', file);
}

static void write_sources(FILE *file, const struct evaluation *e,
                          const struct report_options *options)
{
    report_name(file, "units", options->units_name[0]);
    fputs("        ", file);
    report_units_facts(file, e->units);
    report_references(file, e, options);
}

static void write_agreement(FILE *file, const struct agreement *a, const struct agreement *s)
{
    static const char *const column[] = {"all", "speech"};
    write_heading(file, "phones and units", column, 2);
    write_two(file, "frames", (double)a->frames, (double)s->frames, 0,
              "speech: frames whose label is not silence");
    if (!a->frames) return;
    struct agreement none = {.phone_purity = (double)NAN, .cluster_purity = (double)NAN,
                             .mi_nats = (double)NAN, .h_phone_nats = (double)NAN,
                             .h_unit_nats = (double)NAN, .h_phone_given_unit_nats = (double)NAN,
                             .pnmi = (double)NAN, .completeness = (double)NAN,
                             .v_measure = (double)NAN, .pnmi_fairseq = (double)NAN};
    if (!s->frames) s = &none;
    write_two(file, "phones", a->phones, s->phones, 0, "that occur");
    write_two(file, "units", a->units, s->units, 0, "that occur");
    write_two(file, "phone_purity", a->phone_purity, s->phone_purity, 4,
              "accuracy of a unit's commonest phone");
    write_two(file, "cluster_purity", a->cluster_purity, s->cluster_purity, 4,
              "share of a phone's commonest unit");
    write_two(file, "pnmi", a->pnmi, s->pnmi, 4, "mi / h_phone");
    write_two(file, "pnmi_fairseq", a->pnmi_fairseq, s->pnmi_fairseq, 4,
              "the same, smoothed as fairseq does");
    write_two(file, "completeness", a->completeness, s->completeness, 4, "mi / h_unit");
    write_two(file, "v_measure", a->v_measure, s->v_measure, 4, "2 mi / (h_phone + h_unit)");
    write_two(file, "mi_nats", a->mi_nats, s->mi_nats, 4, "information about the phone in a unit");
    write_two(file, "h_phone_nats", a->h_phone_nats, s->h_phone_nats, 4, "entropy of phones");
    write_two(file, "h_unit_nats", a->h_unit_nats, s->h_unit_nats, 4, "entropy of units");
    write_two(file, "h_phone_given_unit_nats", a->h_phone_given_unit_nats,
              s->h_phone_given_unit_nats, 4, "what is still unknown of the phone");
}

static void write_four(FILE *file, const char *name, const double value[4], int decimals)
{
    write_name(file, name);
    for (int i = 0; i < 4; i++) write_value(file, value[i], decimals);
    end_row(file, "");
}

static void write_boundaries(FILE *file, const struct evaluation *e)
{
    static const char *const column[] = {"strict", "(speech)", "lenient", "(speech)"};
    const struct boundary_scores *s[] = {
        &e->boundaries_all.strict, &e->boundaries_speech.strict, &e->boundaries_all.lenient,
        &e->boundaries_speech.lenient};
    char title[48];
    snprintf(title, sizeof title, "boundaries (%g ms)", (double)e->tolerance_us / 1000);
    write_heading(file, title, column, 4);
#define FOUR(member) ((const double[4]){(double)s[0]->member, (double)s[1]->member, \
                                        (double)s[2]->member, (double)s[3]->member})
    write_four(file, "ref", FOUR(ref), 0);
    write_four(file, "hyp", FOUR(hyp), 0);
    write_four(file, "hit_hyp", FOUR(hit_hyp), 0);
    write_four(file, "hit_ref", FOUR(hit_ref), 0);
    if (!s[0]->ref) return;
    write_four(file, "precision", FOUR(precision), 4);
    write_four(file, "recall", FOUR(recall), 4);
    write_four(file, "f1", FOUR(f1), 4);
    write_four(file, "over_segmentation", FOUR(over_segmentation), 4);
    write_four(file, "r_value", FOUR(r_value), 4);
#undef FOUR
}

static void write_rates(FILE *file, const struct usage *u)
{
    write_row(file, "runs_per_second", u->runs_per_second, 2, "");
    write_row(file, "bitrate_frame", u->bitrate_frame, 2, "bits/s: entropy of frames");
    write_row(file, "bitrate_dedup", u->bitrate_dedup, 2, "bits/s: entropy of runs, no durations");
    write_row(file, "bitrate_nominal", u->bitrate_nominal, 2, "bits/s: log2(codes) a frame");
    write_row(file, "bitrate_nominal_dedup", u->bitrate_nominal_dedup, 2,
              "bits/s: log2(codes) a run");
}

static void write_bits_per_vector(FILE *file, const struct usage *u)
{
    write_row(file, "bits_per_vector", u->bits_frame, 4, "entropy of the units");
    write_row(file, "bits_dedup", u->bits_dedup, 4, "per vector: entropy of runs, no lengths");
    write_row(file, "bits_nominal", u->bits_nominal, 4, "per vector: log2(codes)");
    write_row(file, "bits_nominal_dedup", u->bits_nominal_dedup, 4,
              "per vector: log2(codes) for each run");
}

static void write_usage(FILE *file, const char *title, const struct usage *u, bool has_time)
{
    write_heading(file, title, NULL, 0);
    write_row(file, has_time ? "frames" : "vectors", (double)u->frames, 0, "");
    if (u->lost_frames)
        write_row(file, "lost_frames", (double)u->lost_frames, 0, "without a unit: not counted");
    if (!u->frames) return;
    if (has_time) write_row(file, "seconds", u->seconds, 2, "frames * hop / rate");
    write_row(file, "codes_used", u->codes_used, 0, "");
    write_row(file, "codes_dead", u->codes_dead, 0, "never seen here");
    write_row(file, "entropy_bits", u->entropy_bits, 4, has_time ? "of a frame" : "of a vector");
    write_row(file, "perplexity", u->perplexity, 2, "2^entropy: codes in even use");
    write_row(file, "conditional_entropy_bits", u->conditional_entropy_bits, 4,
              has_time ? "of a frame, given the one before" : "of a vector, given the one before");
    write_row(file, "entropy_dedup_bits", u->entropy_dedup_bits, 4, "of a run of equal units");
    write_row(file, "runs", (double)u->runs, 0, "");
    write_row(file, has_time ? "mean_run_frames" : "mean_run_vectors", u->mean_run_frames, 3, "");
    if (has_time) write_rates(file, u);
    else write_bits_per_vector(file, u);
}

static void write_all_usage(FILE *file, const struct evaluation *e)
{
    char title[48];
    bool has_time = unit_set_has_time(e->units);
    write_usage(file, e->codebook_usage ? "usage, all codebooks together" : "usage", &e->usage,
                has_time);
    for (uint32_t k = 0; e->codebook_usage && k < e->units->n_codebook; k++) {
        snprintf(title, sizeof title, "usage of codebook %u", k + 1);
        write_usage(file, title, &e->codebook_usage[k], has_time);
    }
}

static void write_speaker(FILE *file, const struct speaker_information *s)
{
    write_heading(file, "speaker", NULL, 0);
    write_row(file, "speakers", s->speakers, 0, "");
    if (!s->frames) return;
    write_row(file, "mi_nats", s->mi_nats, 4, "information about the speaker in a unit");
    write_row(file, "nmi_speaker", s->nmi_speaker, 4, "its share of the speakers' entropy");
    write_row(file, "mi_bias_nats", s->mi_bias_nats, 4, "mi of independent data of this size");
    write_row(file, "mi_given_phone_nats", s->mi_given_phone_nats, 4,
              "within phones: to compare codebooks by");
}

static void write_abx_column(FILE *file, const char *name, const struct evaluation *e,
                             double units, double features)
{
    write_name(file, name);
    if (e->abx) write_value(file, units, 4);
    if (e->abx_features) write_value(file, features, 4);
    end_row(file, "");
}

static void write_abx(FILE *file, const struct evaluation *e)
{
    static const struct abx_scores none = {0};
    const struct abx_scores *u = e->abx ? e->abx : &none;
    const struct abx_scores *f = e->abx_features ? e->abx_features : &none;
    const char *column[2];
    size_t n = 0;
    if (e->abx) column[n++] = "units";
    if (e->abx_features) column[n++] = "features";
    write_heading(file, "ABX error", column, n);
    write_name(file, "distance");
    if (e->abx) fprintf(file, "%*s", VALUE_WIDTH, frame_distance_name[u->distance]);
    if (e->abx_features) fprintf(file, "%*s", VALUE_WIDTH, frame_distance_name[f->distance]);
    end_row(file, "");
    write_name(file, "items");
    if (e->abx) write_count(file, u->items);
    if (e->abx_features) write_count(file, f->items);
    end_row(file, "");
    write_name(file, "skipped");
    if (e->abx) write_count(file, u->skipped);
    if (e->abx_features) write_count(file, f->skipped);
    end_row(file, "without a frame");
    write_abx_column(file, "within speaker", e, u->within_speaker_within_context,
                     f->within_speaker_within_context);
    write_abx_column(file, "across speaker", e, u->across_speaker_within_context,
                     f->across_speaker_within_context);
    if (u->has_any_context || f->has_any_context) {
        write_abx_column(file, "within, any context", e, u->within_speaker_any_context,
                         f->within_speaker_any_context);
        write_abx_column(file, "across, any context", e, u->across_speaker_any_context,
                         f->across_speaker_any_context);
    }
    const struct abx_scores *either = e->abx ? u : f;
    if (either->max_size || either->max_x)
        fprintf(file, "  the first %u tokens of a side, %u speakers of x (0: all)\n",
                either->max_size, either->max_x);
}

static void write_quantizer(FILE *file, const struct quantizer_error *q)
{
    write_heading(file, "quantizer", NULL, 0);
    write_row(file, "distortion", q->distortion, 4, "mean squared distance to the codeword");
    write_row(file, "distortion_per_dim", q->distortion_per_dim, 4, "");
    write_row(file, "snr_db", q->snr_db, 2, "spread of the features over it");
}

static void write_reconstruction(FILE *file, const struct quantizer_error *r)
{
    write_heading(file, "reconstruction", NULL, 0);
    write_row(file, "mse", r->distortion_per_dim, 4, "per dimension of the encoder's input");
    write_row(file, "relative_mse", r->relative, 4, "divided by the variance of the input");
}

static void write_edit_distance(FILE *file, const struct edit_distance *ued)
{
    write_heading(file, "unit edit distance", NULL, 0);
    write_row(file, "utterances", (double)ued->utterances, 0, "in both");
    write_row(file, "ued_mean", ued->ued_mean, 2, "% of the clean runs, mean over utterances");
    write_row(file, "ued_pooled", ued->ued_pooled, 2, "% of the clean runs, pooled");
}

static void write_robustness(FILE *file, const struct robustness *r)
{
    static const char *const column[] = {"ued_mean", "ued_pooled", " same_frames", "pnmi"};
    write_heading(file, "changed audio", column, 4);
    for (size_t i = 0; i < r->n_row; i++) {
        const struct robustness_row *row = &r->row[i];
        write_name(file, row->condition);
        write_value(file, row->ued.ued_mean, 2);
        write_value(file, row->ued.ued_pooled, 2);
        fputc(' ', file);
        write_value(file, row->same_frames, 4);
        write_value(file, row->pnmi, 4);
        end_row(file, "");
    }
}

static void write_bootstrap(FILE *file, const struct evaluation *e)
{
    static const char *const column[] = {"from", "to"};
    write_heading(file, "95 % intervals", column, 2);
    for (int m = 0; m < BOOTSTRAP_METRICS; m++)
        if (e->bootstrap->value[m])
            write_two(file, bootstrap_name[m].title, e->bootstrap->low[m], e->bootstrap->high[m], 4,
                      "");
    report_resampling(file, e->resampling);
}

static bool write_one(FILE *file, const struct evaluation *e, const struct report_options *options,
                      struct failure *failure)
{
    write_sources(file, e, options);
    if (e->phones) {
        write_agreement(file, &e->all, &e->speech);
        write_boundaries(file, e);
        write_speaker(file, &e->speaker);
    }
    if (e->abx || e->abx_features) write_abx(file, e);
    write_all_usage(file, e);
    if (e->quantizer) write_quantizer(file, e->quantizer);
    if (e->reconstruction) write_reconstruction(file, e->reconstruction);
    if (e->ued) write_edit_distance(file, e->ued);
    if (e->robustness) write_robustness(file, e->robustness);
    if (e->bootstrap) write_bootstrap(file, e);
    if (e->phones && options->per_phone && !report_phones(file, e, failure)) return false;
    return !e->phones || !options->per_unit || report_units(file, e, failure);
}

bool evaluation_write_table(FILE *file, const struct evaluation *e, size_t n,
                            const struct report_options *options, struct failure *failure)
{
    return n == 1 ? write_one(file, e, options, failure)
                  : report_comparison(file, e, n, options, failure);
}
