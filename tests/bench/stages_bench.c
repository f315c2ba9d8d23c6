/* SPDX-License-Identifier: MIT */
/* ns per 10 ms frame of every stage, of one push, of the search, and the real-time factor of the
   whole line, on a recording. Prints medians; judges nothing: machines are noisy. */
#include "src/frontend/spectrum.h"
#include "src/model/model.h"
#include "tests/bench/timing.h"
#include "tests/support/asked.h"

#include "voq.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

enum { N_CODE = 500, DIM = 39, BLOCK = 64, HOP = 160 };

static float *audio;
static size_t n_audio;
static float *feature;
static size_t n_feature;
static voq_model *model;
static volatile uint32_t sink;

static void read_audio(const char *path)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file || info.channels != 1) {
        printf("Bail out! %s cannot be read\n", path);
        exit(1);
    }
    n_audio = (size_t)info.frames / HOP * HOP;
    audio = malloc(n_audio * sizeof *audio);
    n_audio = (size_t)sf_readf_float(file, audio, (sf_count_t)n_audio);
    sf_close(file);
}

/* Codewords are frames of the recording, spread over it with a little noise: real geometry. */
static void make_model(voq_cpu cpu)
{
    static float codeword[N_CODE * DIM];
    uint32_t seed = 1;
    for (size_t i = 0; i < N_CODE * DIM; i++) {
        seed = seed * 1664525u + 1013904223u;
        float noise = (float)(seed >> 8) / 16777216.0f - 0.5f;
        codeword[i] =
            n_feature ? feature[(i / DIM * 7919 % n_feature) * DIM + i % DIM] + noise : noise;
    }
    voq_frontend frontend;
    voq_options options = {sizeof options, cpu, BLOCK};
    voq_parts parts = {.struct_size = sizeof parts,
                       .frontend = &frontend,
                       .codeword = codeword,
                       .n_codebook = 1,
                       .n_code = N_CODE,
                       .dim = DIM};
    if (voq_frontend_profile("hubert", &frontend) != VOQ_OK) exit(1);
    frontend.grid = VOQ_GRID_MIRROR;
    if (voq_model_make(&parts, &options, &model, NULL) != VOQ_OK) exit(1);
}

/* ---- the stages of the front end, a group of windows at a time ---- */

static const struct kernel *kernel;
static struct spectrum spectrum;
static const float *window[MAX_LANES];

#define STAGE(name, call)                                                                          \
    static void name(void)                                                                         \
    {                                                                                              \
        const voq_frontend *o = &model->frontend.options;                                          \
        const struct spectrum *s = &spectrum;                                                      \
        (void)o;                                                                                   \
        for (int i = 0; i < 64; i++) call;                                                         \
    }

STAGE(stage_frames, kernel->frames(&model->frontend.frame, window, kernel->lanes, s->x, NULL,
                                   NULL))
STAGE(stage_power, kernel->power(s->plan, s->x, false, s->scratch, s->x))
STAGE(stage_mel, kernel->mel(&model->frontend.mel, s->x, s->mel))
STAGE(stage_log, kernel->log(s->mel, o->n_mel,
                  &(struct log_spec){o->mel_floor, false, 1.0f, o->log_floor}))
STAGE(stage_dct,
      kernel->matrix(model->frontend.cepstrum, o->n_cepstrum, o->n_mel, s->mel, s->cepstrum))

static void bench_stages(void)
{
    static const struct {
        const char *name;
        void (*work)(void);
    } stage[] = {{"window", stage_frames}, {"power", stage_power}, {"mel", stage_mel},
                 {"log", stage_log},       {"dct", stage_dct}};
    kernel = model->kernel;
    struct arena size = {0};
    voq_spectrum_place(&spectrum, &model->frontend, kernel, kernel->lanes, &size);
    void *memory = malloc(size.used + ARENA_ALIGN);
    struct arena arena = arena_in(memory);
    voq_spectrum_place(&spectrum, &model->frontend, kernel, kernel->lanes, &arena);
    for (size_t i = 0; i < kernel->lanes; i++) window[i] = audio + 16000 + i * HOP;
    for (size_t i = 0; i < sizeof stage / sizeof *stage; i++)
        printf("%-8s %-8s %8.1f ns per frame\n", kernel->name, stage[i].name,
               median_ns(stage[i].work, 64.0 * (double)kernel->lanes));
    free(memory);
}

/* ---- whole calls ---- */

static voq_stream *features;
static voq_stream *stream;
static uint32_t *id;

static void whole_features(void)
{
    size_t n;
    voq_reset(features);
    if (voq_push(features, audio, n_audio, FEATURES(feature, n_audio / HOP + 1), &n) != VOQ_OK)
        exit(1);
    n_feature = n;
}

static void search(void)
{
    if (voq_quantize(model, feature, n_feature, UNITS(id, NULL, n_feature), NULL) != VOQ_OK)
        exit(1);
    sink = id[0];
}

static void search_alone(void)
{
    for (size_t i = 0; i < n_feature; i++)
        if (voq_quantize(model, feature + i * DIM, 1, UNITS(id, NULL, 1), NULL) != VOQ_OK) exit(1);
    sink = id[0];
}

static void whole_line(void)
{
    size_t n;
    voq_reset(stream);
    if (voq_push(stream, audio, n_audio, UNITS(id, NULL, n_audio / HOP + 1), &n) != VOQ_OK) exit(1);
    if (voq_finish(stream, UNITS(id + n, NULL, n_audio / HOP + 1 - n), &n) != VOQ_OK) exit(1);
}

static void live_line(void)
{
    size_t n;
    voq_reset(stream);
    for (size_t i = 0; i < n_audio; i += HOP)
        if (voq_push(stream, audio + i, HOP, UNITS(id, NULL, 16), &n) != VOQ_OK) exit(1);
}

static void bench_calls(void)
{
    double n_frame = (double)(n_audio / HOP);
    const char *cpu = model->kernel->name;
    voq_options many = {sizeof many, VOQ_CPU_AUTO, BLOCK}, one = {sizeof one, VOQ_CPU_AUTO, 1};
    if (voq_stream_new(model, &many, &features) != VOQ_OK) exit(1);
    printf("%-8s %-8s %8.1f ns per frame, in blocks of %d\n", cpu, "mfcc",
           median_ns(whole_features, n_frame), BLOCK);
    voq_stream_free(features);
    double n_vector = (double)n_feature;
    printf("%-8s %-8s %8.1f ns per frame, %d codes, %d dims\n", cpu, "nearest",
           median_ns(search, n_vector), N_CODE, DIM);
    printf("%-8s %-8s %8.1f ns per frame, one frame alone\n", cpu, "nearest",
           median_ns(search_alone, n_vector));
    if (voq_stream_new(model, &many, &stream) != VOQ_OK) exit(1);
    double line = median_ns(whole_line, n_frame);
    printf("%-8s %-8s %8.1f ns per frame, %.0f x real time\n", cpu, "line", line, 1e7 / line);
    voq_stream_free(stream);
    if (voq_stream_new(model, &one, &stream) != VOQ_OK) exit(1);
    printf("%-8s %-8s %8.1f ns a push of 10 ms\n", cpu, "push", median_ns(live_line, n_frame));
    voq_stream_free(stream);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    read_audio(argv[1]);
    feature = calloc((n_audio / HOP + 1) * DIM, sizeof *feature);
    id = malloc((n_audio / HOP + 1) * sizeof *id);
    static const voq_cpu cpus[] = {VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2, VOQ_CPU_AVX512,
                                   VOQ_CPU_NEON,   VOQ_CPU_WASM};
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        if (!voq_kernel_for((int)cpus[i])) continue;
        make_model(cpus[i]);
        bench_stages();
        bench_calls();
        voq_model_close(model);
    }
    free(audio);
    free(feature);
    free(id);
    return 0;
}
