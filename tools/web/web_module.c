/* SPDX-License-Identifier: MIT */
/* What voq.js calls in the WebAssembly module. JavaScript has numbers and addresses alone, so the
   structs of voq.h are filled here. A module has one thread and memory of its own, hence `last`. */
#include "voq.h"

#include <stdlib.h>

#define EXPORT(type, name, ...)                                                                    \
    __attribute__((export_name(#name))) type web_##name(__VA_ARGS__);                              \
    type web_##name(__VA_ARGS__)

/* How the last call went. */
static voq_error last = {.struct_size = sizeof last};

/* In the order of NUMBERS and TEXTS in voq.js. */
enum number { RATE, HOP, WINDOW, LOOK_AHEAD, DIM, CODEBOOKS, CODES, WHOLE_SIGNAL, PARAMETERS };
enum text { NAME, HASH, CPU, PROVENANCE };

EXPORT(void *, allocate, size_t n_byte)
{
    return malloc(n_byte);
}

EXPORT(void, release, void *memory)
{
    free(memory);
}

EXPORT(const char *, version, void)
{
    return voq_version_string();
}

EXPORT(int32_t, status, void)
{
    return (int32_t)last.status;
}

/* What went wrong in the last call; where the library has no sentence, what the status means. */
EXPORT(const char *, sentence, void)
{
    return last.text[0] ? last.text : voq_status_string(last.status);
}

/* ---- model ----------------------------------------------------------------------------------- */

/* Returns NULL on failure, like stream_new. */
EXPORT(voq_model *, model_new, const void *bytes, size_t n_byte, int32_t cpu)
{
    const voq_options options = {.struct_size = sizeof options, .cpu = (voq_cpu)cpu};
    voq_model *model = NULL;
    last.text[0] = 0;
    last.status = voq_model_read(bytes, n_byte, &options, &model, &last);
    return model;
}

EXPORT(double, model_number, const voq_model *model, int32_t which)
{
    voq_info info = {.struct_size = sizeof info};
    if (voq_model_describe(model, &info) != VOQ_OK) return 0;
    switch ((enum number)which) {
    case RATE: return info.rate_hz;
    case HOP: return info.hop_samples;
    case WINDOW: return info.window_samples;
    case LOOK_AHEAD: return info.look_ahead_samples;
    case DIM: return info.dim;
    case CODEBOOKS: return info.n_codebook;
    case CODES: return info.n_code;
    case WHOLE_SIGNAL: return info.whole_signal;
    case PARAMETERS: return (double)info.n_parameter;
    }
    return 0;
}

EXPORT(const char *, model_text, const voq_model *model, int32_t which)
{
    static voq_info info = {.struct_size = sizeof info}; /* keeps the hash for the caller */
    if (voq_model_describe(model, &info) != VOQ_OK) return "";
    switch ((enum text)which) {
    case NAME: return info.name;
    case HASH: return info.hash;
    case CPU: return info.cpu;
    case PROVENANCE: return info.provenance ? info.provenance : "";
    }
    return "";
}

/* "" where the model has no labels. */
EXPORT(const char *, model_label, const voq_model *model, uint32_t id)
{
    const char *label = voq_unit_label(model, id, NULL);
    return label ? label : "";
}

/* [n_codebook][n_code][dim]; NULL where the model has no codebook. */
EXPORT(const float *, model_codewords, const voq_model *model)
{
    voq_parts parts = {.struct_size = sizeof parts};
    return voq_model_parts(model, &parts) == VOQ_OK ? parts.codeword : NULL;
}

/* ---- rows: id[capacity][n_codebook], or feature[capacity][dim] ------------------------------- */

/* Keeps the status and returns how many rows were written. */
static size_t outcome(voq_status status, size_t n_row)
{
    last.status = status;
    return status == VOQ_OK || status == VOQ_ERROR_VALUE ? n_row : 0;
}

/* One of id and feature is NULL. */
static voq_output output_to(uint32_t *id, float *feature, size_t capacity)
{
    last.text[0] = 0;
    return (voq_output){.struct_size = sizeof(voq_output),
                        .capacity = capacity,
                        .id = id,
                        .feature = feature};
}

EXPORT(size_t, encode_units, const voq_model *model, size_t n)
{
    return voq_encode_frames(model, n);
}

EXPORT(size_t, encode, const voq_model *model, const float *x, size_t n, uint32_t *id,
       size_t capacity)
{
    const voq_output output = output_to(id, NULL, capacity);
    size_t n_unit = 0;
    voq_status status = voq_encode(model, NULL, x, n, &output, &n_unit, &last);
    return outcome(status, n_unit);
}

EXPORT(voq_stream *, stream_new, const voq_model *model, uint32_t block)
{
    const voq_options options = {.struct_size = sizeof options, .block = block};
    voq_stream *stream = NULL;
    last.text[0] = 0;
    last.status = voq_stream_new(model, &options, &stream);
    return stream;
}

EXPORT(void, stream_free, voq_stream *stream)
{
    voq_stream_free(stream);
}

EXPORT(void, reset, voq_stream *stream)
{
    voq_reset(stream);
}

EXPORT(size_t, push_units, const voq_stream *stream, size_t n)
{
    return voq_max_units(stream, n);
}

EXPORT(size_t, finish_units, const voq_stream *stream)
{
    return voq_finish_units(stream);
}

EXPORT(double, position, const voq_stream *stream)
{
    return (double)voq_stream_position(stream);
}

EXPORT(double, bad_samples, const voq_stream *stream)
{
    return (double)voq_stream_bad_samples(stream);
}

EXPORT(size_t, push, voq_stream *stream, const float *x, size_t n, uint32_t *id, float *feature,
       size_t capacity)
{
    const voq_output output = output_to(id, feature, capacity);
    size_t n_row = 0;
    voq_status status = voq_push(stream, x, n, &output, &n_row);
    return outcome(status, n_row);
}

EXPORT(size_t, finish, voq_stream *stream, uint32_t *id, float *feature, size_t capacity)
{
    const voq_output output = output_to(id, feature, capacity);
    size_t n_row = 0;
    voq_status status = voq_finish(stream, &output, &n_row);
    return outcome(status, n_row);
}

EXPORT(size_t, gap, voq_stream *stream, double n_lost, uint32_t *id, float *feature,
       size_t capacity)
{
    const voq_output output = output_to(id, feature, capacity);
    size_t n_row = 0;
    voq_status status = voq_gap(stream, (uint64_t)n_lost, &output, &n_row);
    return outcome(status, n_row);
}
