/* SPDX-License-Identifier: MIT */
/* Options by name: the fields of voq_frontend, and the names that Kaldi and librosa give them. */
#include "voq.h"

#include "src/base/error.h"
#include "src/base/versioned.h"
#include "src/frontend/decimal.h"
#include "src/frontend/option_value.h"
#include "src/frontend/profiles.h"
#include "src/frontend/tool_options.h"
#include "src/kernel/float_env.h"

#include <float.h>
#include <stdio.h>
#include <string.h>

static const struct word features[] = {
    {"mfcc", VOQ_FEATURE_MFCC}, {"fbank", VOQ_FEATURE_LOG_MEL}, {NULL, 0}};
static const struct word windows[] = {{"povey", VOQ_WINDOW_POVEY},
                                      {"hamming", VOQ_WINDOW_HAMMING},
                                      {"hanning", VOQ_WINDOW_HANN},
                                      {"hann", VOQ_WINDOW_HANN_PERIODIC},
                                      {"blackman", VOQ_WINDOW_BLACKMAN},
                                      {"rectangular", VOQ_WINDOW_RECTANGULAR},
                                      {"hann-nonzero", VOQ_WINDOW_HANN_NONZERO},
                                      {NULL, 0}};
static const struct word grids[] = {{"snip", VOQ_GRID_SNIP}, {"mirror", VOQ_GRID_MIRROR},
                                    {"zero", VOQ_GRID_ZERO}, {"reflect", VOQ_GRID_REFLECT},
                                    {"edge", VOQ_GRID_EDGE}, {NULL, 0}};
static const struct word snips[] = {{"true", VOQ_GRID_SNIP}, {"false", VOQ_GRID_MIRROR}, {NULL, 0}};
static const struct word powers[] = {{"true", 2}, {"false", 1}, {"2", 2}, {"1", 1}, {NULL, 0}};
static const struct word scales[] = {{"htk", VOQ_MEL_HTK}, {"slaney", VOQ_MEL_SLANEY}, {NULL, 0}};
static const struct word htks[] = {{"true", VOQ_MEL_HTK}, {"false", VOQ_MEL_SLANEY}, {NULL, 0}};
static const struct word shapes[] = {{"mel", VOQ_MEL_IN_MEL}, {"hz", VOQ_MEL_IN_HZ}, {NULL, 0}};
static const struct word logs[] = {{"natural", VOQ_LOG_NATURAL},
                                   {"decibel", VOQ_LOG_DECIBEL},
                                   {"none", VOQ_LOG_NONE},
                                   {"offset", VOQ_LOG_OFFSET},
                                   {NULL, 0}};
static const struct word fbank_logs[] = {
    {"true", VOQ_LOG_NATURAL}, {"false", VOQ_LOG_NONE}, {NULL, 0}};
static const struct word energies[] = {{"none", VOQ_ENERGY_NONE},
                                       {"raw", VOQ_ENERGY_RAW},
                                       {"windowed", VOQ_ENERGY_WINDOWED},
                                       {NULL, 0}};
static const struct word dcts[] = {{"ortho", VOQ_DCT_ORTHO}, {"htk", VOQ_DCT_HTK}, {NULL, 0}};

enum kind { WORD, COUNT, REAL };

struct setting {
    const char *key;
    enum kind kind;
    size_t offset;
    const struct word *words;
};

#define FIELD(name) offsetof(voq_frontend, name)

/* One row per field, sorted: voq_frontend_text writes these. */
static const struct setting fields[] = {
    {"dct", WORD, FIELD(dct), dcts},
    {"delta_reach", COUNT, FIELD(delta_reach), NULL},
    {"energy", WORD, FIELD(energy), energies},
    {"energy_floor", REAL, FIELD(energy_floor), NULL},
    {"feature", WORD, FIELD(feature), features},
    {"fft_samples", COUNT, FIELD(fft_samples), NULL},
    {"grid", WORD, FIELD(grid), grids},
    {"high_hz", REAL, FIELD(high_hz), NULL},
    {"hop_samples", COUNT, FIELD(hop_samples), NULL},
    {"htk_order", WORD, FIELD(htk_order), voq_boolean_words},
    {"lifter", REAL, FIELD(lifter), NULL},
    {"lifter_origin", COUNT, FIELD(lifter_origin), NULL},
    {"log", WORD, FIELD(log), logs},
    {"log_floor", REAL, FIELD(log_floor), NULL},
    {"low_hz", REAL, FIELD(low_hz), NULL},
    {"mel_floor", REAL, FIELD(mel_floor), NULL},
    {"mel_norm", WORD, FIELD(mel_norm), voq_mel_norm_words},
    {"mel_scale", WORD, FIELD(mel_scale), scales},
    {"mel_shape", WORD, FIELD(mel_shape), shapes},
    {"n_cepstrum", COUNT, FIELD(n_cepstrum), NULL},
    {"n_delta", COUNT, FIELD(n_delta), NULL},
    {"n_mel", COUNT, FIELD(n_mel), NULL},
    {"preemphasis", REAL, FIELD(preemphasis), NULL},
    {"rate_hz", COUNT, FIELD(rate_hz), NULL},
    {"remove_dc", WORD, FIELD(remove_dc), voq_boolean_words},
    {"scale", REAL, FIELD(scale), NULL},
    {"spectrum_power", COUNT, FIELD(spectrum_power), NULL},
    {"top_db", REAL, FIELD(top_db), NULL},
    {"window", WORD, FIELD(window), windows},
    {"window_samples", COUNT, FIELD(window_samples), NULL},
};

/* Options of Kaldi and librosa that are fields under other names. */
static const struct setting aliases[] = {
    {"amin", REAL, FIELD(mel_floor), NULL},
    {"cepstral_lifter", REAL, FIELD(lifter), NULL},
    {"fmax", REAL, FIELD(high_hz), NULL},
    {"fmin", REAL, FIELD(low_hz), NULL},
    {"high_freq", REAL, FIELD(high_hz), NULL},
    {"hop_length", COUNT, FIELD(hop_samples), NULL},
    {"htk", WORD, FIELD(mel_scale), htks},
    {"low_freq", REAL, FIELD(low_hz), NULL},
    {"n_mels", COUNT, FIELD(n_mel), NULL},
    {"n_mfcc", COUNT, FIELD(n_cepstrum), NULL},
    {"num_ceps", COUNT, FIELD(n_cepstrum), NULL},
    {"num_mel_bins", COUNT, FIELD(n_mel), NULL},
    {"power", WORD, FIELD(spectrum_power), powers},
    {"preemphasis_coefficient", REAL, FIELD(preemphasis), NULL},
    {"remove_dc_offset", WORD, FIELD(remove_dc), voq_boolean_words},
    {"snip_edges", WORD, FIELD(grid), snips},
    {"sr", COUNT, FIELD(rate_hz), NULL},
    {"use_log_fbank", WORD, FIELD(log), fbank_logs},
    {"use_power", WORD, FIELD(spectrum_power), powers},
    {"win_length", COUNT, FIELD(window_samples), NULL},
    {"window_type", WORD, FIELD(window), windows},
};

static voq_status set_field(voq_frontend *f, const struct setting *s, const char *key,
                            const char *value, voq_error *error)
{
    void *field = (char *)f + s->offset;
    if (s->kind == WORD) return voq_read_word(key, value, s->words, field, error);
    if (s->kind == COUNT) return voq_read_count(key, value, field, error);
    return voq_read_real(key, value, field, error);
}

static voq_status set_one(voq_frontend *f, const char *key, const char *value, voq_error *error)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(key, fields[i].key) == 0) return set_field(f, &fields[i], key, value, error);
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(key, aliases[i].key) == 0) return set_field(f, &aliases[i], key, value, error);
    return voq_tool_option_set(f, key, value, error);
}

voq_status voq_frontend_set(voq_frontend *frontend, const char *key, const char *value,
                            voq_error *error)
{
    if (!frontend || !key || !value)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    voq_frontend changed;
    if (!voq_take_struct(&changed, sizeof changed, frontend, FIRST_FRONTEND))
        return voq_refuse_unset(error, "frontend", "voq_frontend");
    uint64_t environment = float_env_enter();
    voq_status status = set_one(&changed, key, value, error);
    float_env_leave(environment);
    if (status == VOQ_OK) voq_give_struct(frontend, &changed, sizeof changed, FIRST_FRONTEND);
    return status;
}

static void value_text(const voq_frontend *f, const struct setting *s, char text[32])
{
    const char *field = (const char *)f + s->offset;
    uint32_t count;
    float real;
    memcpy(&count, field, 4);
    memcpy(&real, field, 4);
    if (s->kind == REAL && strcmp(s->key, "log_floor") == 0 && real == -FLT_MAX) {
        strcpy(text, "none");
    } else if (s->kind == REAL) {
        voq_decimal_write(real, text);
    } else if (s->kind == COUNT) {
        snprintf(text, 32, "%u", (unsigned)count);
    } else {
        const struct word *w = s->words;
        while (w->text && w->value != count) w++;
        snprintf(text, 32, "%s", w->text ? w->text : "?");
    }
}

voq_status voq_frontend_text(const voq_frontend *frontend, char *text, size_t capacity,
                             size_t *n_byte)
{
    if (!frontend || !n_byte || (!text && capacity)) return VOQ_ERROR_ARGUMENT;
    voq_frontend taken;
    if (!voq_take_struct(&taken, sizeof taken, frontend, FIRST_FRONTEND)) return VOQ_ERROR_ARGUMENT;
    size_t used = 0;
    uint64_t environment = float_env_enter();
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        char value[32], line[80];
        value_text(&taken, &fields[i], value);
        size_t n = (size_t)snprintf(line, sizeof line, "%s=%s\n", fields[i].key, value);
        if (used + n < capacity) memcpy(text + used, line, n + 1);
        used += n;
    }
    float_env_leave(environment);
    *n_byte = used;
    return used < capacity ? VOQ_OK : VOQ_ERROR_CAPACITY;
}
