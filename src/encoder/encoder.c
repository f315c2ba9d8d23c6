/* SPDX-License-Identifier: MIT */
#include "src/encoder/encoder.h"

#include "src/base/versioned.h"

#include <string.h>

voq_layer voq_encoder_layer(const voq_encoder *parts, size_t i)
{
    voq_layer layer = {0};
    size_t size = parts->layer_size < sizeof layer ? parts->layer_size : sizeof layer;
    memcpy(&layer, (const char *)parts->layer + i * parts->layer_size, size);
    return layer;
}

uint32_t voq_encoder_stride(const voq_encoder *parts)
{
    uint32_t stride = 1;
    for (size_t i = 0; i < parts->n_layer; i++) stride *= voq_encoder_layer(parts, i).stride;
    return stride;
}

uint32_t voq_encoder_look_ahead(const voq_encoder *parts)
{
    uint32_t n_late = 0, stride = 1;
    for (size_t i = 0; i < parts->n_layer; i++) {
        voq_layer layer = voq_encoder_layer(parts, i);
        n_late += stride * layer.right * layer.dilation;
        stride *= layer.stride;
    }
    return n_late;
}

static uint64_t weights_of(const voq_layer *layer)
{
    uint64_t rows = voq_layer_rows(layer), columns = (uint64_t)layer->taps * layer->in_dim;
    return rows * (columns + (layer->kind == VOQ_LAYER_GRU ? layer->out_dim : 0));
}

uint64_t voq_encoder_parameters(const voq_encoder *parts)
{
    uint64_t n = 0;
    for (size_t i = 0; i < parts->n_layer; i++) {
        voq_layer layer = voq_encoder_layer(parts, i);
        uint64_t n_matrix = layer.kind == VOQ_LAYER_GRU ? 2 : 1;
        n += weights_of(&layer) + n_matrix * voq_layer_rows(&layer);
    }
    return n;
}

uint64_t voq_encoder_multiplies(const voq_encoder *parts)
{
    uint64_t n = 0, left = voq_encoder_stride(parts), n_frame = left;
    for (size_t i = 0; i < parts->n_layer; i++) {
        voq_layer layer = voq_encoder_layer(parts, i);
        left /= layer.stride;
        n += weights_of(&layer) * left;
    }
    return n / n_frame;
}

/* ---- packing ---- */

static size_t padded(size_t n, size_t align)
{
    return (n + align - 1) / align * align;
}

/* The matrix of a layer as it is stored: n_gate * gate_dim rows of taps * in_dim weights. */
struct stored {
    const voq_matrix *matrix;
    size_t n_gate, gate_dim, taps, in_dim;
};

/* Where the weights of one row are in packed memory: columns are packed_columns together, and the
   rows of a group lie side by side. */
static void pack_row(const struct encoder_kernel *kernel, const struct dense *dense,
                     const struct stored *stored, const int8_t *weight, size_t row, int8_t *packed)
{
    size_t rows = kernel->group_rows, columns = COLUMN_GROUP;
    size_t n_tap_column = dense->n_chunk * dense->n_column / stored->taps, n = stored->in_dim;
    int8_t *group = packed + row / rows * rows * dense->n_chunk * dense->n_column;
    group += row % rows * columns;
    for (size_t tap = 0; tap < stored->taps; tap++, weight += n) {
        int8_t *to = group + tap * n_tap_column * rows;
        size_t i = 0;
        for (; i + columns <= n; i += columns) memcpy(to + i * rows, weight + i, COLUMN_GROUP);
        memcpy(to + i * rows, weight + i, n - i);
    }
}

static int32_t bias_of(const struct encoder_kernel *kernel, const struct dense *dense,
                       const int8_t *weight, size_t n, int32_t bias)
{
    int64_t sum = 0; /* the result is exact modulo 2^32 */
    for (size_t i = 0; i < n; i++) sum += weight[i];
    return dense->is_signed ? (int32_t)(uint32_t)(bias - kernel->offset * sum) : bias;
}

static void pack(const struct encoder_kernel *kernel, const struct dense *dense,
                 const struct stored *stored, int8_t *packed, int32_t *bias, int32_t *multiplier)
{
    const voq_matrix *matrix = stored->matrix;
    size_t n_weight = stored->taps * stored->in_dim, gate_step = dense->n_row / stored->n_gate;
    memset(packed, 0, dense->n_row * dense->n_chunk * dense->n_column);
    memset(bias, 0, dense->n_row * sizeof *bias);
    memset(multiplier, 0, dense->n_row * sizeof *multiplier);
    for (size_t r = 0; r < stored->n_gate * stored->gate_dim; r++) {
        const int8_t *weight = matrix->weight + r * n_weight;
        size_t row = r / stored->gate_dim * gate_step + r % stored->gate_dim;
        pack_row(kernel, dense, stored, weight, row, packed);
        bias[row] = bias_of(kernel, dense, weight, n_weight, matrix->bias[r]);
        multiplier[row] = matrix->multiplier[r];
    }
}

/* Taps that follow each other in memory are one chunk. */
static struct dense place_dense(const struct encoder_kernel *kernel, const struct stored *stored,
                                size_t dilation, bool is_signed, struct arena *arena)
{
    size_t n_column = padded(stored->in_dim, COLUMN_GROUP);
    bool adjoin = dilation == 1 && n_column == padded(stored->in_dim, DENSE_GROUP);
    struct dense dense = {.shift = stored->matrix->shift,
                          .n_row = stored->n_gate * padded(stored->gate_dim, DENSE_GROUP),
                          .n_chunk = adjoin ? 1 : stored->taps,
                          .n_column = adjoin ? stored->taps * n_column : n_column,
                          .is_signed = is_signed};
    int8_t *packed = ARENA_TAKE(arena, dense.n_row * dense.n_chunk * dense.n_column, int8_t);
    int32_t *bias = ARENA_TAKE(arena, dense.n_row, int32_t);
    int32_t *multiplier = ARENA_TAKE(arena, dense.n_row, int32_t);
    if (arena->base) pack(kernel, &dense, stored, packed, bias, multiplier);
    dense.weight = packed;
    dense.bias = bias;
    dense.multiplier = multiplier;
    return dense;
}

static struct encoder_layer place_layer(const voq_layer *layer, bool is_signed,
                                        const struct encoder_kernel *kernel, struct arena *arena)
{
    size_t n_gate = layer->kind == VOQ_LAYER_GRU ? 3 : 1;
    struct stored input = {&layer->input, n_gate, layer->out_dim, layer->taps, layer->in_dim};
    struct stored state = {&layer->state, n_gate, layer->out_dim, 1, layer->out_dim};
    struct encoder_layer placed = {.kind = layer->kind,
                                   .in_dim = layer->in_dim,
                                   .out_dim = layer->out_dim,
                                   .in_step = padded(layer->in_dim, DENSE_GROUP),
                                   .n_history = (layer->taps - 1) * (size_t)layer->dilation,
                                   .n_late = (size_t)layer->right * layer->dilation,
                                   .dilation = layer->dilation,
                                   .stride = layer->stride};
    placed.input = place_dense(kernel, &input, layer->dilation, is_signed, arena);
    if (layer->kind == VOQ_LAYER_GRU) placed.state = place_dense(kernel, &state, 1, true, arena);
    return placed;
}

void voq_encoder_place(struct encoder *encoder, const voq_encoder *parts,
                       const struct encoder_kernel *kernel, struct arena *arena)
{
    struct encoder_layer *layer = ARENA_TAKE(arena, parts->n_layer, struct encoder_layer);
    for (size_t i = 0; i < parts->n_layer; i++) {
        voq_layer stored = voq_encoder_layer(parts, i);
        struct encoder_layer placed =
            place_layer(&stored, voq_layer_is_signed(parts, i), kernel, arena);
        if (arena->base) layer[i] = placed;
    }
    if (!arena->base) return;
    *encoder = (struct encoder){.kernel = kernel,
                                .layer = layer,
                                .n_layer = parts->n_layer,
                                .in_dim = layer[0].in_dim,
                                .out_dim = layer[parts->n_layer - 1].out_dim};
}
