/* SPDX-License-Identifier: MIT */
#include "src/model/writer.h"

#include "src/base/error.h"
#include "src/base/versioned.h"
#include "src/model/crc32c.h"
#include "src/model/part_bytes.h"
#include "src/model/sections.h"
#include "src/quantize/codebook.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* A section as up to three pieces, one after another. */
struct section_content {
    struct {
        const void *bytes;
        uint64_t n;
    } piece[3];
    uint64_t size;
    bool present;
    const char *type; /* 4 characters */
};

/* The sections that the library reads, then those that it only keeps. */
enum { N_CONTENT = N_SECTION + MAX_SECTIONS };

static void add(struct section_content *content, const void *bytes, uint64_t n)
{
    size_t i = 0;
    while (content->piece[i].bytes) i++;
    content->present = true;
    content->size += n;
    if (n == 0) return;
    content->piece[i].bytes = bytes;
    content->piece[i].n = n;
}

/* Fixed parts of the sections, to which the contents point. */
struct heads {
    uint32_t frontend[FRNT_WORDS], normalise[6], transform[6], codebook[4];
    unsigned char *encoder, *label; /* the whole sections, allocated; NULL: none */
};

static voq_status make_whole_sections(const voq_parts *parts, struct heads *heads,
                                      voq_error *error)
{
    uint64_t n_encoder = parts->encoder ? voq_encoder_section_size(parts->encoder) : 0;
    uint64_t n_label = parts->label ? voq_label_section_size(parts) : 0;
    heads->encoder = n_encoder ? calloc(1, (size_t)n_encoder) : NULL;
    heads->label = n_label ? calloc(1, (size_t)n_label) : NULL;
    if ((n_encoder && !heads->encoder) || (n_label && !heads->label))
        return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET, "no memory for the model");
    if (n_encoder) voq_write_encoder_section(parts->encoder, heads->encoder);
    if (n_label) voq_write_label_section(parts, heads->label);
    return VOQ_OK;
}

static bool is_scaled(const voq_normalise *norm)
{
    return norm->kind == VOQ_NORMALISE_RUNNING_SCALED;
}

static void collect_normalise(const voq_normalise *norm, uint32_t head[6],
                              struct section_content *content)
{
    const float *second = is_scaled(norm) ? norm->scale : norm->variance;
    uint32_t words[6] = {norm->kind, norm->dim, norm->n0, norm->n_max, 0, second != NULL};
    memcpy(&words[4], &norm->floor, 4);
    memcpy(head, words, sizeof words);
    add(content, head, sizeof words);
    add(content, norm->mean, 4 * (uint64_t)norm->dim);
    if (second) add(content, second, 4 * (uint64_t)norm->dim);
}

static void collect_transform(const voq_transform *x, uint32_t head[6],
                              struct section_content *content)
{
    uint32_t words[6] = {x->stack_left, x->stack_right,    x->in_dim,
                         x->out_dim,    x->matrix != NULL, x->bias != NULL};
    memcpy(head, words, sizeof words);
    add(content, head, sizeof words);
    uint64_t column = (uint64_t)x->in_dim * ((uint64_t)x->stack_left + 1 + x->stack_right);
    if (x->matrix) add(content, x->matrix, 4 * column * x->out_dim);
    if (x->bias) add(content, x->bias, 4 * (uint64_t)x->out_dim);
}

static void collect(const voq_parts *parts, struct heads *heads,
                    struct section_content content[N_CONTENT])
{
    for (int s = 0; s < N_SECTION; s++) content[s].type = voq_section_type[s];
    if (parts->frontend) {
        voq_frontend_to_words(parts->frontend, heads->frontend);
        add(&content[FRNT], heads->frontend, sizeof heads->frontend);
    }
    if (parts->normalise) collect_normalise(parts->normalise, heads->normalise, &content[NORM]);
    if (parts->transform) collect_transform(parts->transform, heads->transform, &content[XFRM]);
    if (heads->encoder)
        add(&content[ENCD], heads->encoder, voq_encoder_section_size(parts->encoder));
    if (parts->codeword) {
        uint32_t words[4] = {parts->n_codebook, parts->n_code, parts->dim, 0};
        memcpy(heads->codebook, words, sizeof words);
        add(&content[CDBK], heads->codebook, sizeof words);
        add(&content[CDBK], parts->codeword,
            4 * (uint64_t)parts->n_codebook * parts->n_code * parts->dim);
    }
    if (parts->name && *parts->name) add(&content[NAME], parts->name, strlen(parts->name));
    if (parts->provenance && *parts->provenance)
        add(&content[PROV], parts->provenance, strlen(parts->provenance));
    if (heads->label) add(&content[LABL], heads->label, voq_label_section_size(parts));
    for (size_t i = 0; i < parts->n_section; i++) {
        content[N_SECTION + i].type = parts->section[i].type;
        add(&content[N_SECTION + i], parts->section[i].bytes, parts->section[i].n_byte);
    }
}

static void put(unsigned char *at, uint64_t value, size_t n)
{
    memcpy(at, &value, n);
}

static void write_section(unsigned char *bytes, size_t entry_at, uint64_t offset, int section,
                          const struct section_content *content)
{
    unsigned char *p = bytes + offset, *entry = bytes + entry_at;
    for (size_t i = 0; i < 3 && content->piece[i].bytes; i++) {
        memcpy(p, content->piece[i].bytes, (size_t)content->piece[i].n);
        p += content->piece[i].n;
    }
    memcpy(entry, content->type, 4);
    put(entry + 4, section < N_HASHED ? SECTION_REQUIRED : 0, 4);
    put(entry + 8, offset, 8);
    put(entry + 16, content->size, 8);
    put(entry + 24, voq_crc32c(0, bytes + offset, (size_t)content->size), 4);
}

static uint64_t align(uint64_t n)
{
    return (n + SECTION_ALIGN - 1) / SECTION_ALIGN * SECTION_ALIGN;
}

/* Copies of the caller's parts, whatever version their structs have. */
struct taken {
    voq_parts parts;
    voq_frontend frontend;
    voq_normalise normalise;
    voq_transform transform;
    voq_encoder encoder;
};

static voq_status take_parts(const voq_parts *theirs, struct taken *ours, voq_error *error)
{
    voq_parts *parts = &ours->parts;
    if (!voq_take_struct(parts, sizeof *parts, theirs, FIRST_PARTS))
        return voq_refuse_unset(error, "parts", "voq_parts");
    if (parts->frontend &&
        !voq_take_struct(&ours->frontend, sizeof ours->frontend, parts->frontend, FIRST_FRONTEND))
        return voq_refuse_unset(error, "parts.frontend", "voq_frontend");
    if (parts->normalise && !voq_take_struct(&ours->normalise, sizeof ours->normalise,
                                             parts->normalise, FIRST_NORMALISE))
        return voq_refuse_unset(error, "parts.normalise", "voq_normalise");
    if (parts->transform && !voq_take_struct(&ours->transform, sizeof ours->transform,
                                             parts->transform, FIRST_TRANSFORM))
        return voq_refuse_unset(error, "parts.transform", "voq_transform");
    if (parts->encoder &&
        !voq_take_struct(&ours->encoder, sizeof ours->encoder, parts->encoder, FIRST_ENCODER))
        return voq_refuse_unset(error, "parts.encoder", "voq_encoder");
    if (parts->frontend) parts->frontend = &ours->frontend;
    if (parts->normalise) parts->normalise = &ours->normalise;
    if (parts->transform) parts->transform = &ours->transform;
    if (parts->encoder) parts->encoder = &ours->encoder;
    return VOQ_OK;
}

/* Checks what the sizes below depend on; the rest is checked by reading the result back. */
static voq_status check_parts(const voq_parts *parts, voq_error *error)
{
    const voq_normalise *norm = parts->normalise;
    const voq_transform *x = parts->transform;
    if (norm && !norm->mean)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "normalisation has no mean");
    if (norm && (is_scaled(norm) ? norm->variance : norm->scale))
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "this kind of normalisation takes no %s",
                          is_scaled(norm) ? "variance" : "scale");
    if ((norm && norm->dim > MAX_FEATURE_DIM) ||
        (x && (x->in_dim > MAX_FEATURE_DIM || x->out_dim > MAX_FEATURE_DIM ||
               x->stack_left > MAX_STACK || x->stack_right > MAX_STACK)))
        return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                          "normalisation or transform beyond the limits");
    if (parts->codeword && (parts->n_codebook > MAX_CODEBOOKS || parts->n_code > MAX_CODES ||
                            parts->dim > MAX_FEATURE_DIM))
        return voq_refuse(
            error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
            "a codebook has at most 4194304 codes of 2048 dimensions, a model 32 codebooks");
    voq_status status = parts->encoder ? voq_check_encoder_parts(parts->encoder, error) : VOQ_OK;
    if (status == VOQ_OK) status = voq_check_label_parts(parts, error);
    return status == VOQ_OK ? voq_check_section_parts(parts, error) : status;
}

static voq_status serialise(const struct section_content content[N_CONTENT], unsigned char **bytes,
                            size_t *n_byte, voq_error *error)
{
    uint64_t n_section = 0, size = 0;
    for (int s = 0; s < N_CONTENT; s++) n_section += content[s].present ? 1 : 0;
    if (n_section > MAX_SECTIONS)
        return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                          "a model has at most %d sections, not %u", MAX_SECTIONS,
                          (unsigned)n_section);
    size = HEADER_SIZE + n_section * ENTRY_SIZE;
    for (int s = 0; s < N_CONTENT; s++) size += content[s].present ? align(content[s].size) : 0;
    unsigned char *b = size <= SIZE_MAX ? calloc(1, (size_t)size) : NULL;
    if (!b) return voq_refuse(error, VOQ_ERROR_MEMORY, VOQ_NO_OFFSET, "no memory for the model");

    memcpy(b, LAYOUT_MAGIC, 8);
    put(b + 8, LAYOUT_VERSION, 4);
    put(b + 12, n_section, 4);
    put(b + 16, size, 8);
    size_t entry_at = HEADER_SIZE;
    uint64_t offset = HEADER_SIZE + n_section * ENTRY_SIZE;
    for (int s = 0; s < N_CONTENT; s++) {
        if (!content[s].present) continue;
        write_section(b, entry_at, offset, s, &content[s]);
        entry_at += ENTRY_SIZE;
        offset += align(content[s].size);
    }
    put(b + 24, voq_crc32c(voq_crc32c(0, b, 24), b + HEADER_SIZE, entry_at - HEADER_SIZE), 4);
    *bytes = b;
    *n_byte = (size_t)size;
    return VOQ_OK;
}

voq_status voq_serialise_parts(const voq_parts *parts, unsigned char **bytes, size_t *n_byte,
                               voq_error *error)
{
    struct taken taken;
    voq_status status = take_parts(parts, &taken, error);
    if (status == VOQ_OK) status = check_parts(&taken.parts, error);
    if (status != VOQ_OK) return status;
    struct heads heads;
    struct section_content content[N_CONTENT] = {0};
    status = make_whole_sections(&taken.parts, &heads, error);
    if (status == VOQ_OK) {
        collect(&taken.parts, &heads, content);
        status = serialise(content, bytes, n_byte, error);
    }
    free(heads.encoder);
    free(heads.label);
    return status;
}
