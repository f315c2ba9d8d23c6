/* SPDX-License-Identifier: MIT */
/* The section ENCD. Its bounds are those of the arithmetic: behind them no input overflows. */
#include "src/encoder/encoder.h"
#include "src/model/section_fields.h"
#include "src/model/sections.h"

/* The words of a layer in the file. */
enum { KIND, IN_DIM, OUT_DIM, TAPS, DILATION, RIGHT, STRIDE, SHIFT, STATE_SHIFT, RESERVED };

static voq_status refuse_layer(voq_error *error, voq_status status, const struct span *span,
                               size_t i, const char *what)
{
    return voq_refuse(error, status, span->offset + ENCD_HEAD + ENCD_LAYER * i,
                      "section ENCD: layer %zu: %s", i + 1, what);
}

static void read_layer(const struct span *span, size_t i, voq_layer *layer)
{
    size_t at = (ENCD_HEAD + ENCD_LAYER * i) / 4;
    *layer = (voq_layer){.kind = word(span, at + KIND),
                         .in_dim = word(span, at + IN_DIM),
                         .out_dim = word(span, at + OUT_DIM),
                         .taps = word(span, at + TAPS),
                         .dilation = word(span, at + DILATION),
                         .right = word(span, at + RIGHT),
                         .stride = word(span, at + STRIDE)};
    layer->input.shift = word(span, at + SHIFT);
    layer->state.shift = word(span, at + STATE_SHIFT);
}

/* Choices and limits of later versions. */
static const char *newer_than_known(const voq_layer *layer, uint32_t reserved)
{
    bool is_conv = layer->kind == VOQ_LAYER_CONV, is_gru = layer->kind == VOQ_LAYER_GRU;
    if (layer->kind == 0) return NULL; /* damage */
    if (layer->kind > VOQ_LAYER_LATENT) return "its kind is unknown";
    if (reserved || (!is_gru && layer->state.shift)) return "reserved bytes are in use";
    if (layer->in_dim > MAX_LAYER_DIM || layer->out_dim > MAX_LAYER_DIM)
        return "a dimension is above 1024";
    if (!is_conv && (layer->taps > 1 || layer->dilation > 1 || layer->right || layer->stride > 1))
        return "only a convolution has taps and a stride";
    if (layer->taps > MAX_TAPS) return "it has more than 64 taps";
    if (layer->taps && layer->dilation &&
        (uint64_t)(layer->taps - 1) * layer->dilation > MAX_HISTORY)
        return "it reaches over more than 256 frames";
    if (layer->dilation > MAX_HISTORY) return "its dilation is above 256";
    return layer->stride > MAX_STRIDE ? "its stride is above 16" : NULL;
}

static const char *damage_of(const voq_layer *layer, bool is_last)
{
    if (layer->kind == 0) return "the kind is 0";
    if (layer->in_dim == 0 || layer->out_dim == 0) return "a dimension is 0";
    if (layer->taps == 0 || layer->dilation == 0 || layer->stride == 0)
        return "taps, dilation and stride must be 1 or more";
    if (layer->right >= layer->taps) return "it has no tap at its own frame";
    if ((layer->kind == VOQ_LAYER_LATENT) != is_last) return "the last layer alone is a latent";
    return NULL;
}

static voq_status check_layers(const struct span *span, const voq_layer *layer, uint32_t n,
                               voq_error *error)
{
    uint32_t stride = 1;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t reserved = word(span, (ENCD_HEAD + ENCD_LAYER * i) / 4 + RESERVED);
        const char *what = newer_than_known(&layer[i], reserved);
        if (what) return refuse_layer(error, VOQ_ERROR_VERSION, span, i, what);
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *what = damage_of(&layer[i], i + 1 == n);
        if (!what && i && layer[i].in_dim != layer[i - 1].out_dim)
            what = "its input is not as wide as the output before it";
        if (what) return refuse_layer(error, VOQ_ERROR_CORRUPT, span, i, what);
        stride *= layer[i].stride;
        if (stride > MAX_STRIDE)
            return refuse_layer(error, VOQ_ERROR_VERSION, span, i,
                                "the strides so far multiply to more than 16");
    }
    return VOQ_OK;
}

/* ---- matrices ---- */

static uint64_t padded(uint64_t n)
{
    return (n + 3) / 4 * 4;
}

/* Points a matrix at its bytes and returns where the next one begins. */
static uint64_t place_matrix(const struct span *span, uint64_t at, uint64_t n_row,
                             uint64_t n_column, voq_matrix *matrix)
{
    if (at + n_row * (8 + n_column) <= span->size) {
        matrix->bias = (const int32_t *)(const void *)(span->bytes + at);
        matrix->multiplier = (const int32_t *)(const void *)(span->bytes + at + 4 * n_row);
        matrix->weight = (const int8_t *)span->bytes + at + 8 * n_row;
    }
    return at + 8 * n_row + padded(n_row * n_column);
}

static uint64_t place_matrices(const struct span *span, voq_layer *layer, uint32_t n)
{
    uint64_t at = ENCD_HEAD + (uint64_t)ENCD_LAYER * n;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t n_row = voq_layer_rows(&layer[i]);
        at = place_matrix(span, at, n_row, (uint64_t)layer[i].taps * layer[i].in_dim,
                          &layer[i].input);
        if (layer[i].kind == VOQ_LAYER_GRU)
            at = place_matrix(span, at, n_row, layer[i].out_dim, &layer[i].state);
    }
    return at;
}

static int32_t int_at(const int32_t *p, uint64_t i)
{
    int32_t v;
    memcpy(&v, (const char *)p + 4 * i, 4);
    return v;
}

/* Why a row of weights is refused; NULL: no input makes its sum or its result pass 32 bits. */
static const char *fault_of_row(const voq_matrix *matrix, uint64_t row, uint64_t n_column)
{
    const int8_t *weight = matrix->weight + row * n_column;
    int32_t multiplier = int_at(matrix->multiplier, row), bias = int_at(matrix->bias, row);
    uint64_t size_of_bias = bias < 0 ? 0 - (uint64_t)bias : (uint64_t)bias;
    int32_t sum = 0, least = 0; /* without branches: this loop is a good part of opening */
    for (uint64_t k = 0; k < n_column; k++) {
        sum += weight[k] < 0 ? -weight[k] : weight[k];
        least = weight[k] < least ? weight[k] : least;
    }
    if (least == INT8_MIN) return "a weight is -128";
    uint64_t largest = size_of_bias + 127 * (uint64_t)sum;
    if (multiplier < 1) return "a multiplier is below 1";
    if (largest > INT32_MAX) return "a sum may pass 32 bits";
    if (largest * (uint64_t)multiplier + ((uint64_t)1 << (matrix->shift - 1)) >=
        (uint64_t)1 << (31 + matrix->shift))
        return "a result may pass 32 bits";
    return NULL;
}

static const char *fault_of(const voq_matrix *matrix, uint64_t n_row, uint64_t n_column)
{
    if (matrix->shift < 25 || matrix->shift > 32) return "a shift is not within 25 and 32";
    for (uint64_t r = 0; r < n_row; r++) {
        const char *fault = fault_of_row(matrix, r, n_column);
        if (fault) return fault;
    }
    const int8_t *end = matrix->weight + n_row * n_column;
    for (uint64_t k = n_row * n_column; k % 4; k++, end++)
        if (*end) return "a byte behind the weights is not zero";
    return NULL;
}

static voq_status check_matrices(const struct span *span, const voq_layer *layer, uint32_t n,
                                 voq_error *error)
{
    for (uint32_t i = 0; i < n; i++) {
        uint64_t n_row = voq_layer_rows(&layer[i]);
        const char *fault =
            fault_of(&layer[i].input, n_row, (uint64_t)layer[i].taps * layer[i].in_dim);
        if (!fault && layer[i].kind == VOQ_LAYER_GRU)
            fault = fault_of(&layer[i].state, n_row, layer[i].out_dim);
        if (fault) return refuse_layer(error, VOQ_ERROR_CORRUPT, span, i, fault);
    }
    return VOQ_OK;
}

voq_status voq_parse_encoder(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[ENCD];
    voq_status status = check_size(error, span, "ENCD", ENCD_HEAD, UINT64_MAX);
    if (status != VOQ_OK) return status;
    uint32_t n = word(span, 0);
    if (word(span, 1) != 0) return unknown(error, span, "ENCD", "reserved bytes are in use");
    if (n > MAX_LAYERS) return unknown(error, span, "ENCD", "it has more than 16 layers");
    if (n == 0) return corrupt(error, span, "ENCD", "it has no layer");
    status = check_size(error, span, "ENCD", ENCD_HEAD + (uint64_t)ENCD_LAYER * n, UINT64_MAX);
    if (status != VOQ_OK) return status;
    for (uint32_t i = 0; i < n; i++) read_layer(span, i, &p->layer[i]);
    status = check_layers(span, p->layer, n, error);
    if (status != VOQ_OK) return status;
    uint64_t size = place_matrices(span, p->layer, n);
    status = check_size(error, span, "ENCD", size, size);
    if (status == VOQ_OK) status = check_matrices(span, p->layer, n, error);
    p->encoder = (voq_encoder){sizeof p->encoder, sizeof *p->layer, p->layer, n};
    return status;
}
