/* SPDX-License-Identifier: MIT */
#include "tools/eval/audio_change.h"

#include "tools/audio/resampler.h"
#include "tools/base/growing.h"
#include "tools/eval/room.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double power(const struct samples *s)
{
    double sum = 0;
    for (size_t i = 0; i < s->n; i++) sum += (double)s->x[i] * (double)s->x[i];
    return s->n ? sum / (double)s->n : 0;
}

static void scale(struct samples *s, double factor)
{
    for (size_t i = 0; i < s->n; i++) s->x[i] = (float)(factor * (double)s->x[i]);
}

static void add_noise(struct samples *s, const struct samples *noise, size_t i, double snr_db)
{
    double speech_power = power(s), noise_power = power(noise);
    if (speech_power == 0 || noise_power == 0) return;
    double factor = sqrt(speech_power / noise_power * pow(10, -snr_db / 10));
    size_t at = i * 7919 % noise->n; /* a prime, so that utterances get different offsets */
    for (size_t k = 0; k < s->n; k++) {
        s->x[k] = (float)((double)s->x[k] + factor * (double)noise->x[at]);
        at = at + 1 < noise->n ? at + 1 : 0;
    }
}

/* Appends to *out the resampled in[n]; NULL: the end of the signal. */
static bool push(struct resampler *resampler, const float *in, size_t n, struct samples *out,
                 struct failure *failure)
{
    enum { BLOCK = 4096 };
    size_t n_used, n_out = 1;
    while (n || (!in && n_out)) {
        if (!grow(&out->x, &out->capacity, out->n + BLOCK, sizeof *out->x, failure) ||
            !resampler_process(resampler, in, n, &n_used, out->x + out->n, BLOCK, &n_out,
                               failure))
            return false;
        out->n += n_out;
        if (in) in += n_used;
        n -= n_used;
    }
    return true;
}

static bool resample(const struct samples *in, uint32_t rate_hz, struct samples *out,
                     struct failure *failure)
{
    struct resampler *resampler;
    *out = (struct samples){.rate_hz = rate_hz};
    if (!resampler_new(&resampler, in->rate_hz, rate_hz, failure)) return false;
    bool good = push(resampler, in->x, in->n, out, failure) &&
                push(resampler, NULL, 0, out, failure);
    resampler_free(resampler);
    return good;
}

/* Rounding may change the length: missing samples are 0, extra ones are dropped. */
static bool there_and_back(struct samples *s, uint32_t rate_hz, struct failure *failure)
{
    struct samples there = {0}, back = {0};
    if (rate_hz == s->rate_hz) return true;
    bool good = resample(s, rate_hz, &there, failure) &&
                resample(&there, s->rate_hz, &back, failure);
    for (size_t i = 0; good && i < s->n; i++) s->x[i] = i < back.n ? back.x[i] : 0;
    samples_clear(&there);
    samples_clear(&back);
    return good;
}

bool audio_change_apply(const struct audio_change *change, size_t i, struct samples *samples,
                        struct failure *failure)
{
    switch (change->kind) {
    case CHANGE_NOISE:
        add_noise(samples, &change->noise[i % change->n_noise], i, change->amount);
        return true;
    case CHANGE_GAIN:
        scale(samples, pow(10, change->amount / 20));
        return true;
    case CHANGE_RATE:
        return there_and_back(samples, (uint32_t)change->amount, failure);
    case CHANGE_ROOM:
        return room_apply(samples, change->amount, failure);
    }
    return fail(failure, EXIT_INTERNAL, "no such change of audio");
}

void audio_change_name(const struct audio_change *change, char *text, size_t capacity)
{
    static const char *const what[] = {"noise", "gain", "rate", "room"};
    static const char *const unit[] = {"dB", "dB", "Hz", "s"};
    snprintf(text, capacity, "%s %g %s", what[change->kind], change->amount, unit[change->kind]);
}
