/* SPDX-License-Identifier: MIT */
/* Any bytes as a model: loading them gives a status, and what loads can be used. Checksums hide the
   fields behind them, so each input is tried a second time with its sums put right. */
#include "tests/fuzz/model_sums.h"

#include "voq.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { MAX_INPUT = 1 << 20, MAX_FRAMES = 64 };

/* Everything that a model has, for MAX_FRAMES frames. */
static voq_output room_for(const voq_info *info)
{
    voq_output output = {.struct_size = sizeof output, .capacity = MAX_FRAMES};
    output.feature = malloc((size_t)MAX_FRAMES * info->dim * sizeof *output.feature);
    if (info->n_codebook == 0) return output;
    output.id = malloc((size_t)MAX_FRAMES * info->n_codebook * sizeof *output.id);
    output.distance = malloc((size_t)MAX_FRAMES * info->n_codebook * sizeof *output.distance);
    output.z_q = malloc((size_t)MAX_FRAMES * info->dim * sizeof *output.z_q);
    return output;
}

static void free_room(voq_output *output)
{
    free(output->id);
    free(output->distance);
    free(output->feature);
    free(output->z_q);
}

/* Enough samples for a few frames whatever the front end; the answers are not looked at. */
static void push_a_little(const voq_model *model, const voq_info *info, const voq_output *output)
{
    voq_options options = {.struct_size = sizeof options, .block = 9};
    voq_stream *stream;
    size_t n = info->window_samples + 8 * (size_t)info->hop_samples, n_frame;
    float *x = calloc(n, sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = (float)(i * 7919 % 65536) / 32768.0f - 1.0f;
    while (n > 1 && voq_encode_frames(model, n) > MAX_FRAMES) n /= 2;
    if (voq_encode(model, NULL, x, n, output, &n_frame, NULL) == VOQ_OK &&
        n_frame != voq_encode_frames(model, n))
        abort();
    if (voq_stream_new(model, &options, &stream) == VOQ_OK) {
        if (voq_push(stream, x, n, output, &n_frame) == VOQ_OK &&
            voq_gap(stream, 5, output, &n_frame) == VOQ_OK)
            (void)!voq_finish(stream, output, &n_frame);
        voq_stream_free(stream);
    }
    free(x);
}

static void quantize_a_little(const voq_model *model, const voq_info *info,
                              const voq_output *output)
{
    enum { N_VECTOR = 5 };
    size_t n = N_VECTOR * (size_t)info->input_dim;
    float *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = (float)i - 3.0f;
    if (voq_quantize(model, x, N_VECTOR, output, NULL) == VOQ_OK && output->id &&
        voq_decode(model, output->id, voq_quantize_rows(model, N_VECTOR), output->z_q) != VOQ_OK)
        abort();
    free(x);
}

/* Sections that the library keeps: every byte is there, and a model of the same parts has them. */
static void read_sections(const voq_model *model, const voq_parts *parts)
{
    voq_model *again;
    unsigned sum = 0;
    for (size_t i = 0; i < parts->n_section; i++) {
        const voq_section *section = &parts->section[i];
        for (size_t k = 0; k < section->n_byte; k++)
            sum += ((const unsigned char *)section->bytes)[k];
        if (!voq_model_section(model, section->type, NULL)) abort();
    }
    if (sum == 1 || !parts->n_section) return;
    if (voq_model_make(parts, NULL, &again, NULL) == VOQ_OK) voq_model_close(again);
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
    read_sections(model, &parts);
    voq_output output = room_for(&info);
    if (info.rate_hz) push_a_little(model, &info, &output);
    quantize_a_little(model, &info, &output);
    free_room(&output);
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
