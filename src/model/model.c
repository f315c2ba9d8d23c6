/* SPDX-License-Identifier: MIT */
#include "src/model/model.h"

#include "src/base/error.h"
#include "src/base/sizes.h"
#include "src/base/versioned.h"
#include "src/frontend/framing.h"
#include "src/frontend/profiles.h"
#include "src/kernel/float_env.h"
#include "src/model/reader.h"
#include "src/model/writer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_BLOCK = 1024 };

voq_status voq_read_options(const voq_options *options, voq_cpu *cpu, uint32_t *block,
                            voq_error *error)
{
    *cpu = VOQ_CPU_AUTO;
    *block = 0;
    if (!options) return VOQ_OK;
    voq_options taken;
    if (!voq_take_struct(&taken, sizeof taken, options, FIRST_OPTIONS))
        return voq_refuse_unset(error, "options", "voq_options");
    if (taken.block > MAX_BLOCK)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "options.block is %u; use 1 to %d", (unsigned)taken.block, MAX_BLOCK);
    *cpu = taken.cpu;
    *block = taken.block;
    return VOQ_OK;
}

static voq_status choose_kernel(const voq_options *options, struct kernel *kernel,
                                voq_error *error)
{
    voq_cpu cpu;
    uint32_t block;
    voq_status status = voq_read_options(options, &cpu, &block, error);
    if (status != VOQ_OK) return status;
    if (!voq_kernel_choose((int)cpu, kernel))
        return voq_refuse(error, VOQ_ERROR_CPU, VOQ_NO_OFFSET,
                          "this machine or build lacks that instruction set");
    return VOQ_OK;
}

static char *place_text(const struct span *span, struct arena *arena)
{
    char *text = ARENA_TAKE(arena, (size_t)span->size + 1, char);
    if (!arena->base) return NULL;
    if (span->size) memcpy(text, span->bytes, (size_t)span->size);
    text[span->size] = 0;
    return text;
}

static const char *const *place_labels(const struct parsed *parsed, struct arena *arena)
{
    const char **label = ARENA_TAKE(arena, parsed->n_code, const char *), *at = parsed->label;
    if (!arena->base) return NULL;
    for (uint32_t i = 0; i < parsed->n_code; i++, at += strlen(at) + 1) label[i] = at;
    return label;
}

/* Lays out a model. `bytes` is the arena's copy of the file when it places, the caller's bytes when
   it measures; both have passed voq_parse_model. */
static voq_model *place_model(const struct parsed *parsed, const struct kernel *kernel,
                              const unsigned char *bytes, size_t n_byte, struct arena *arena)
{
    voq_model *model = ARENA_TAKE(arena, 1, voq_model);
    voq_model placed = {.chosen = *kernel, .bytes = bytes, .n_byte = n_byte, .parsed = *parsed};
    placed.has_audio = parsed->section[FRNT].bytes != NULL;
    placed.has_normalise = parsed->section[NORM].bytes != NULL;
    placed.has_transform = parsed->section[XFRM].bytes != NULL;
    placed.has_encoder = parsed->section[ENCD].bytes != NULL;
    placed.has_codebook = parsed->section[CDBK].bytes != NULL;
    if (placed.has_audio) voq_frontend_place(&placed.frontend, &parsed->frontend, arena);
    if (placed.has_transform) voq_affine_place(&placed.affine, &parsed->transform, arena);
    if (placed.has_encoder)
        voq_encoder_place(&placed.encoder, &parsed->encoder, kernel->encoder, arena);
    if (placed.has_codebook)
        voq_quantizer_place(&placed.quantizer, kernel, parsed->codeword, parsed->n_codebook,
                            parsed->n_code, parsed->dim, arena);
    if (parsed->label) placed.label = place_labels(parsed, arena);
    voq_section *section = ARENA_TAKE(arena, parsed->n_other, voq_section);
    placed.name = place_text(&parsed->section[NAME], arena);
    placed.provenance = place_text(&parsed->section[PROV], arena);
    placed.hash = ARENA_TAKE(arena, 2, _Atomic uint32_t);
    if (!arena->base) return NULL;
    *model = placed;
    voq_find_other_sections(bytes, section);
    model->section = section;
    model->kernel = &model->chosen;
    model->parsed.encoder.layer = model->parsed.layer;
    for (size_t i = 0; i < 2; i++) atomic_init(&model->hash[i], 0);
    return model;
}

/* Measures a model of these parts, and of n_byte bytes that lie with it. */
static voq_status measure(const struct parsed *parsed, const struct kernel *kernel, size_t n_byte,
                          size_t *size, voq_error *error)
{
    struct arena arena = {0};
    ARENA_TAKE(&arena, n_byte, unsigned char);
    place_model(parsed, kernel, NULL, n_byte, &arena);
    *size = arena_size(&arena);
    if (can_exist(*size, 1)) return VOQ_OK;
    return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                      "the model needs more memory than this machine can address");
}

static voq_status place_copy(void *memory, const void *bytes, size_t n_byte,
                             const struct kernel *kernel, voq_model **model, voq_error *error)
{
    struct arena arena = arena_in(memory);
    unsigned char *copy = ARENA_TAKE(&arena, n_byte, unsigned char);
    memcpy(copy, bytes, n_byte);
    struct parsed parsed;
    voq_status status = voq_parse_model(copy, n_byte, &parsed, error);
    if (status == VOQ_OK) *model = place_model(&parsed, kernel, copy, n_byte, &arena);
    return status;
}

static voq_status check_bytes(const void *bytes, size_t n_byte, voq_error *error)
{
    if (!bytes && n_byte)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    if (!can_exist(n_byte, 1))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "%zu bytes are more than memory can hold", n_byte);
    return VOQ_OK;
}

voq_status voq_model_size(const void *bytes, size_t n_byte, const voq_options *options,
                          size_t *size, voq_error *error)
{
    if (!size) return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    struct kernel kernel;
    voq_status status = check_bytes(bytes, n_byte, error);
    if (status == VOQ_OK) status = choose_kernel(options, &kernel, error);
    if (status != VOQ_OK) return status;
    struct parsed parsed;
    size_t needed;
    uint64_t environment = float_env_enter();
    status = voq_parse_model(bytes, n_byte, &parsed, error);
    if (status == VOQ_OK) status = measure(&parsed, &kernel, n_byte, &needed, error);
    float_env_leave(environment);
    if (status == VOQ_OK) *size = needed;
    return status;
}

voq_status voq_model_init(void *memory, size_t size, const void *bytes, size_t n_byte,
                          const voq_options *options, voq_model **model, voq_error *error)
{
    if (!memory || !model)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    size_t needed;
    struct kernel kernel;
    voq_status status = voq_model_size(bytes, n_byte, options, &needed, error);
    if (status == VOQ_OK) status = choose_kernel(options, &kernel, error);
    if (status != VOQ_OK) return status;
    if (size < needed)
        return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET,
                          "the model needs %zu bytes of memory, not %zu", needed, size);
    uint64_t environment = float_env_enter();
    status = place_copy(memory, bytes, n_byte, &kernel, model, error);
    float_env_leave(environment);
    return status;
}

static voq_status refuse_memory(voq_error *error)
{
    return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET, "no memory for the model");
}

static voq_status make_beside(unsigned char *bytes, size_t n_byte, const struct kernel *kernel,
                              voq_model **model, voq_error *error)
{
    struct parsed parsed;
    size_t size;
    voq_status status = voq_parse_model(bytes, n_byte, &parsed, error);
    if (status == VOQ_OK) status = measure(&parsed, kernel, 0, &size, error);
    if (status != VOQ_OK) return status;
    void *memory = malloc(size);
    if (!memory) return refuse_memory(error);
    struct arena arena = arena_in(memory);
    *model = place_model(&parsed, kernel, bytes, n_byte, &arena);
    (*model)->allocation = memory;
    (*model)->allocated_bytes = bytes;
    return VOQ_OK;
}

voq_status voq_model_adopt(unsigned char *bytes, size_t n_byte, const voq_options *options,
                           voq_model **model, voq_error *error)
{
    struct kernel kernel;
    voq_status status = choose_kernel(options, &kernel, error);
    if (status == VOQ_OK) {
        uint64_t environment = float_env_enter();
        status = make_beside(bytes, n_byte, &kernel, model, error);
        float_env_leave(environment);
    }
    if (status != VOQ_OK) free(bytes);
    return status;
}

voq_status voq_model_read(const void *bytes, size_t n_byte, const voq_options *options,
                          voq_model **model, voq_error *error)
{
    if (!model) return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    voq_status status = check_bytes(bytes, n_byte, error);
    if (status != VOQ_OK) return status;
    unsigned char *copy = malloc(n_byte ? n_byte : 1);
    if (!copy) return refuse_memory(error);
    if (n_byte) memcpy(copy, bytes, n_byte);
    return voq_model_adopt(copy, n_byte, options, model, error);
}

/* Parts are checked by reading their file back. For the caller a fault is a bad argument: there is
   no file offset to report and no file to get again. */
static voq_status blame_parts(voq_status status, voq_error *error)
{
    if (status == VOQ_ERROR_CORRUPT || status == VOQ_ERROR_VERSION)
        status = VOQ_ERROR_ARGUMENT;
    else if (status != VOQ_ERROR_VALUE)
        return status;
    if (!voq_is_asked(error)) return status;
    error->status = status;
    error->offset = VOQ_NO_OFFSET;
    error->text[strcspn(error->text, ";")] = 0;
    return status;
}

voq_status voq_model_make(const voq_parts *parts, const voq_options *options, voq_model **model,
                          voq_error *error)
{
    if (!parts || !model)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "null pointer");
    unsigned char *bytes;
    size_t n_byte;
    voq_status status = voq_serialise_parts(parts, &bytes, &n_byte, error);
    if (status != VOQ_OK) return status;
    return blame_parts(voq_model_adopt(bytes, n_byte, options, model, error), error);
}

void voq_model_close(voq_model *model)
{
    if (!model) return;
    free(model->allocated_bytes);
    free(model->allocation);
}

void voq_model_bytes(const voq_model *model, const void **bytes, size_t *n_byte)
{
    if (bytes) *bytes = model ? model->bytes : NULL;
    if (n_byte) *n_byte = model ? model->n_byte : 0;
}

voq_status voq_model_parts(const voq_model *model, voq_parts *parts)
{
    if (!model || !parts) return VOQ_ERROR_ARGUMENT;
    const struct parsed *p = &model->parsed;
    voq_parts ours = {
        .struct_size = sizeof ours,
        .frontend = model->has_audio ? &p->frontend : NULL,
        .normalise = model->has_normalise ? &p->normalise : NULL,
        .transform = model->has_transform ? &p->transform : NULL,
        .codeword = p->codeword,
        .n_codebook = p->n_codebook,
        .n_code = p->n_code,
        .dim = p->dim,
        .name = model->name,
        .provenance = model->provenance,
        .encoder = model->has_encoder ? &p->encoder : NULL,
        .label = model->label,
        .label_probability = p->label_probability,
        .section = p->n_other ? model->section : NULL,
        .n_section = p->n_other,
    };
    bool given = voq_give_struct(parts, &ours, sizeof ours, FIRST_PARTS);
    return given ? VOQ_OK : VOQ_ERROR_ARGUMENT;
}

uint32_t voq_model_look_ahead_frames(const voq_model *model)
{
    if (!model->has_audio) return 0;
    const voq_frontend *f = &model->parsed.frontend;
    uint32_t n = f->n_delta * f->delta_reach + model->parsed.transform.stack_right;
    return model->has_encoder ? n + voq_encoder_look_ahead(&model->parsed.encoder) : n;
}

const char *voq_unit_label(const voq_model *model, uint32_t id, float *probability)
{
    if (!model || !model->label || id >= model->parsed.n_code) return NULL;
    if (probability) *probability = model->parsed.label_probability[id];
    return model->label[id];
}

const void *voq_model_section(const voq_model *model, const char *type, size_t *n_byte)
{
    for (uint32_t i = 0; model && type && i < model->parsed.n_other; i++) {
        const voq_section *section = &model->section[i];
        if (strcmp(section->type, type) != 0) continue;
        if (n_byte) *n_byte = section->n_byte;
        return section->bytes;
    }
    return NULL;
}

bool voq_model_needs_whole_signal(const voq_model *model)
{
    const struct parsed *p = &model->parsed;
    return (model->has_audio && voq_frontend_needs_whole_signal(&p->frontend)) ||
           (model->has_normalise && p->normalise.kind == VOQ_NORMALISE_UTTERANCE_MEAN);
}

static void describe_audio(const voq_model *model, voq_info *info)
{
    const voq_frontend *f = &model->parsed.frontend;
    struct grid grid = voq_grid_of(f);
    info->rate_hz = f->rate_hz;
    info->hop_samples = f->hop_samples * (model->has_encoder ? info->stride : 1);
    info->window_samples = f->window_samples;
    info->look_ahead_frames = voq_model_look_ahead_frames(model);
    info->look_ahead_samples =
        voq_grid_look_ahead(&grid) + f->hop_samples * info->look_ahead_frames;
}

static void describe_encoder(const voq_encoder *encoder, voq_info *info)
{
    info->n_layer = (uint32_t)encoder->n_layer;
    info->stride = voq_encoder_stride(encoder);
    info->n_parameter = voq_encoder_parameters(encoder);
    info->n_multiply = voq_encoder_multiplies(encoder);
}

/* Computes the hash when it is first asked for, because it takes longer than all else of opening.
   Threads that ask at the same time store the same halves. */
static uint64_t hash_of(const voq_model *model)
{
    uint64_t high = atomic_load_explicit(&model->hash[0], memory_order_relaxed);
    uint64_t low = atomic_load_explicit(&model->hash[1], memory_order_relaxed);
    if (high && low) return high << 32 | low;
    uint64_t hash = voq_hash_model(&model->parsed);
    atomic_store_explicit(&model->hash[0], (uint32_t)(hash >> 32), memory_order_relaxed);
    atomic_store_explicit(&model->hash[1], (uint32_t)hash, memory_order_relaxed);
    return hash;
}

voq_status voq_model_describe(const voq_model *model, voq_info *info)
{
    if (!model || !info) return VOQ_ERROR_ARGUMENT;
    const struct parsed *p = &model->parsed;
    voq_info ours = {
        .struct_size = sizeof ours,
        .name = model->name,
        .provenance = model->provenance,
        .cpu = model->kernel->name,
        .frontend_dim = model->has_audio ? p->frontend_dim : 0,
        .dim = p->dim,
        .n_codebook = p->n_codebook,
        .n_code = p->n_code,
        .input_dim = model->has_audio ? p->dim : p->frontend_dim,
        .whole_signal = voq_model_needs_whole_signal(model),
    };
    snprintf(ours.hash, sizeof ours.hash, "%016llx", (unsigned long long)hash_of(model));
    if (model->has_encoder) describe_encoder(&p->encoder, &ours);
    if (model->has_audio) describe_audio(model, &ours);
    bool given = voq_give_struct(info, &ours, sizeof ours, FIRST_INFO);
    return given ? VOQ_OK : VOQ_ERROR_ARGUMENT;
}
