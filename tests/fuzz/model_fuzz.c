/* SPDX-License-Identifier: MIT */
/* Any bytes as a model: loading them gives a status, and what loads can be used. Checksums hide the
   fields behind them, so each input is tried a second time with its sums put right. */
#include "tests/fuzz/model_sums.h"

#include "tests/support/asked.h"

#include "voq.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 1 << 20, MAX_FRAMES = 64 };

/* Enough samples for a few units whatever the front end; the answers are not looked at. */
static void push_a_little(const voq_model *model, const voq_info *info)
{
    voq_options options = {.struct_size = sizeof options, .block = 9};
    voq_stream *stream;
    if (voq_stream_new(model, &options, &stream) != VOQ_OK) return;
    size_t n = info->window_samples + 8 * (size_t)info->hop_samples, n_unit;
    float *x = calloc(n, sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = (float)(i * 7919 % 65536) / 32768.0f - 1.0f;
    while (n > 1 && voq_max_units(stream, n) > MAX_FRAMES) n /= 2;
    uint32_t *id = malloc((size_t)MAX_FRAMES * info->n_codebook * sizeof *id);
    float *distance = malloc((size_t)MAX_FRAMES * info->n_codebook * sizeof *distance);
    if (voq_push(stream, x, n, UNITS(id, distance, MAX_FRAMES), &n_unit) == VOQ_OK &&
        voq_finish_units(stream) <= MAX_FRAMES &&
        voq_gap(stream, 5, UNITS(id, distance, MAX_FRAMES), &n_unit) == VOQ_OK)
        (void)!voq_finish(stream, UNITS(id, distance, MAX_FRAMES), &n_unit);
    free(distance);
    free(id);
    free(x);
    voq_stream_free(stream);
}

static void quantize_a_little(const voq_model *model, const voq_info *info)
{
    enum { N_VECTOR = 5 };
    size_t n = N_VECTOR * (size_t)info->dim;
    float *x = malloc(n * sizeof *x), *z_q = malloc(n * sizeof *z_q);
    uint32_t *id = malloc(N_VECTOR * (size_t)info->n_codebook * sizeof *id);
    for (size_t i = 0; i < n; i++) x[i] = (float)i - 3.0f;
    if (voq_quantize(model, x, N_VECTOR, CODES(id, NULL, z_q, N_VECTOR), NULL) == VOQ_OK &&
        voq_decode(model, id, N_VECTOR, z_q) != VOQ_OK)
        abort();
    free(id);
    free(z_q);
    free(x);
}

static void load_and_use(const uint8_t *bytes, size_t n)
{
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    voq_info info = {.struct_size = sizeof info};
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_read(bytes, n, NULL, &model, &error) != VOQ_OK) {
        if (error.status == VOQ_OK || error.text[0] == 0) abort();
        if (error.status == VOQ_ERROR_VERSION && !strstr(error.text, "newer voq")) abort();
        return;
    }
    if (voq_model_describe(model, &info) != VOQ_OK || voq_model_parts(model, &parts) != VOQ_OK)
        abort();
    if (info.rate_hz && info.n_code) push_a_little(model, &info);
    if (info.n_code) quantize_a_little(model, &info);
    voq_model_close(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n > MAX_INPUT) return 0;
    uint8_t *bytes = calloc(n ? n : 1, 1); /* no byte to spare, so that a sanitizer sees one over */
    if (n) memcpy(bytes, data, n);
    load_and_use(bytes, n);
    put_sums_right(bytes, n);
    load_and_use(bytes, n);
    free(bytes);
    return 0;
}
