/* SPDX-License-Identifier: MIT */
/* The cost model of voq-scale(7): nanoseconds per frame, in blocks, as a sum of terms known before
   a run. Measures models of several shapes on a recording, fits the coefficients to them, and
   checks them on two shapes that are not among them. Prints for every instruction set; judges
   nothing: machines are noisy. */
#include "src/kernel/kernel.h"
#include "src/model/model.h"
#include "tests/bench/must.h"
#include "tests/bench/timing.h"
#include "tests/support/asked.h"

#include "voq.h"

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, HOP = 160, MOST_CODES = 2000, MOST_DIM = 64,
       QUICK = 10 /* of 100 runs: those that other programs disturbed least */ };

struct shape {
    uint32_t window, fft, n_mel, n_cepstrum, n_delta, n_code;
};

static const struct shape fitted[] = {
    {400, 512, 23, 13, 2, 0},    {400, 512, 23, 13, 0, 0},     {200, 256, 23, 13, 2, 0},
    {800, 1024, 23, 13, 2, 0},   {1200, 2048, 40, 13, 1, 0},   {480, 2048, 40, 20, 1, 0},
    {400, 512, 23, 13, 2, 100},  {400, 512, 23, 13, 2, 500},   {400, 512, 23, 13, 2, 2000},
    {400, 512, 40, 20, 2, 1000}, {200, 256, 23, 13, 0, 1000},  {800, 1024, 40, 13, 1, 500},
};
static const struct shape checked[] = {{640, 1024, 30, 16, 2, 1500}, {320, 512, 23, 15, 1, 256}};

static float *audio, *feature;
static uint32_t *id;
static size_t n_audio, n_row;
static voq_model *model;
static voq_stream *stream;

static void read_audio(const char *path)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    must(file && info.channels == 1, "the recording cannot be read");
    audio = malloc((size_t)info.frames * sizeof *audio);
    n_audio = (size_t)sf_readf_float(file, audio, info.frames);
    sf_close(file);
    n_row = n_audio / HOP + 1;
    feature = calloc(n_row * MOST_DIM, sizeof *feature);
    id = malloc(n_row * sizeof *id);
}

static void make_model(const struct shape *s, voq_cpu cpu, const float *codeword)
{
    voq_frontend frontend;
    voq_options options = {sizeof options, cpu, BLOCK};
    must(voq_frontend_profile("hubert", &frontend) == VOQ_OK, "no profile");
    frontend.grid = VOQ_GRID_MIRROR;
    frontend.window_samples = s->window;
    frontend.fft_samples = s->fft;
    frontend.n_mel = s->n_mel;
    frontend.n_cepstrum = s->n_cepstrum;
    frontend.n_delta = s->n_delta;
    voq_parts parts = {.struct_size = sizeof parts, .frontend = &frontend, .codeword = codeword};
    if (codeword) {
        parts.n_codebook = 1;
        parts.n_code = s->n_code;
        parts.dim = s->n_cepstrum * (s->n_delta + 1);
    }
    must(voq_model_make(&parts, &options, &model, NULL) == VOQ_OK, "no model");
    must(voq_stream_new(model, &options, &stream) == VOQ_OK, "no stream");
}

static void close_model(void)
{
    voq_stream_free(stream);
    voq_model_close(model);
}

static size_t n_found;

static void find_features(void)
{
    voq_reset(stream);
    must(voq_push(stream, audio, n_audio, FEATURES(feature, n_row), &n_found) == VOQ_OK, "push");
}

static void find_units(void)
{
    voq_reset(stream);
    must(voq_push(stream, audio, n_audio, UNITS(id, NULL, n_row), &n_found) == VOQ_OK, "push");
}

/* Codewords are frames of the recording, spread over it and moved as far as frames are from their
   codewords in a trained model: real geometry. */
static const float *frames_as_codewords(const struct shape *s)
{
    static float codeword[MOST_CODES * MOST_DIM];
    size_t dim = s->n_cepstrum * (s->n_delta + 1);
    uint32_t seed = 1;
    for (size_t i = 0; i < s->n_code * dim; i++) {
        seed = seed * 1664525u + 1013904223u;
        float noise = 18.0f * ((float)(seed >> 8) / 16777216.0f - 0.5f);
        codeword[i] = feature[i / dim * 7919 % n_found * dim + i % dim] + noise;
    }
    return codeword;
}

static double measure(const struct shape *s, voq_cpu cpu)
{
    make_model(s, cpu, NULL);
    double ns = percent_ns(find_features, (double)n_row, QUICK);
    close_model();
    if (s->n_code == 0) return ns;
    make_model(s, cpu, frames_as_codewords(s));
    ns = percent_ns(find_units, (double)n_row, QUICK);
    close_model();
    return ns;
}

/* ---- the fit ---- */

enum { N_TERM = 6 };

static const char *const term_name[N_TERM] = {"frame", "window sample", "FFT sample x log2",
                                              "feature", "search", "code x dimension"};

static void terms_of(const struct shape *s, double term[N_TERM])
{
    double dim = s->n_cepstrum * (s->n_delta + 1.0);
    term[0] = 1;
    term[1] = s->window;
    term[2] = s->fft * log2(s->fft);
    term[3] = dim;
    term[4] = s->n_code > 0;
    term[5] = dim * s->n_code;
}

/* Least squares of the relative errors, by elimination. */
static void fit(const struct shape *shape, const double *ns, size_t n, double x[N_TERM])
{
    double a[N_TERM][N_TERM + 1] = {{0}}, term[N_TERM];
    for (size_t i = 0; i < n; i++) {
        terms_of(&shape[i], term);
        for (size_t r = 0; r < N_TERM; r++) {
            for (size_t c = 0; c < N_TERM; c++) a[r][c] += term[r] * term[c] / (ns[i] * ns[i]);
            a[r][N_TERM] += term[r] / ns[i];
        }
    }
    for (size_t p = 0; p < N_TERM; p++)
        for (size_t r = 0; r < N_TERM; r++) {
            double factor = r == p ? 0 : a[r][p] / a[p][p];
            for (size_t c = p; c <= N_TERM; c++) a[r][c] -= factor * a[p][c];
        }
    for (size_t p = 0; p < N_TERM; p++) x[p] = a[p][N_TERM] / a[p][p];
}

static void print_shapes(const char *what, const struct shape *shape, const double *ns, size_t n,
                         const double x[N_TERM])
{
    for (size_t i = 0; i < n; i++) {
        const struct shape *s = &shape[i];
        double term[N_TERM], expected = 0;
        terms_of(s, term);
        for (size_t t = 0; t < N_TERM; t++) expected += x[t] * term[t];
        printf("  %s: window %u, FFT %u, %u mel, %u x %u features, %u codes: %.0f ns, by the model "
               "%.0f (%+.0f %%)\n", what, s->window, s->fft, s->n_mel, s->n_cepstrum,
               s->n_delta + 1, s->n_code, ns[i], expected, 100 * (expected / ns[i] - 1));
    }
}

static void bench(voq_cpu cpu, const char *name)
{
    enum { N_FITTED = sizeof fitted / sizeof *fitted };
    enum { N_CHECKED = sizeof checked / sizeof *checked };
    double ns[N_FITTED], other[N_CHECKED], x[N_TERM];
    for (size_t i = 0; i < N_FITTED; i++) ns[i] = measure(&fitted[i], cpu);
    for (size_t i = 0; i < N_CHECKED; i++) other[i] = measure(&checked[i], cpu);
    fit(fitted, ns, N_FITTED, x);
    printf("%s: ns per frame =\n", name);
    for (size_t t = 0; t < N_TERM; t++) printf("  %+9.4f per %s\n", x[t], term_name[t]);
    print_shapes("fitted", fitted, ns, N_FITTED, x);
    print_shapes("checked", checked, other, N_CHECKED, x);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    read_audio(argv[1]);
    bench(VOQ_CPU_AUTO, "auto");
    if (voq_kernel_for(VOQ_CPU_AVX2)) bench(VOQ_CPU_AVX2, "avx2");
    if (voq_kernel_for(VOQ_CPU_SSE2)) bench(VOQ_CPU_SSE2, "sse2");
    free(audio);
    free(feature);
    free(id);
    return 0;
}
