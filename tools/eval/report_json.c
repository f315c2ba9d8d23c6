/* SPDX-License-Identifier: MIT */
#include "tools/eval/evaluation_report.h"

#include "tools/eval/bootstrap.h"
#include "tools/base/json_writer.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/report_confusion.h"
#include "tools/eval/robustness.h"

#include <math.h>
#include <string.h>

static void write_pairing(struct json_writer *json, const struct evaluation *e)
{
    json_open(json, "pairing", '{');
    json_text(json, "rule", e->pairing.grid_us ? "grid" : "centre");
    if (e->pairing.grid_us) {
        json_count(json, "grid_us", e->pairing.grid_us);
        json_count(json, "upsample", e->pairing.upsample);
        json_count(json, "pad", e->pairing.pad);
    }
    json_count(json, "utterances", e->paired.utterances);
    json_count(json, "missing", e->paired.missing);
    json_count(json, "ignored", e->paired.ignored);
    json_count(json, "trimmed_frames", e->paired.trimmed_frames);
    json_count(json, "unlabelled_frames", e->paired.unlabelled_frames);
    json_close(json, '}');
}

static void write_agreement(struct json_writer *json, const char *key, const struct agreement *a)
{
    json_open(json, key, '{');
    json_count(json, "frames", a->frames);
    if (a->frames) {
        json_count(json, "phones", a->phones);
        json_count(json, "units", a->units);
        json_number(json, "phone_purity", a->phone_purity);
        json_number(json, "cluster_purity", a->cluster_purity);
        json_number(json, "mi_nats", a->mi_nats);
        json_number(json, "h_phone_nats", a->h_phone_nats);
        json_number(json, "h_unit_nats", a->h_unit_nats);
        json_number(json, "h_phone_given_unit_nats", a->h_phone_given_unit_nats);
        json_number(json, "pnmi", a->pnmi);
        json_number(json, "completeness", a->completeness);
        json_number(json, "v_measure", a->v_measure);
        json_number(json, "pnmi_fairseq", a->pnmi_fairseq);
    }
    json_close(json, '}');
}

static void write_usage_entries(struct json_writer *json, const struct usage *u, bool has_time)
{
    json_count(json, "frames", u->frames);
    if (u->lost_frames) json_count(json, "lost_frames", u->lost_frames);
    if (!u->frames) return;
    json_number(json, "seconds", u->seconds);
    json_number(json, "codes", u->codes);
    json_count(json, "codes_used", u->codes_used);
    json_number(json, "codes_dead", u->codes_dead);
    json_number(json, "entropy_bits", u->entropy_bits);
    json_number(json, "perplexity", u->perplexity);
    json_number(json, "entropy_dedup_bits", u->entropy_dedup_bits);
    json_number(json, "conditional_entropy_bits", u->conditional_entropy_bits);
    json_count(json, "runs", u->runs);
    json_number(json, "mean_run_frames", u->mean_run_frames);
    json_number(json, "runs_per_second", u->runs_per_second);
    json_number(json, "bitrate_frame", u->bitrate_frame);
    json_number(json, "bitrate_dedup", u->bitrate_dedup);
    json_number(json, "bitrate_nominal", u->bitrate_nominal);
    json_number(json, "bitrate_nominal_dedup", u->bitrate_nominal_dedup);
    if (has_time) return;
    json_number(json, "bits_per_vector", u->bits_frame);
    json_number(json, "bits_dedup", u->bits_dedup);
    json_number(json, "bits_nominal", u->bits_nominal);
    json_number(json, "bits_nominal_dedup", u->bits_nominal_dedup);
}

static void write_usage(struct json_writer *json, const struct evaluation *e)
{
    bool has_time = unit_set_has_time(e->units);
    json_open(json, "usage", '{');
    write_usage_entries(json, &e->usage, has_time);
    if (e->codebook_usage) {
        json_open(json, "codebooks", '[');
        for (uint32_t k = 0; k < e->units->n_codebook; k++) {
            json_open(json, NULL, '{');
            write_usage_entries(json, &e->codebook_usage[k], has_time);
            json_close(json, '}');
        }
        json_close(json, ']');
    }
    json_close(json, '}');
}

static void write_scores(struct json_writer *json, const char *key,
                         const struct boundary_scores *s)
{
    json_open(json, key, '{');
    json_count(json, "ref", s->ref);
    json_count(json, "hyp", s->hyp);
    json_count(json, "hit_hyp", s->hit_hyp);
    json_count(json, "hit_ref", s->hit_ref);
    if (s->ref) {
        json_number(json, "precision", s->precision);
        json_number(json, "recall", s->recall);
        json_number(json, "f1", s->f1);
        json_number(json, "over_segmentation", s->over_segmentation);
        json_number(json, "r_value", s->r_value);
    }
    json_close(json, '}');
}

static void write_boundaries(struct json_writer *json, const char *key, const struct boundaries *b)
{
    json_open(json, key, '{');
    write_scores(json, "strict", &b->strict);
    write_scores(json, "lenient", &b->lenient);
    json_close(json, '}');
}

static void write_speaker(struct json_writer *json, const struct speaker_information *s)
{
    json_open(json, "speaker", '{');
    if (!s->frames) {
        json_count(json, "frames", 0);
    } else {
        json_count(json, "speakers", s->speakers);
        json_number(json, "mi_nats", s->mi_nats);
        json_number(json, "nmi_speaker", s->nmi_speaker);
        json_number(json, "mi_bias_nats", s->mi_bias_nats);
        json_number(json, "mi_given_phone_nats", s->mi_given_phone_nats);
    }
    json_close(json, '}');
}

static void write_abx(struct json_writer *json, const char *key, const struct abx_scores *a)
{
    json_open(json, key, '{');
    json_count(json, "items", a->items);
    json_count(json, "skipped", a->skipped);
    json_text(json, "distance", frame_distance_name[a->distance]);
    json_count(json, "max_size", a->max_size);
    json_count(json, "max_x", a->max_x);
    json_number(json, "within_speaker_within_context", a->within_speaker_within_context);
    json_number(json, "across_speaker_within_context", a->across_speaker_within_context);
    if (a->has_any_context) {
        json_number(json, "within_speaker_any_context", a->within_speaker_any_context);
        json_number(json, "across_speaker_any_context", a->across_speaker_any_context);
    }
    json_close(json, '}');
}

static void write_edit_distance(struct json_writer *json, const struct edit_distance *ued)
{
    json_count(json, "utterances", ued->utterances);
    json_number(json, "ued_mean", ued->ued_mean);
    json_number(json, "ued_pooled", ued->ued_pooled);
}

static void write_quantizer(struct json_writer *json, const struct quantizer_error *q)
{
    json_open(json, "quantizer", '{');
    json_count(json, "frames", q->frames);
    json_count(json, "dim", q->dim);
    json_number(json, "distortion", q->distortion);
    json_number(json, "distortion_per_dim", q->distortion_per_dim);
    json_number(json, "snr_db", q->snr_db);
    json_close(json, '}');
}

static void write_reconstruction(struct json_writer *json, const struct quantizer_error *r)
{
    json_open(json, "reconstruction", '{');
    json_count(json, "frames", r->frames);
    json_count(json, "dim", r->dim);
    json_number(json, "mse", r->distortion_per_dim);
    json_number(json, "relative_mse", r->relative);
    json_close(json, '}');
}

static void write_robustness(struct json_writer *json, const struct robustness *r)
{
    json_open(json, "robustness", '[');
    for (size_t i = 0; i < r->n_row; i++) {
        json_open(json, NULL, '{');
        json_text(json, "condition", r->row[i].condition);
        write_edit_distance(json, &r->row[i].ued);
        json_number(json, "same_frames", r->row[i].same_frames);
        json_number(json, "pnmi", r->row[i].pnmi);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_interval(struct json_writer *json, const char *key, double low, double high)
{
    json_open(json, key, '[');
    json_number(json, NULL, low);
    json_number(json, NULL, high);
    json_close(json, ']');
}

typedef void write_metric(struct json_writer *json, const struct bootstrap *b, int metric);

static void write_metric_interval(struct json_writer *json, const struct bootstrap *b, int metric)
{
    write_interval(json, bootstrap_name[metric].key, b->low[metric], b->high[metric]);
}

static void write_metric_bias(struct json_writer *json, const struct bootstrap *b, int metric)
{
    json_number(json, bootstrap_name[metric].key, b->bias[metric]);
}

/* Writes {"all": {"pnmi": ...}, ...}, with the names of the metrics as keys. */
static void write_groups(struct json_writer *json, const char *key, const struct bootstrap *b,
                         write_metric *write)
{
    const char *group = NULL;
    json_open(json, key, '{');
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) {
        if (!b->value[m]) continue;
        if (!group || strcmp(group, bootstrap_name[m].group) != 0) {
            if (group) json_close(json, '}');
            json_open(json, group = bootstrap_name[m].group, '{');
        }
        write(json, b, m);
    }
    if (group) json_close(json, '}');
    json_close(json, '}');
}

static void write_resampling(struct json_writer *json, const struct resampling *r)
{
    json_open(json, "bootstrap", '{');
    json_count(json, "draws", r->n_draw);
    json_count(json, "seed", r->seed);
    json_count(json, "percent", 95);
    json_count(json, "utterances", r->utterances.n);
    json_count(json, "speakers", r->n_speaker);
    json_truth(json, "holds_for_these_speakers_only", resampling_is_narrow(r));
    json_close(json, '}');
}

static void write_time(struct json_writer *json, const struct unit_set *units)
{
    bool has_time = unit_set_has_time(units);
    json_number(json, "hop", has_time ? units->hop_samples : (double)NAN);
    json_number(json, "rate", has_time ? units->rate_hz : (double)NAN);
}

static bool write_evaluation(struct json_writer *json, const char *key, const char *units_name,
                             const struct evaluation *e, const struct report_options *options,
                             struct failure *failure)
{
    json_open(json, key, '{');
    json_text(json, "units", units_name);
    json_text(json, "phones", options->phones_name);
    json_text(json, "items", options->items_name);
    json_count(json, "utterances", e->units->n_utterance);
    write_time(json, e->units);
    if (e->phones) {
        write_pairing(json, e);
        write_agreement(json, "all", &e->all);
        write_agreement(json, "speech", &e->speech);
    }
    write_usage(json, e);
    if (e->phones) {
        json_count(json, "tolerance_us", (uint64_t)e->tolerance_us);
        json_open(json, "boundaries", '{');
        write_boundaries(json, "all", &e->boundaries_all);
        write_boundaries(json, "speech", &e->boundaries_speech);
        json_close(json, '}');
        write_speaker(json, &e->speaker);
    }
    if (e->ued) {
        json_open(json, "ued", '{');
        write_edit_distance(json, e->ued);
        json_close(json, '}');
    }
    if (e->abx) write_abx(json, "abx", e->abx);
    if (e->abx_features) write_abx(json, "abx_features", e->abx_features);
    if (e->quantizer) write_quantizer(json, e->quantizer);
    if (e->reconstruction) write_reconstruction(json, e->reconstruction);
    if (e->robustness) write_robustness(json, e->robustness);
    if (e->bootstrap) write_resampling(json, e->resampling);
    if (e->bootstrap) write_groups(json, "intervals", e->bootstrap, write_metric_interval);
    if (e->bootstrap) write_groups(json, "bias", e->bootstrap, write_metric_bias);
    if (options->per_phone && e->phones && !json_phones(json, e, failure)) return false;
    if (options->per_unit && e->phones && !json_units(json, e, failure)) return false;
    json_close(json, '}');
    return true;
}

static bool write_contest(struct json_writer *json, const struct evaluation *e, size_t a, size_t b,
                          enum bootstrap_metric metric, const struct report_options *options,
                          struct failure *failure)
{
    const struct bootstrap_name *name = &bootstrap_name[metric];
    struct bootstrap_contest contest;
    if (!bootstrap_compare(e[a].bootstrap, e[b].bootstrap, metric, &contest, failure)) return false;
    json_open(json, NULL, '{');
    json_text(json, "first", options->units_name[a]);
    json_text(json, "second", options->units_name[b]);
    json_text(json, "group", name->group);
    json_text(json, "metric", name->key);
    json_text(json, "better", name->higher_is_better ? "higher" : "lower");
    json_count(json, "draws", contest.n);
    json_number(json, "first_is_better", contest.first_better);
    json_number(json, "second_is_better", contest.second_better);
    write_interval(json, "difference", contest.low, contest.high);
    json_close(json, '}');
    return true;
}

static bool write_contests(struct json_writer *json, const struct evaluation *e, size_t n,
                           const struct report_options *options, struct failure *failure)
{
    json_open(json, "comparisons", '[');
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            for (int m = 0; m < BOOTSTRAP_METRICS; m++)
                if (e[a].bootstrap->value[m] && e[b].bootstrap->value[m] &&
                    !write_contest(json, e, a, b, (enum bootstrap_metric)m, options, failure))
                    return false;
    json_close(json, ']');
    return true;
}

bool evaluation_write_json(FILE *file, const struct evaluation *e, size_t n,
                           const struct report_options *options, struct failure *failure)
{
    struct json_writer json = {.file = file};
    if (n == 1)
        return write_evaluation(&json, NULL, options->units_name[0], e, options, failure);
    json_open(&json, NULL, '{');
    json_open(&json, "models", '[');
    for (size_t i = 0; i < n; i++)
        if (!write_evaluation(&json, NULL, options->units_name[i], &e[i], options, failure))
            return false;
    json_close(&json, ']');
    if (e->bootstrap && !write_contests(&json, e, n, options, failure)) return false;
    json_close(&json, '}');
    return true;
}
