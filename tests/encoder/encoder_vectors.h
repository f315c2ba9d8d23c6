/* SPDX-License-Identifier: MIT */
/* The stored vectors of make_encoder_vectors.py, and networks made of them. */
#ifndef VOQ_TESTS_ENCODER_VECTORS_H
#define VOQ_TESTS_ENCODER_VECTORS_H

#include "src/encoder/encoder_state.h"
#include "src/model/model.h"
#include "tests/support/check.h"
#include "tests/support/networks.h"

#include <stdio.h>
#include <stdlib.h>

enum { N_CASE = 14 };

static unsigned char *vector_bytes;
static size_t n_vector_byte;

static inline bool vectors_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return false;
    vector_bytes = malloc(1 << 20);
    n_vector_byte = fread(vector_bytes, 1, 1 << 20, file);
    fclose(file);
    return n_vector_byte > 0;
}

/* Numbers of one array, widened. */
struct numbers {
    size_t n;
    int32_t *value;
};

static inline int32_t number_at(const unsigned char *p, uint32_t size)
{
    int8_t byte;
    int16_t half;
    int32_t word;
    memcpy(&byte, p, 1);
    if (size == 1) return byte;
    memcpy(&half, p, 2);
    if (size == 2) return half;
    memcpy(&word, p, 4);
    return word;
}

/* Returns an array by its name; n is 0 where there is none. */
static inline struct numbers numbers_of(const char *name)
{
    struct numbers found = {0, NULL};
    for (size_t at = 0; at < n_vector_byte;) {
        uint32_t size, n;
        memcpy(&size, vector_bytes + at + 16, 4);
        memcpy(&n, vector_bytes + at + 20, 4);
        if (strncmp((const char *)vector_bytes + at, name, 16) == 0) {
            found = (struct numbers){n, malloc(n * sizeof *found.value)};
            for (uint32_t i = 0; i < n; i++)
                found.value[i] = number_at(vector_bytes + at + 24 + (size_t)i * size, size);
        }
        at += 24 + ((size_t)size * n + 3) / 4 * 4;
    }
    return found;
}

static inline struct numbers case_numbers(size_t c, const char *name)
{
    char text[64];
    snprintf(text, sizeof text, "case%02zu_%s", c, name);
    return numbers_of(text);
}

static inline struct numbers layer_numbers(size_t c, size_t layer, const char *name)
{
    char text[48];
    snprintf(text, sizeof text, "%zu_%s", layer, name);
    return case_numbers(c, text);
}

static inline voq_matrix matrix_of(size_t c, size_t layer, const char *name)
{
    char of_rows[16];
    snprintf(of_rows, sizeof of_rows, "%s_bms", name);
    struct numbers w = layer_numbers(c, layer, name), bms = layer_numbers(c, layer, of_rows);
    size_t n_row = bms.n / 3;
    int8_t *weight = malloc(w.n);
    int32_t *bias = malloc(4 * n_row), *multiplier = malloc(4 * n_row);
    for (size_t i = 0; i < w.n; i++) weight[i] = (int8_t)w.value[i];
    for (size_t r = 0; r < n_row; r++) {
        bias[r] = bms.value[3 * r];
        multiplier[r] = bms.value[3 * r + 1];
    }
    voq_matrix matrix = {weight, bias, multiplier, (uint32_t)bms.value[2]};
    free(w.value);
    free(bms.value);
    return matrix;
}

/* The first n_layer layers of a stored network; 0: all. */
static inline void network_of(size_t c, size_t n_layer, struct network *network)
{
    static const uint32_t kinds[] = {VOQ_LAYER_CONV, VOQ_LAYER_GRU, VOQ_LAYER_LATENT};
    struct numbers shape = case_numbers(c, "layers");
    network_begin(network);
    size_t n = n_layer ? n_layer : shape.n / 6;
    for (size_t i = 0; i < n; i++) {
        const int32_t *s = shape.value + 6 * i;
        voq_layer layer = {.kind = kinds[s[0]],
                           .in_dim = (uint32_t)s[1],
                           .out_dim = (uint32_t)s[2],
                           .taps = (uint32_t)s[3],
                           .dilation = (uint32_t)s[4],
                           .right = (uint32_t)s[5],
                           .stride = 1,
                           .input = matrix_of(c, i, "w")};
        if (s[0] == 1) layer.state = matrix_of(c, i, "u");
        network_add(network, layer);
    }
    free(shape.value);
}

/* A model of vectors with this encoder and one codeword. */
static inline voq_model *model_with(const voq_encoder *encoder, const voq_options *options,
                                    voq_error *error)
{
    static const float codeword[MAX_LAYER_DIM];
    voq_model *model = NULL;
    voq_parts parts = {.struct_size = sizeof parts,
                       .encoder = encoder,
                       .codeword = codeword,
                       .n_codebook = 1,
                       .n_code = 1,
                       .dim = encoder->layer[encoder->n_layer - 1].out_dim};
    return voq_model_make(&parts, options, &model, error) == VOQ_OK ? model : NULL;
}

/* A stream's encoder in memory of its own. */
struct placed_state {
    void *memory;
    struct encoder_state state;
};

static inline struct placed_state state_of(const struct encoder *encoder, size_t chunk)
{
    struct placed_state placed;
    struct arena size = {0};
    voq_encoder_state_place(&placed.state, encoder, chunk, &size);
    placed.memory = malloc(arena_size(&size));
    struct arena arena = arena_in(placed.memory);
    voq_encoder_state_place(&placed.state, encoder, chunk, &arena);
    return placed;
}

#endif
