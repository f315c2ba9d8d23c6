/* SPDX-License-Identifier: MIT */
#include "src/model/part_bytes.h"

#include "src/base/error.h"
#include "src/base/sizes.h"
#include "src/base/versioned.h"
#include "src/model/reader.h"

#include <string.h>

/* ---- ENCD ---- */

static bool is_whole(const voq_matrix *matrix)
{
    return matrix->weight && matrix->bias && matrix->multiplier;
}

voq_status voq_check_encoder_parts(const voq_encoder *encoder, voq_error *error)
{
    if (encoder->n_layer > MAX_LAYERS)
        return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                          "an encoder has at most 16 layers");
    if (encoder->layer_size < FIRST_LAYER)
        return voq_refuse_unset(error, "encoder.layer_size", "voq_layer");
    if (!encoder->layer && encoder->n_layer)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET, "an encoder has no layers");
    for (size_t i = 0; i < encoder->n_layer; i++) {
        voq_layer layer = voq_encoder_layer(encoder, i);
        if (layer.in_dim > MAX_LAYER_DIM || layer.out_dim > MAX_LAYER_DIM || layer.taps > MAX_TAPS)
            return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                              "layer %zu: a layer has at most 1024 inputs and outputs, and 64 taps",
                              i + 1);
        if (!is_whole(&layer.input) || (layer.kind == VOQ_LAYER_GRU && !is_whole(&layer.state)))
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "layer %zu: a matrix has no weights, bias or multipliers", i + 1);
    }
    return VOQ_OK;
}

static uint64_t input_columns(const voq_layer *layer)
{
    return (uint64_t)layer->taps * layer->in_dim;
}

static uint64_t matrix_size(uint64_t n_row, uint64_t n_column)
{
    return 8 * n_row + (n_row * n_column + 3) / 4 * 4;
}

uint64_t voq_encoder_section_size(const voq_encoder *encoder)
{
    uint64_t size = ENCD_HEAD + ENCD_LAYER * (uint64_t)encoder->n_layer;
    for (size_t i = 0; i < encoder->n_layer; i++) {
        voq_layer layer = voq_encoder_layer(encoder, i);
        uint64_t n_row = voq_layer_rows(&layer);
        size += matrix_size(n_row, input_columns(&layer));
        if (layer.kind == VOQ_LAYER_GRU) size += matrix_size(n_row, layer.out_dim);
    }
    return size;
}

static unsigned char *put_matrix(unsigned char *at, const voq_matrix *matrix, uint64_t n_row,
                                 uint64_t n_column)
{
    memcpy(at, matrix->bias, 4 * (size_t)n_row);
    memcpy(at + 4 * n_row, matrix->multiplier, 4 * (size_t)n_row);
    memcpy(at + 8 * n_row, matrix->weight, (size_t)(n_row * n_column));
    return at + matrix_size(n_row, n_column);
}

static void put_layer(unsigned char *at, const voq_layer *layer)
{
    uint32_t state_shift = layer->kind == VOQ_LAYER_GRU ? layer->state.shift : 0;
    uint32_t words[ENCD_LAYER / 4] = {layer->kind,   layer->in_dim,       layer->out_dim,
                                      layer->taps,   layer->dilation,     layer->right,
                                      layer->stride, layer->input.shift, state_shift};
    memcpy(at, words, sizeof words);
}

void voq_write_encoder_section(const voq_encoder *encoder, unsigned char *bytes)
{
    uint32_t n = (uint32_t)encoder->n_layer;
    memcpy(bytes, &n, 4);
    unsigned char *at = bytes + ENCD_HEAD + (size_t)ENCD_LAYER * n;
    for (size_t i = 0; i < n; i++) {
        voq_layer layer = voq_encoder_layer(encoder, i);
        uint64_t n_row = voq_layer_rows(&layer);
        put_layer(bytes + ENCD_HEAD + ENCD_LAYER * i, &layer);
        at = put_matrix(at, &layer.input, n_row, input_columns(&layer));
        if (layer.kind == VOQ_LAYER_GRU) at = put_matrix(at, &layer.state, n_row, layer.out_dim);
    }
}

/* ---- LABL ---- */

voq_status voq_check_label_parts(const voq_parts *parts, voq_error *error)
{
    if (!parts->label != !parts->label_probability)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "labels and their probabilities come together");
    if (parts->label && !parts->codeword)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "labels belong to codewords, and there are none");
    for (uint32_t i = 0; parts->label && i < parts->n_code; i++)
        if (!parts->label[i])
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "label %u is a null pointer; an empty text is no label", (unsigned)i);
    return VOQ_OK;
}

uint64_t voq_label_section_size(const voq_parts *parts)
{
    uint64_t size = LABL_HEAD + 4 * (uint64_t)parts->n_code;
    for (uint32_t i = 0; i < parts->n_code; i++) size += strlen(parts->label[i]) + 1;
    return size;
}

void voq_write_label_section(const voq_parts *parts, unsigned char *bytes)
{
    size_t n = parts->n_code;
    memcpy(bytes, &parts->n_code, 4);
    memcpy(bytes + LABL_HEAD, parts->label_probability, 4 * n);
    char *at = (char *)bytes + LABL_HEAD + 4 * n;
    for (size_t i = 0; i < n; i++) {
        size_t n_byte = strlen(parts->label[i]) + 1;
        memcpy(at, parts->label[i], n_byte);
        at += n_byte;
    }
}

/* ---- sections that are kept but not read ---- */

voq_status voq_check_section_parts(const voq_parts *parts, voq_error *error)
{
    uint64_t size = 0;
    if (parts->n_section > MAX_SECTIONS)
        return voq_refuse(error, VOQ_ERROR_LIMIT, VOQ_NO_OFFSET,
                          "a model has at most %d sections", MAX_SECTIONS);
    if (!parts->section && parts->n_section)
        return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                          "the sections are a null pointer");
    for (size_t i = 0; i < parts->n_section; i++) {
        const voq_section *section = &parts->section[i];
        if (!memchr(section->type, 0, sizeof section->type) || strlen(section->type) != 4)
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "section %zu: a type has four characters", i + 1);
        if (voq_section_of(section->type) >= 0)
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "section %zu: %s is written from the other parts", i + 1,
                              section->type);
        if (!section->bytes && section->n_byte)
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "section %zu: its bytes are a null pointer", i + 1);
        if (!can_exist(section->n_byte, 1) || !can_exist(size += section->n_byte, 1))
            return voq_refuse(error, VOQ_ERROR_ARGUMENT, VOQ_NO_OFFSET,
                              "section %zu has more bytes than memory can hold", i + 1);
    }
    return VOQ_OK;
}
