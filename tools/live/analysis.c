/* SPDX-License-Identifier: MIT */
#include "tools/live/analysis.h"

#include "tools/audio/channels.h"
#include "tools/audio/resampler.h"
#include "tools/base/growing.h"
#include "tools/live/host_clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1024 }; /* frames per step, and samples that a step makes at most */

#define FULL_SCALE (32767.0f / 32768.0f)

struct analysis {
    struct analysis_options options;
    voq_info info;
    float gain;
    voq_stream *stream;
    voq_output output; /* ids alone */
    uint64_t next_unit;
    uint64_t sample;    /* position of the stream: samples so far, lost ones included */

    uint32_t rate_hz, channels; /* of the device; 0: none yet */
    struct resampler *resampler; /* NULL: the device has the model's rate */
    uint64_t origin;             /* position of the stream at which the device began */
    uint64_t frame;              /* the device's frames since then, lost ones included */
    uint64_t piece_frame, piece_sample; /* into and out of this resampler */
    double given_s; /* of the current frames; NAN: units decided at an end, not by new audio */
};

struct analysis *analysis_new(const struct analysis_options *options, struct failure *failure)
{
    struct analysis *a = calloc(1, sizeof *a);
    if (!a) {
        fail_memory(failure);
        return NULL;
    }
    a->options = *options;
    a->gain = (float)pow(10, options->gain_db / 20);
    a->info.struct_size = sizeof a->info;
    a->output.struct_size = sizeof a->output;
    voq_status status = voq_model_describe(options->model, &a->info);
    if (status == VOQ_OK && a->info.n_codebook == 0) status = VOQ_ERROR_UNSUPPORTED;
    if (status == VOQ_OK) status = voq_stream_new(options->model, NULL, &a->stream);
    if (status == VOQ_OK) return a;
    fail(failure, status == VOQ_ERROR_MEMORY ? EXIT_INTERNAL : EXIT_USAGE,
         "the model cannot be used live: %s; voq info describes the "
         "model", voq_status_string(status));
    analysis_free(a);
    return NULL;
}

void analysis_free(struct analysis *a)
{
    if (!a) return;
    resampler_free(a->resampler);
    voq_stream_free(a->stream);
    free(a->output.id);
    free(a);
}

bool analysis_is_full(const struct analysis *a)
{
    return a->sample >= a->options.most_samples;
}

/* ---- units ----------------------------------------------------------------------------------- */

static bool make_room(struct analysis *a, size_t n_unit, struct failure *failure)
{
    return grow(&a->output.id, &a->output.capacity, n_unit,
                a->info.n_codebook * sizeof *a->output.id, failure);
}

static bool check(const struct analysis *a, voq_status status, struct failure *failure)
{
    if (status == VOQ_OK) return true;
    return fail(failure, EXIT_INTERNAL, "near unit %llu: %s", (unsigned long long)a->next_unit,
                status == VOQ_ERROR_VALUE ? "a feature overflowed" : voq_status_string(status));
}

static void give_units(struct analysis *a, size_t n)
{
    double late_s = monotonic_s() - a->given_s, decided_s = wall_s();
    for (size_t i = 0; i < n; i++) {
        const uint32_t *id = a->output.id + i * a->info.n_codebook;
        live_output_unit(a->options.output, id, decided_s);
        if (a->options.view) view_unit(a->options.view, a->next_unit + i, id[0]);
        if (!isnan(late_s)) latency_add(&a->options.stats->latency, late_s);
    }
    a->next_unit += n;
    a->options.stats->n_unit += n;
}

static bool push(struct analysis *a, const float *x, size_t n, struct failure *failure)
{
    uint64_t left = a->options.most_samples - a->sample;
    if (n > left) n = (size_t)left;
    if (n == 0) return true;
    if (a->options.record && !record_samples(a->options.record, x, n, failure)) return false;
    size_t n_unit = voq_max_units(a->stream, n);
    if (!make_room(a, n_unit, failure)) return false;
    voq_status status = voq_push(a->stream, x, n, &a->output, &n_unit);
    if (!check(a, status, failure)) return false;
    a->sample += n;
    a->options.stats->n_sample += n;
    give_units(a, n_unit);
    return true;
}

/* ---- another rate ---------------------------------------------------------------------------- */

/* Converts n frames at the device's rate to samples at the model's, rounded to nearest. */
static uint64_t to_samples(const struct analysis *a, uint64_t n)
{
    uint64_t whole = n / a->rate_hz, rest = n % a->rate_hz;
    return whole * a->info.rate_hz + (rest * a->info.rate_hz + a->rate_hz / 2) / a->rate_hz;
}

static void note_delay(struct analysis *a)
{
    struct stats *stats = a->options.stats;
    double taken_s = (double)a->piece_frame / a->rate_hz;
    double held_ms = 1e3 * (taken_s - (double)a->piece_sample / a->info.rate_hz);
    if (held_ms > stats->resampler_ms) stats->resampler_ms = held_ms;
}

/* x = NULL: the end. */
static bool resample(struct analysis *a, const float *x, size_t n, struct failure *failure)
{
    float y[CHUNK];
    size_t n_out = 1;
    while (n > 0 || n_out > 0) {
        size_t n_used = 0;
        if (!resampler_process(a->resampler, x, n, &n_used, y, CHUNK, &n_out, failure))
            return false;
        if (x) x += n_used;
        n -= n_used;
        a->piece_frame += n_used;
        a->piece_sample += n_out;
        if (!push(a, y, n_out, failure)) return false;
        if (x && n == 0 && n_out < CHUNK) break;
    }
    if (x) note_delay(a);
    return true;
}

static bool end_piece(struct analysis *a, struct failure *failure)
{
    a->given_s = NAN;
    if (!a->resampler) return true;
    bool good = a->piece_frame == 0 || resample(a, NULL, 0, failure);
    resampler_free(a->resampler);
    a->resampler = NULL;
    return good;
}

static bool begin_piece(struct analysis *a, struct failure *failure)
{
    a->piece_frame = a->piece_sample = 0;
    return a->rate_hz == a->info.rate_hz ||
           resampler_new(&a->resampler, a->rate_hz, a->info.rate_hz, failure);
}

/* ---- the calls ------------------------------------------------------------------------------- */

static bool lose(struct analysis *a, uint64_t lost, const char *why, struct failure *failure)
{
    struct stats *stats = a->options.stats;
    size_t n_unit = voq_finish_units(a->stream);
    if (a->options.record && !record_gap(a->options.record, lost, why, failure)) return false;
    if (!make_room(a, n_unit, failure)) return false;
    voq_status status = voq_gap(a->stream, lost, &a->output, &n_unit);
    if (!check(a, status, failure)) return false;
    give_units(a, n_unit);
    uint64_t position = voq_stream_position(a->stream);
    live_output_gap(a->options.output, position - a->next_unit, lost, why, wall_s());
    bool is_overrun = strcmp(why, "overrun") == 0;
    if (a->options.view)
        view_gap(a->options.view, a->next_unit, (double)lost / a->info.rate_hz, is_overrun);
    a->next_unit = position;
    a->sample += lost;
    stats->n_gap++;
    stats->lost += lost;
    if (is_overrun) stats->n_overrun++;
    return true;
}

/* A gap that reaches most_samples ends there, and so does the stream. */
static bool move_to(struct analysis *a, uint64_t position, const char *why,
                    struct failure *failure)
{
    uint64_t lost = position > a->sample ? position - a->sample : 1;
    uint64_t left = a->options.most_samples - a->sample;
    if (left == 0) return true;
    return lose(a, lost < left ? lost : left, why, failure);
}

bool analysis_device(struct analysis *a, uint32_t rate_hz, uint32_t channels, double lost_s,
                     struct failure *failure)
{
    bool first = a->rate_hz == 0;
    if (!first && !end_piece(a, failure)) return false;
    if (a->options.channel > channels)
        return fail(failure, EXIT_USAGE, "--channel %u: the device has %u channel%s",
                    a->options.channel, channels, channels == 1 ? "" : "s");
    uint64_t lost = lost_s > 0 ? (uint64_t)(lost_s * a->info.rate_hz + 0.5) : 0;
    if (!first && !move_to(a, a->sample + lost, "device", failure)) return false;
    a->rate_hz = rate_hz;
    a->channels = channels;
    a->origin = a->sample;
    a->frame = 0;
    return begin_piece(a, failure);
}

bool analysis_gap(struct analysis *a, uint64_t n, const char *why, struct failure *failure)
{
    if (!end_piece(a, failure)) return false;
    a->frame += n;
    return move_to(a, a->origin + to_samples(a, a->frame), why, failure) &&
           begin_piece(a, failure);
}

double analysis_left_s(const struct analysis *a)
{
    return (double)(a->options.most_samples - a->sample) / a->info.rate_hz;
}

bool analysis_rest_is_lost(struct analysis *a, const char *why, struct failure *failure)
{
    return end_piece(a, failure) && move_to(a, a->options.most_samples, why, failure);
}

/* Applies the gain, sets values that are not finite to 0, and reports the level to the view. */
static void condition(struct analysis *a, float *x, size_t n)
{
    float peak = 0;
    uint64_t bad = 0;
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i])) {
            x[i] = 0;
            bad++;
        }
        if (a->gain != 1.0f) x[i] *= a->gain;
        peak = fmaxf(peak, fabsf(x[i]));
    }
    if (bad) a->options.stats->bad_samples += bad;
    if (a->options.view) view_level(a->options.view, peak, peak >= FULL_SCALE);
}

bool analysis_frames(struct analysis *a, const float *x, size_t n, double given_s,
                     struct failure *failure)
{
    float mono[CHUNK];
    a->given_s = given_s;
    a->frame += n;
    a->options.stats->n_device_frame += n;
    while (n > 0) {
        size_t n_part = n < CHUNK ? n : CHUNK;
        channels_to_mono(x, n_part, a->channels, a->options.channel, mono);
        condition(a, mono, n_part);
        if (!(a->resampler ? resample(a, mono, n_part, failure) : push(a, mono, n_part, failure)))
            return false;
        x += n_part * a->channels;
        n -= n_part;
    }
    return true;
}

void analysis_flush(struct analysis *a)
{
    live_output_flush(a->options.output);
}

bool analysis_finish(struct analysis *a, struct failure *failure)
{
    if (!end_piece(a, failure)) return false;
    size_t n_unit = voq_finish_units(a->stream);
    if (!make_room(a, n_unit, failure)) return false;
    voq_status status = voq_finish(a->stream, &a->output, &n_unit);
    if (!check(a, status, failure)) return false;
    give_units(a, n_unit);
    return true;
}
