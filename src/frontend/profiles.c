/* SPDX-License-Identifier: MIT */
#include "src/frontend/profiles.h"

#include "src/base/versioned.h"
#include "src/frontend/mel.h"

#include <float.h>
#include <string.h>

/* Kaldi's compute-mfcc-feats with dither 0. */
#define KALDI                                                                                      \
    .struct_size = sizeof(voq_frontend), .rate_hz = 16000, .window_samples = 400,                  \
    .hop_samples = 160, .fft_samples = 512, .window = VOQ_WINDOW_POVEY, .grid = VOQ_GRID_SNIP,     \
    .remove_dc = 1, .spectrum_power = 2, .n_mel = 23, .mel_scale = VOQ_MEL_HTK,                    \
    .mel_shape = VOQ_MEL_IN_MEL, .mel_norm = VOQ_MEL_PEAK, .log = VOQ_LOG_NATURAL,                 \
    .n_cepstrum = 13, .dct = VOQ_DCT_ORTHO, .delta_reach = 2, .preemphasis = 0.97f,                \
    .low_hz = 20.0f, .high_hz = 0.0f, .mel_floor = FLT_EPSILON, .log_floor = -FLT_MAX

static const struct {
    const char *name;
    voq_frontend frontend;
} profiles[] = {
    {"kaldi",
     {KALDI, .feature = VOQ_FEATURE_MFCC, .scale = 32768.0f, .energy = VOQ_ENERGY_RAW,
      .lifter = 22.0f}},
    {"kaldi-fbank", {KALDI, .feature = VOQ_FEATURE_LOG_MEL, .scale = 32768.0f}},
    /* fairseq's call of torchaudio: samples within +-1, no energy, two orders of deltas. */
    {"hubert", {KALDI, .feature = VOQ_FEATURE_MFCC, .scale = 1.0f, .lifter = 22.0f, .n_delta = 2}},
    /* librosa.feature.mfcc */
    {"librosa",
     {.struct_size = sizeof(voq_frontend),
      .feature = VOQ_FEATURE_MFCC,
      .rate_hz = 22050,
      .window_samples = 2048,
      .hop_samples = 512,
      .fft_samples = 2048,
      .window = VOQ_WINDOW_HANN_PERIODIC,
      .grid = VOQ_GRID_ZERO,
      .spectrum_power = 2,
      .n_mel = 128,
      .mel_scale = VOQ_MEL_SLANEY,
      .mel_shape = VOQ_MEL_IN_HZ,
      .mel_norm = VOQ_MEL_AREA,
      .log = VOQ_LOG_DECIBEL,
      .n_cepstrum = 20,
      .dct = VOQ_DCT_ORTHO,
      .lifter_origin = 1,
      .delta_reach = 2,
      .scale = 1.0f,
      .mel_floor = 1e-10f,
      .log_floor = -FLT_MAX,
      .top_db = 80.0f}},
    /* log mel for a learned encoder */
    {"encoder",
     {.struct_size = sizeof(voq_frontend),
      .feature = VOQ_FEATURE_LOG_MEL,
      .rate_hz = 16000,
      .window_samples = 400,
      .hop_samples = 160,
      .fft_samples = 512,
      .window = VOQ_WINDOW_HANN_NONZERO,
      .grid = VOQ_GRID_MIRROR,
      .spectrum_power = 2,
      .n_mel = 40,
      .mel_scale = VOQ_MEL_HTK,
      .mel_shape = VOQ_MEL_IN_MEL,
      .mel_norm = VOQ_MEL_PEAK,
      .log = VOQ_LOG_OFFSET,
      .n_cepstrum = 13,
      .dct = VOQ_DCT_ORTHO,
      .delta_reach = 2,
      .scale = 1.0f,
      .low_hz = 20.0f,
      .high_hz = 7800.0f,
      .mel_floor = 1e-5f,
      .log_floor = -FLT_MAX}},
};

enum { N_PROFILE = sizeof profiles / sizeof *profiles };

/* Programs of 0.1 did not set it before this call; no struct will ever reach the upper bound. */
static int is_set(size_t struct_size)
{
    return struct_size >= FIRST_FRONTEND && struct_size <= UINT16_MAX;
}

voq_status voq_frontend_profile(const char *name, voq_frontend *frontend)
{
    if (!name || !frontend) return VOQ_ERROR_ARGUMENT;
    for (size_t i = 0; i < N_PROFILE; i++)
        if (strcmp(name, profiles[i].name) == 0) {
            if (!is_set(frontend->struct_size)) frontend->struct_size = FIRST_FRONTEND;
            voq_give_struct(frontend, &profiles[i].frontend, sizeof(voq_frontend), FIRST_FRONTEND);
            return VOQ_OK;
        }
    return VOQ_ERROR_ARGUMENT;
}

const char *voq_frontend_profile_name(size_t i)
{
    return i < N_PROFILE ? profiles[i].name : NULL;
}

static int finite_and_positive(float x)
{
    return x >= FLT_MIN && x <= FLT_MAX;
}

static int has_small_factors(uint32_t n)
{
    static const uint32_t factor[] = {2, 3, 5};
    for (size_t i = 0; i < 3; i++)
        while (n % factor[i] == 0) n /= factor[i];
    return n == 1;
}

/* Upper bounds of this version; a later one may allow more. */
static const char *find_beyond(const voq_frontend *f)
{
    if (f->rate_hz > 1000000) return "rate_hz must be at most 1000000";
    if (f->window_samples > 16384) return "window_samples must be at most 16384";
    if (f->hop_samples > 16384) return "hop_samples must be at most 16384";
    if (f->fft_samples > 16384) return "fft_samples must be at most 16384";
    if (f->n_mel > 256) return "n_mel must be at most 256";
    if (f->n_cepstrum > 256 && f->feature != VOQ_FEATURE_MFCC)
        return "n_cepstrum must be at most 256";
    if (f->n_delta > 3) return "n_delta must be at most 3";
    if (f->delta_reach > 16) return "delta_reach must be at most 16";
    return NULL;
}

static const char *check_sizes(const voq_frontend *f)
{
    if (f->rate_hz == 0) return "rate_hz must be 1 or more";
    if (f->window_samples < 2) return "window_samples must be 2 or more";
    if (f->hop_samples == 0) return "hop_samples must be 1 or more";
    if (f->fft_samples < f->window_samples) return "fft_samples must be window_samples or more";
    if (f->fft_samples % 2 || !has_small_factors(f->fft_samples))
        return "fft_samples must be even with no prime factor but 2, 3 and 5";
    if (f->n_mel == 0) return "n_mel must be 1 or more";
    if (f->feature == VOQ_FEATURE_MFCC && (f->n_cepstrum == 0 || f->n_cepstrum > f->n_mel))
        return "n_cepstrum must be 1 to n_mel";
    if (f->delta_reach == 0) return "delta_reach must be 1 or more";
    if (f->spectrum_power == 0) return "spectrum_power must be 1 or 2";
    return NULL;
}

static const char *find_unknown(const voq_frontend *f)
{
    if (f->feature > VOQ_FEATURE_LOG_MEL) return "feature is unknown";
    if (f->window > VOQ_WINDOW_HANN_NONZERO) return "window is unknown";
    if (f->grid > VOQ_GRID_EDGE) return "grid is unknown";
    if (f->remove_dc > 1) return "remove_dc must be 0 or 1";
    if (f->spectrum_power > 2) return "spectrum_power must be 1 or 2";
    if (f->mel_scale > VOQ_MEL_SLANEY) return "mel_scale is unknown";
    if (f->mel_shape > VOQ_MEL_IN_HZ) return "mel_shape is unknown";
    if (f->mel_norm > VOQ_MEL_AREA) return "mel_norm is unknown";
    if (f->log > VOQ_LOG_OFFSET) return "log is unknown";
    if (f->dct > VOQ_DCT_HTK) return "dct is unknown";
    if (f->energy > VOQ_ENERGY_WINDOWED) return "energy is unknown";
    if (f->htk_order > 1) return "htk_order must be 0 or 1";
    if (f->lifter_origin > 1) return "lifter_origin must be 0 or 1";
    return NULL;
}

static const char *check_numbers(const voq_frontend *f)
{
    if (!finite_and_positive(f->scale)) return "scale must be above 0";
    if (!(f->preemphasis >= 0.0f && f->preemphasis <= 1.0f)) return "preemphasis must be 0 to 1";
    if (!finite_and_positive(f->mel_floor)) return "mel_floor must be a normal number above 0";
    if (!(f->energy_floor >= 0.0f && f->energy_floor <= FLT_MAX))
        return "energy_floor must be 0 or more";
    if (!(f->lifter >= 0.0f && f->lifter <= FLT_MAX)) return "lifter must be 0 or more";
    if (!(f->log_floor >= -FLT_MAX && f->log_floor <= FLT_MAX)) return "log_floor must be finite";
    if (!(f->top_db >= 0.0f && f->top_db <= FLT_MAX)) return "top_db must be 0 or more";
    double nyquist = 0.5 * f->rate_hz;
    if (!(f->low_hz >= 0.0f && f->low_hz <= FLT_MAX) || !(f->high_hz >= -FLT_MAX) ||
        !(voq_mel_high_hz(f) <= nyquist) || !((double)f->low_hz + 1.0 <= voq_mel_high_hz(f)))
        return "low_hz and high_hz must satisfy 0 <= low, low + 1 <= high, high <= rate/2";
    return NULL;
}

voq_status voq_frontend_check(const voq_frontend *frontend, const char **what)
{
    *what = find_unknown(frontend);
    if (!*what) *what = find_beyond(frontend);
    if (*what) return VOQ_ERROR_VERSION;
    *what = check_sizes(frontend);
    if (!*what) *what = check_numbers(frontend);
    return *what ? VOQ_ERROR_ARGUMENT : VOQ_OK;
}

int voq_frontend_needs_whole_signal(const voq_frontend *frontend)
{
    return frontend->top_db > 0.0f;
}
