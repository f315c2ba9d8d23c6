/* SPDX-License-Identifier: MIT */
/* A model with a learned encoder of the size of the models for speech, on every instruction set:
   the whole line from a WAV file to units, one push of 10 ms, the bytes of a stream; then how long
   the model takes to open, and its hash. Weights are random, which takes the time of any others.
   Prints times; judges nothing: machines are noisy. */
#include "src/model/model.h"
#include "tests/bench/must.h"
#include "tests/bench/timing.h"
#include "tests/support/asked.h"
#include "tests/support/networks.h"

#include "voq.h"

#include <sndfile.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

enum { IN_DIM = 40, DIM = 64, N_CODE = 256, HOP = 160, BLOCK = 64, RATE = 16000, N_PASS = 8,
       MOST_UNITS = 4096 };

static const char *path;
static float audio[MOST_UNITS * HOP];
static size_t n_audio;
static uint32_t id[MOST_UNITS];
static voq_model *model;
static voq_stream *stream;

static SNDFILE *opened(void)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    must(file && info.channels == 1 && info.samplerate == RATE, "the recording cannot be read");
    return file;
}

static void read_audio(void)
{
    SNDFILE *file = opened();
    n_audio = (size_t)sf_readf_float(file, audio, MOST_UNITS * HOP) / HOP * HOP;
    sf_close(file);
}

static void open_stream(uint32_t block)
{
    voq_options options = {sizeof options, VOQ_CPU_AUTO, block};
    must(voq_stream_new(model, &options, &stream) == VOQ_OK, "no stream");
}

/* Codewords are latents of the recording, spread over it, so that the search meets real geometry;
   without them the model has no codebook. */
static void make_model(voq_cpu cpu, const float *codeword)
{
    static float mean[IN_DIM], scale[IN_DIM];
    struct network network;
    voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    voq_frontend frontend = {.struct_size = sizeof frontend};
    voq_normalise normalise = {.struct_size = sizeof normalise, .dim = IN_DIM, .n0 = 100,
                               .kind = VOQ_NORMALISE_RUNNING_SCALED, .n_max = 300, .mean = mean,
                               .scale = scale};
    for (size_t i = 0; i < IN_DIM; i++) scale[i] = 0.5f;
    must(voq_frontend_profile("encoder", &frontend) == VOQ_OK, "no profile");
    network_of_full_size(&network, IN_DIM);
    voq_parts parts = {.struct_size = sizeof parts, .frontend = &frontend, .normalise = &normalise,
                       .encoder = &network.encoder, .codeword = codeword,
                       .n_codebook = codeword ? 1 : 0, .n_code = codeword ? N_CODE : 0,
                       .dim = codeword ? DIM : 0};
    must(voq_model_make(&parts, &options, &model, NULL) == VOQ_OK, "no model");
    network_free(&network);
}

static const float *latents_as_codewords(void)
{
    static float latent[MOST_UNITS * DIM], codeword[N_CODE * DIM];
    size_t n;
    make_model(VOQ_CPU_AUTO, NULL);
    open_stream(BLOCK);
    must(voq_push(stream, audio, n_audio, FEATURES(latent, MOST_UNITS), &n) == VOQ_OK && n > 0,
         "no latents");
    for (size_t k = 0; k < N_CODE; k++)
        memcpy(codeword + k * DIM, latent + k * 7919 % n * DIM, DIM * sizeof *latent);
    voq_stream_free(stream);
    voq_model_close(model);
    return codeword;
}

static void wav_to_units(void)
{
    float x[BLOCK * HOP];
    size_t n = 0, n_unit = 0;
    SNDFILE *file = opened();
    voq_reset(stream);
    for (sf_count_t got; (got = sf_readf_float(file, x, BLOCK * HOP)) > 0; n_unit += n)
        must(voq_push(stream, x, (size_t)got, UNITS(id + n_unit, NULL, MOST_UNITS - n_unit), &n) ==
                 VOQ_OK, "push");
    must(voq_finish(stream, UNITS(id + n_unit, NULL, MOST_UNITS - n_unit), &n) == VOQ_OK, "finish");
    sf_close(file);
}

static void bench_line(void)
{
    open_stream(BLOCK);
    double ns = median_ns(wav_to_units, (double)n_audio / RATE);
    printf("%-8s %-8s %8.0f ns per frame, WAV to units, %.0f x real time\n", model->kernel->name,
           "line", ns * HOP / RATE, 1e9 / ns);
    voq_stream_free(stream);
}

static void bench_push(void)
{
    static double ns[N_PASS * MOST_UNITS];
    size_t n, n_push = 0;
    open_stream(1);
    for (int pass = 0; pass < N_PASS; pass++) {
        voq_reset(stream);
        for (size_t i = 0; i < n_audio; i += HOP) {
            double start = now_ns();
            must(voq_push(stream, audio + i, HOP, UNITS(id, NULL, 16), &n) == VOQ_OK, "push");
            ns[n_push++] = now_ns() - start;
        }
    }
    double median = percentile(ns, n_push, 50), slow = percentile(ns, n_push, 99);
    printf("%-8s %-8s %8.1f us a push of 10 ms, median; 99 of 100 within %.1f us\n",
           model->kernel->name, "push", median * 1e-3, slow * 1e-3);
    voq_stream_free(stream);
}

static void print_stream_size(void)
{
    size_t size;
    must(voq_stream_size(model, NULL, &size) == VOQ_OK, "no size");
    printf("%-8s %-8s %8.1f kB\n", model->kernel->name, "stream", (double)size * 1e-3);
}

static void open_again(void)
{
    const void *bytes;
    size_t n_byte;
    voq_model *again;
    voq_model_bytes(model, &bytes, &n_byte);
    must(voq_model_read(bytes, n_byte, NULL, &again, NULL) == VOQ_OK, "read");
    voq_model_close(again);
}

static void hash_again(void)
{
    voq_info info = {.struct_size = sizeof info};
    for (size_t i = 0; i < 2; i++) atomic_store(&model->hash[i], 0);
    must(voq_model_describe(model, &info) == VOQ_OK, "describe");
}

static void bench_opening(const float *codeword)
{
    make_model(VOQ_CPU_AUTO, codeword);
    printf("%-8s %-8s %8.2f ms, a model of %.2f MB\n", model->kernel->name, "open",
           median_ns(open_again, 1e6), (double)model->n_byte / 1e6);
    printf("%-8s %-8s %8.2f ms, once\n", model->kernel->name, "hash", median_ns(hash_again, 1e6));
    voq_model_close(model);
}

int main(int argc, char **argv)
{
    static const voq_cpu cpus[] = {VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2, VOQ_CPU_AVX512,
                                   VOQ_CPU_NEON,   VOQ_CPU_WASM};
    if (argc != 2) return 2;
    path = argv[1];
    read_audio();
    const float *codeword = latents_as_codewords();
    for (size_t i = 0; i < sizeof cpus / sizeof *cpus; i++) {
        if (!voq_kernel_for((int)cpus[i])) continue;
        make_model(cpus[i], codeword);
        bench_line();
        bench_push();
        print_stream_size();
        voq_model_close(model);
    }
    bench_opening(codeword);
    return 0;
}
