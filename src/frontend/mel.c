/* SPDX-License-Identifier: MIT */
#include "src/frontend/mel.h"

#include <math.h>

/* HTK's scale is Kaldi's, 1127 ln(1 + f/700). Slaney's is linear to 1 kHz, then logarithmic. */
static const double slaney_step_hz = 200.0 / 3.0, slaney_knee_hz = 1000.0;

static double slaney_log_step(void)
{
    return log(6.4) / 27.0;
}

static double mel_of_hz(uint32_t scale, double hz)
{
    if (scale == VOQ_MEL_HTK) return 1127.0 * log(1.0 + hz / 700.0);
    if (hz < slaney_knee_hz) return hz / slaney_step_hz;
    return slaney_knee_hz / slaney_step_hz + log(hz / slaney_knee_hz) / slaney_log_step();
}

static double hz_of_mel(uint32_t scale, double mel)
{
    if (scale == VOQ_MEL_HTK) return 700.0 * (exp(mel / 1127.0) - 1.0);
    double knee = slaney_knee_hz / slaney_step_hz;
    if (mel < knee) return mel * slaney_step_hz;
    return slaney_knee_hz * exp((mel - knee) * slaney_log_step());
}

double voq_mel_high_hz(const voq_frontend *frontend)
{
    double high = (double)frontend->high_hz;
    return high > 0 ? high : 0.5 * frontend->rate_hz + high;
}

/* The three corners of a filter, in mel or in Hz: the unit in which its sides are straight. */
struct triangle {
    double left, centre, right, scale;
};

static struct triangle triangle_of(const voq_frontend *f, uint32_t m)
{
    double low = mel_of_hz(f->mel_scale, (double)f->low_hz);
    double high = mel_of_hz(f->mel_scale, voq_mel_high_hz(f));
    double step = (high - low) / (f->n_mel + 1);
    struct triangle t = {low + m * step, low + (m + 1) * step, low + (m + 2) * step, 1.0};
    double left_hz = hz_of_mel(f->mel_scale, t.left), right_hz = hz_of_mel(f->mel_scale, t.right);
    if (f->mel_norm == VOQ_MEL_AREA) t.scale = 2.0 / (right_hz - left_hz);
    if (f->mel_shape == VOQ_MEL_IN_HZ) {
        t.centre = hz_of_mel(f->mel_scale, t.centre);
        t.left = left_hz;
        t.right = right_hz;
    }
    return t;
}

static double weight_at(const voq_frontend *f, const struct triangle *t, size_t bin)
{
    double hz = (double)bin * f->rate_hz / f->fft_samples;
    double at = f->mel_shape == VOQ_MEL_IN_HZ ? hz : mel_of_hz(f->mel_scale, hz);
    double up = (at - t->left) / (t->centre - t->left);
    double down = (t->right - at) / (t->right - t->centre);
    return t->scale * fmax(0.0, fmin(up, down));
}

/* Kaldi's banks end before the Nyquist bin, librosa's include it. */
static size_t bin_count(const voq_frontend *f)
{
    return f->fft_samples / 2 + (f->mel_shape == VOQ_MEL_IN_HZ ? 1 : 0);
}

static uint32_t run_of(const voq_frontend *f, uint32_t m, float *weight, uint32_t *first)
{
    struct triangle t = triangle_of(f, m);
    double bins_per_hz = (double)f->fft_samples / f->rate_hz;
    bool in_hz = f->mel_shape == VOQ_MEL_IN_HZ;
    double left_hz = in_hz ? t.left : hz_of_mel(f->mel_scale, t.left);
    double right_hz = in_hz ? t.right : hz_of_mel(f->mel_scale, t.right);
    size_t begin = (size_t)fmax(0.0, floor(left_hz * bins_per_hz) - 1.0);
    size_t end = (size_t)fmin((double)bin_count(f), ceil(right_hz * bins_per_hz) + 2.0);
    uint32_t count = 0;
    for (size_t bin = begin; bin < end; bin++) {
        float w = (float)weight_at(f, &t, bin);
        if (w == 0.0f) continue;
        if (count == 0) *first = (uint32_t)bin;
        if (weight) weight[count] = w;
        count++;
    }
    return count;
}

size_t voq_mel_count_weights(const voq_frontend *frontend)
{
    size_t total = 0;
    for (uint32_t m = 0; m < frontend->n_mel; m++) {
        uint32_t first = 0;
        total += run_of(frontend, m, NULL, &first);
    }
    return total;
}

void voq_mel_fill(const voq_frontend *frontend, uint32_t *first, uint32_t *count, float *weight)
{
    for (uint32_t m = 0; m < frontend->n_mel; m++) {
        first[m] = 0;
        count[m] = run_of(frontend, m, weight, &first[m]);
        weight += count[m];
    }
}
