/* SPDX-License-Identifier: MIT */
#include "src/frontend/spectrum.h"

#include "src/frontend/cepstrum.h"
#include "src/frontend/mel.h"
#include "src/frontend/window.h"

#include <float.h>
#include <string.h>

static const float decibel_per_neper = 4.3429448190325182765f; /* 10 / ln(10) of a power */

uint32_t voq_frontend_base_dim(const voq_frontend *options)
{
    if (options->feature == VOQ_FEATURE_MFCC) return options->n_cepstrum;
    return options->n_mel + (options->energy != VOQ_ENERGY_NONE ? 1 : 0);
}

uint32_t voq_frontend_dim(const voq_frontend *options)
{
    return voq_frontend_base_dim(options) * (options->n_delta + 1);
}

static size_t packed_rows(const voq_frontend *options)
{
    return (options->n_cepstrum + ROW_GROUP - 1) / ROW_GROUP * ROW_GROUP;
}

static void pack(const voq_frontend *options, const float *matrix, float *packed, float *no_bias)
{
    size_t n_row = packed_rows(options), n_column = options->n_mel;
    memset(packed, 0, n_row * n_column * sizeof *packed);
    memset(no_bias, 0, n_row * sizeof *no_bias);
    for (size_t r = 0; r < options->n_cepstrum; r++)
        for (size_t c = 0; c < n_column; c++)
            packed[(r / ROW_GROUP * n_column + c) * ROW_GROUP + r % ROW_GROUP] = *matrix++;
}

void voq_frontend_place(struct frontend *frontend, const voq_frontend *options, struct arena *arena)
{
    bool is_mfcc = options->feature == VOQ_FEATURE_MFCC;
    float *window = ARENA_TAKE(arena, options->window_samples, float);
    uint32_t *first = ARENA_TAKE(arena, options->n_mel, uint32_t);
    uint32_t *count = ARENA_TAKE(arena, options->n_mel, uint32_t);
    float *weight = ARENA_TAKE(arena, voq_mel_count_weights(options), float);
    float *cepstrum = NULL, *packed = NULL, *no_bias = NULL;
    if (is_mfcc) {
        size_t n_packed = packed_rows(options);
        cepstrum = ARENA_TAKE(arena, options->n_cepstrum * options->n_mel, float);
        packed = ARENA_TAKE(arena, n_packed * options->n_mel, float);
        no_bias = ARENA_TAKE(arena, n_packed, float);
    }
    if (!arena->base) return;

    voq_window_fill(options->window, window, options->window_samples);
    voq_mel_fill(options, first, count, weight);
    if (is_mfcc) {
        voq_cepstrum_fill(options, cepstrum);
        pack(options, cepstrum, packed, no_bias);
    }
    *frontend = (struct frontend){
        .options = *options,
        .frame = {window, options->window_samples, options->fft_samples, options->scale,
                  options->preemphasis, options->remove_dc},
        .mel = {options->n_mel, first, count, weight},
        .cepstrum = cepstrum,
        .packed_cepstrum = packed,
        .no_bias = no_bias,
        .dim = voq_frontend_base_dim(options),
    };
}

void voq_spectrum_place(struct spectrum *spectrum, const struct frontend *frontend,
                        const struct kernel *kernel, size_t block, struct arena *arena)
{
    const voq_frontend *options = &frontend->options;
    bool alone = block < kernel->lanes;
    if (alone) kernel = kernel->alone;
    const struct kernel *planner = alone ? &voq_kernel_scalar : kernel;
    size_t lanes = kernel->lanes, n_window = alone ? 1 : lanes, n_fft = options->fft_samples;
    size_t plan_size = planner->fft_plan_size(n_fft);
    size_t n_scratch = alone ? 2 * n_fft : (n_fft + 2) * lanes;
    struct spectrum placed = {
        .kernel = kernel,
        .alone = alone,
        .plan = ARENA_TAKE(arena, plan_size, char),
        .x = ARENA_TAKE(arena, n_fft * n_window, float),
        .scratch = ARENA_TAKE(arena, n_scratch, float),
        .mel = ARENA_TAKE(arena, options->n_mel * lanes, float),
        .cepstrum = ARENA_TAKE(arena, packed_rows(options) * n_window, float),
        .energy = ARENA_TAKE(arena, 2 * lanes, float),
    };
    if (!arena->base) return;
    planner->fft_plan_place(placed.plan, plan_size, n_fft);
    memset(placed.mel, 0, options->n_mel * lanes * sizeof(float)); /* lanes that stay empty */
    memset(placed.energy, 0, 2 * lanes * sizeof(float));
    *spectrum = placed;
}

/* The index of a coefficient, and of the energy, in a frame. */
static uint32_t place_of(const struct frontend *f, uint32_t coefficient)
{
    const voq_frontend *o = &f->options;
    if (o->feature == VOQ_FEATURE_MFCC) {
        if (!o->htk_order) return coefficient;
        return coefficient == 0 ? f->dim - 1 : coefficient - 1;
    }
    return coefficient + (o->energy != VOQ_ENERGY_NONE && !o->htk_order ? 1 : 0);
}

static uint32_t place_of_energy(const struct frontend *f)
{
    return f->options.htk_order ? f->dim - 1 : 0;
}

/* Copies lanes to frames. */
static void scatter(const struct frontend *f, const float *value, uint32_t n_value, size_t lanes,
                    size_t n, float *frame)
{
    for (uint32_t c = 0; c < n_value; c++) {
        uint32_t place = place_of(f, c);
        for (size_t i = 0; i < n; i++) frame[i * f->dim + place] = value[c * lanes + i];
    }
}

static struct log_spec log_spec_of(const voq_frontend *o)
{
    return (struct log_spec){.floor = o->mel_floor,
                             .adds_floor = o->log == VOQ_LOG_OFFSET,
                             .scale = o->log == VOQ_LOG_DECIBEL ? decibel_per_neper : 1.0f,
                             .lowest = o->log_floor};
}

static bool has_energy(const struct frontend *f)
{
    return f->options.energy != VOQ_ENERGY_NONE;
}

static void put_energy(struct spectrum *s, const struct frontend *f, size_t n, float *frame)
{
    const voq_frontend *o = &f->options;
    float *energy = o->energy == VOQ_ENERGY_WINDOWED ? s->energy + s->kernel->lanes : s->energy;
    struct log_spec log_of_energy = {FLT_EPSILON, false, 1.0f, -FLT_MAX};
    if (o->energy_floor > FLT_EPSILON) log_of_energy.floor = o->energy_floor;
    s->kernel->log(energy, 1, &log_of_energy);
    for (size_t i = 0; i < n; i++) frame[i * f->dim + place_of_energy(f)] = energy[i];
}

static void run_group(struct spectrum *s, const struct frontend *f, const float *const *window,
                      size_t n, float *frame)
{
    const struct kernel *k = s->kernel;
    const voq_frontend *o = &f->options;

    k->frames(&f->frame, window, n, s->x, has_energy(f) ? s->energy : NULL, s->energy + k->lanes);
    k->power(s->plan, s->x, o->spectrum_power == 1, s->scratch, s->x);
    k->mel(&f->mel, s->x, s->mel);
    struct log_spec log_of_mel = log_spec_of(o);
    if (o->log != VOQ_LOG_NONE) k->log(s->mel, o->n_mel, &log_of_mel);

    if (o->feature == VOQ_FEATURE_MFCC) {
        k->matrix(f->cepstrum, o->n_cepstrum, o->n_mel, s->mel, s->cepstrum);
        scatter(f, s->cepstrum, o->n_cepstrum, k->lanes, n, frame);
    } else {
        scatter(f, s->mel, o->n_mel, k->lanes, n, frame);
    }
    if (has_energy(f)) put_energy(s, f, n, frame);
}

/* As a group of one, but lanes are neighbours in time, in frequency or among the coefficients. */
static void run_alone(struct spectrum *s, const struct frontend *f, const float *window,
                      float *frame)
{
    const struct kernel *k = s->kernel;
    const voq_frontend *o = &f->options;

    k->frame_alone(&f->frame, window, s->x, has_energy(f) ? s->energy : NULL,
                   s->energy + k->lanes);
    k->power_alone(s->plan, s->x, o->spectrum_power == 1, s->scratch, s->x);
    voq_kernel_scalar.mel(&f->mel, s->x, s->mel);
    struct log_spec log_of_mel = log_spec_of(o);
    size_t n_vector = (o->n_mel + k->lanes - 1) / k->lanes;
    if (o->log != VOQ_LOG_NONE) k->log(s->mel, n_vector, &log_of_mel);

    if (o->feature == VOQ_FEATURE_MFCC) {
        k->affine(f->packed_cepstrum, f->no_bias, packed_rows(o) / ROW_GROUP, o->n_mel, s->mel,
                  s->cepstrum);
        scatter(f, s->cepstrum, o->n_cepstrum, 1, 1, frame);
    } else {
        scatter(f, s->mel, o->n_mel, 1, 1, frame);
    }
    if (has_energy(f)) put_energy(s, f, 1, frame);
}

void voq_spectrum_run(struct spectrum *spectrum, const struct frontend *frontend,
                      const float *const *window, size_t n, float *frame)
{
    size_t lanes = spectrum->alone ? 1 : spectrum->kernel->lanes;
    for (size_t i = 0; i < n; i += lanes, frame += lanes * frontend->dim) {
        size_t group = n - i < lanes ? n - i : lanes;
        if (spectrum->alone)
            run_alone(spectrum, frontend, window[i], frame);
        else
            run_group(spectrum, frontend, window + i, group, frame);
    }
}
