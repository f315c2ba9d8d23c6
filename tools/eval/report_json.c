/* SPDX-License-Identifier: MIT */
#include "tools/eval/evaluation_report.h"

#include "tools/eval/confusion.h"
#include "tools/eval/json_writer.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/robustness.h"

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

static void write_usage_entries(struct json_writer *json, const struct usage *u)
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
}

static void write_usage(struct json_writer *json, const struct evaluation *e)
{
    json_open(json, "usage", '{');
    write_usage_entries(json, &e->usage);
    if (e->codebook_usage) {
        json_open(json, "codebooks", '[');
        for (uint32_t k = 0; k < e->units->n_codebook; k++) {
            json_open(json, NULL, '{');
            write_usage_entries(json, &e->codebook_usage[k]);
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

static double share(uint64_t part, uint64_t whole)
{
    return (double)part / (double)whole;
}

static bool write_per_phone(struct json_writer *json, const struct evaluation *e,
                            struct failure *failure)
{
    struct confusion confusion;
    char unit[64];
    if (!confusion_of_rows(&e->counts, &confusion, failure)) return false;
    json_open(json, "per_phone", '[');
    for (size_t i = 0; i < confusion.n_row; i++) {
        const struct confusion_row *row = &confusion.row[i];
        json_open(json, NULL, '{');
        json_text(json, "phone", e->phones->labels.name[row->symbol]);
        json_count(json, "frames", row->frames);
        json_count(json, "units", row->n_partner);
        json_number(json, "entropy_bits", row->entropy_bits);
        json_open(json, "top", '[');
        for (uint32_t k = 0; k < row->n_top; k++) {
            unit_set_symbol_text(e->units, row->partner[k], unit, sizeof unit);
            json_open(json, NULL, '{');
            json_text(json, "unit", unit);
            json_number(json, "share", share(row->partner_frames[k], row->frames));
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    confusion_clear(&confusion);
    return true;
}

static bool write_per_unit(struct json_writer *json, const struct evaluation *e,
                           struct failure *failure)
{
    struct confusion confusion;
    char unit[64];
    if (!confusion_of_columns(&e->counts, &confusion, failure)) return false;
    json_open(json, "per_unit", '[');
    for (size_t i = 0; i < confusion.n_row; i++) {
        const struct confusion_row *row = &confusion.row[i];
        unit_set_symbol_text(e->units, row->symbol, unit, sizeof unit);
        json_open(json, NULL, '{');
        json_text(json, "unit", unit);
        json_count(json, "frames", row->frames);
        json_count(json, "phones", row->n_partner);
        json_number(json, "entropy_bits", row->entropy_bits);
        json_open(json, "top", '[');
        for (uint32_t k = 0; k < row->n_top; k++) {
            json_open(json, NULL, '{');
            json_text(json, "phone", e->phones->labels.name[row->partner[k]]);
            json_number(json, "share", share(row->partner_frames[k], row->frames));
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    confusion_clear(&confusion);
    return true;
}

bool report_json(FILE *file, const struct evaluation *e, const struct report_options *options,
                 struct failure *failure)
{
    struct json_writer json = {.file = file};
    json_open(&json, NULL, '{');
    json_text(&json, "units", options->units_name);
    json_text(&json, "phones", options->phones_name);
    json_text(&json, "items", options->items_name);
    json_count(&json, "utterances", e->units->n_utterance);
    json_count(&json, "hop", e->units->hop_samples);
    json_count(&json, "rate", e->units->rate_hz);
    if (e->phones) {
        write_pairing(&json, e);
        write_agreement(&json, "all", &e->all);
        write_agreement(&json, "speech", &e->speech);
    }
    write_usage(&json, e);
    if (e->phones) {
        json_count(&json, "tolerance_us", (uint64_t)e->tolerance_us);
        json_open(&json, "boundaries", '{');
        write_boundaries(&json, "all", &e->boundaries_all);
        write_boundaries(&json, "speech", &e->boundaries_speech);
        json_close(&json, '}');
        write_speaker(&json, &e->speaker);
    }
    if (e->ued) {
        json_open(&json, "ued", '{');
        write_edit_distance(&json, e->ued);
        json_close(&json, '}');
    }
    if (e->abx) write_abx(&json, "abx", e->abx);
    if (e->abx_features) write_abx(&json, "abx_features", e->abx_features);
    if (e->quantizer) write_quantizer(&json, e->quantizer);
    if (e->robustness) write_robustness(&json, e->robustness);
    if (options->per_phone && e->phones && !write_per_phone(&json, e, failure)) return false;
    if (options->per_unit && e->phones && !write_per_unit(&json, e, failure)) return false;
    json_close(&json, '}');
    return true;
}
