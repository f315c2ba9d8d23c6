/* SPDX-License-Identifier: MIT */
#include "src/frontend/tool_options.h"

#include "src/base/error.h"
#include "src/frontend/decimal.h"
#include "src/frontend/option_value.h"

#include <stdbool.h>
#include <string.h>

static const struct word pads[] = {
    {"constant", VOQ_GRID_ZERO}, {"reflect", VOQ_GRID_REFLECT}, {"edge", VOQ_GRID_EDGE}, {NULL, 0}};

static uint32_t power_of_two_from(uint32_t n)
{
    uint32_t p = 2;
    while (p < n && p < 1u << 30) p *= 2;
    return p;
}

/* An FFT as long as the window, other than a power of two, follows it; else it becomes the next
   power of two. */
static void set_window(voq_frontend *f, uint32_t window_samples)
{
    bool equal = f->fft_samples == f->window_samples &&
                 f->fft_samples != power_of_two_from(f->window_samples);
    f->window_samples = window_samples;
    f->fft_samples = equal ? window_samples : power_of_two_from(window_samples);
}

static voq_status read_milliseconds(const voq_frontend *f, const char *key, const char *value,
                                    uint32_t *samples, voq_error *error)
{
    float ms;
    voq_status status = voq_read_real(key, value, &ms, error);
    if (status != VOQ_OK) return status;
    double n = (double)f->rate_hz * 0.001 * (double)ms;
    if (!(n >= 1 && n <= 16384))
        return voq_refuse_value(error, key, value, "milliseconds, 1 to 16384 samples");
    *samples = (uint32_t)n;
    return VOQ_OK;
}

typedef voq_status set_option(voq_frontend *f, const char *key, const char *value,
                              voq_error *error);

static voq_status set_sample_frequency(voq_frontend *f, const char *key, const char *value,
                                       voq_error *error)
{
    uint32_t before = f->rate_hz;
    double hz;
    if (!voq_decimal_read(value, &hz) || !(hz >= 1 && hz <= 1e6) || hz != (double)(uint32_t)hz)
        return voq_refuse_value(error, key, value, "a rate in Hz");
    if (before == 0) return voq_refuse_value(error, key, value, "set after rate_hz");
    f->rate_hz = (uint32_t)hz; /* durations do not change, as in Kaldi */
    f->hop_samples = (uint32_t)((uint64_t)f->hop_samples * f->rate_hz / before);
    set_window(f, (uint32_t)((uint64_t)f->window_samples * f->rate_hz / before));
    return VOQ_OK;
}

static voq_status set_frame_length(voq_frontend *f, const char *key, const char *value,
                                   voq_error *error)
{
    uint32_t samples = 0;
    voq_status status = read_milliseconds(f, key, value, &samples, error);
    if (status == VOQ_OK) set_window(f, samples);
    return status;
}

static voq_status set_frame_shift(voq_frontend *f, const char *key, const char *value,
                                  voq_error *error)
{
    return read_milliseconds(f, key, value, &f->hop_samples, error);
}

static voq_status set_round_to_power_of_two(voq_frontend *f, const char *key, const char *value,
                                            voq_error *error)
{
    uint32_t round;
    voq_status status = voq_read_word(key, value, voq_boolean_words, &round, error);
    if (status == VOQ_OK)
        f->fft_samples = round ? power_of_two_from(f->window_samples) : f->window_samples;
    return status;
}

/* librosa's win_length is n_fft unless it is set. */
static voq_status set_n_fft(voq_frontend *f, const char *key, const char *value, voq_error *error)
{
    bool equal = f->window_samples == f->fft_samples;
    voq_status status = voq_read_count(key, value, &f->fft_samples, error);
    if (equal) f->window_samples = f->fft_samples;
    return status;
}

static voq_status set_center(voq_frontend *f, const char *key, const char *value, voq_error *error)
{
    uint32_t center;
    voq_status status = voq_read_word(key, value, voq_boolean_words, &center, error);
    if (status != VOQ_OK) return status;
    if (!center)
        f->grid = VOQ_GRID_SNIP;
    else if (f->grid == VOQ_GRID_SNIP || f->grid == VOQ_GRID_MIRROR)
        f->grid = VOQ_GRID_ZERO;
    return VOQ_OK;
}

static voq_status set_pad_mode(voq_frontend *f, const char *key, const char *value,
                               voq_error *error)
{
    if (f->grid == VOQ_GRID_SNIP || f->grid == VOQ_GRID_MIRROR)
        return voq_refuse_value(error, key, value, "of use only after center=true");
    return voq_read_word(key, value, pads, &f->grid, error);
}

static voq_status set_norm(voq_frontend *f, const char *key, const char *value, voq_error *error)
{
    if (f->feature == VOQ_FEATURE_LOG_MEL)
        return voq_read_word(key, value, voq_mel_norm_words, &f->mel_norm, error);
    if (strcmp(value, "ortho") == 0) return VOQ_OK;
    return voq_refuse_value(error, key, value,
                            "ortho in an MFCC; mel_norm is the norm of the filters");
}

static voq_status set_use_energy(voq_frontend *f, const char *key, const char *value,
                                 voq_error *error)
{
    uint32_t use;
    voq_status status = voq_read_word(key, value, voq_boolean_words, &use, error);
    if (status != VOQ_OK) return status;
    if (!use)
        f->energy = VOQ_ENERGY_NONE;
    else if (f->energy == VOQ_ENERGY_NONE)
        f->energy = VOQ_ENERGY_RAW;
    return VOQ_OK;
}

static voq_status set_raw_energy(voq_frontend *f, const char *key, const char *value,
                                 voq_error *error)
{
    uint32_t raw;
    voq_status status = voq_read_word(key, value, voq_boolean_words, &raw, error);
    if (status != VOQ_OK) return status;
    if (f->energy == VOQ_ENERGY_NONE)
        return voq_refuse_value(error, key, value, "of use only after use_energy=true");
    f->energy = raw ? VOQ_ENERGY_RAW : VOQ_ENERGY_WINDOWED;
    return VOQ_OK;
}

static voq_status set_htk_compat(voq_frontend *f, const char *key, const char *value,
                                 voq_error *error)
{
    voq_status status = voq_read_word(key, value, voq_boolean_words, &f->htk_order, error);
    f->dct = f->htk_order ? VOQ_DCT_HTK : VOQ_DCT_ORTHO;
    return status;
}

static voq_status set_delta_window(voq_frontend *f, const char *key, const char *value,
                                   voq_error *error)
{
    uint32_t window;
    voq_status status = voq_read_count(key, value, &window, error);
    if (status != VOQ_OK) return status;
    if (window % 2 == 0) return voq_refuse_value(error, key, value, "an odd count");
    f->delta_reach = window / 2;
    return VOQ_OK;
}

static voq_status set_dct_type(voq_frontend *f, const char *key, const char *value,
                               voq_error *error)
{
    (void)f;
    if (strcmp(value, "2") == 0) return VOQ_OK;
    return voq_refuse_value(error, key, value, "2, the only type offered");
}

static voq_status set_dither(voq_frontend *f, const char *key, const char *value, voq_error *error)
{
    (void)f;
    double dither;
    if (voq_decimal_read(value, &dither) && dither == 0.0) return VOQ_OK;
    return voq_refuse_value(error, key, value, "0: voq never adds noise");
}

static const struct {
    const char *key;
    set_option *set;
} combined[] = {
    {"center", set_center},
    {"dct_type", set_dct_type},
    {"delta_window", set_delta_window},
    {"dither", set_dither},
    {"frame_length", set_frame_length},
    {"frame_shift", set_frame_shift},
    {"htk_compat", set_htk_compat},
    {"n_fft", set_n_fft},
    {"norm", set_norm},
    {"pad_mode", set_pad_mode},
    {"raw_energy", set_raw_energy},
    {"round_to_power_of_two", set_round_to_power_of_two},
    {"sample_frequency", set_sample_frequency},
    {"use_energy", set_use_energy},
};

voq_status voq_tool_option_set(voq_frontend *f, const char *key, const char *value,
                               voq_error *error)
{
    for (size_t i = 0; i < sizeof combined / sizeof *combined; i++)
        if (strcmp(key, combined[i].key) == 0) return combined[i].set(f, key, value, error);
    return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                      "there is no option '%.60s'; src/frontend/README.md lists them", key);
}
