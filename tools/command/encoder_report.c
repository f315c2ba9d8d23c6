/* SPDX-License-Identifier: MIT */
#include "tools/command/encoder_report.h"

#include <inttypes.h>

static const char *const layer_name[] = {"", "conv", "gru", "latent"};

/* "conv 40 to 256, 5 taps, 2 of them later", "gru 256 to 192" */
static void write_layer(FILE *file, const voq_layer *layer)
{
    fprintf(file, "  %s %" PRIu32 " to %" PRIu32, layer_name[layer->kind], layer->in_dim,
            layer->out_dim);
    if (layer->kind == VOQ_LAYER_CONV)
        fprintf(file, ", %" PRIu32 " taps, %" PRIu32 " of them later", layer->taps, layer->right);
    if (layer->dilation > 1) fprintf(file, ", dilation %" PRIu32, layer->dilation);
    if (layer->stride > 1) fprintf(file, ", stride %" PRIu32, layer->stride);
    fputc('\n', file);
}

void encoder_report_text(FILE *file, const voq_encoder *encoder, const voq_info *info)
{
    if (!encoder) return;
    fprintf(file, "%-12s%" PRIu32 " layers, %" PRIu64 " parameters, %" PRIu64, "encoder",
            info->n_layer, info->n_parameter, info->n_multiply);
    fputs(" multiply-adds per frame\n", file);
    for (size_t i = 0; i < encoder->n_layer; i++) write_layer(file, &encoder->layer[i]);
}

static void json_ints(struct json_writer *json, const char *key, const int32_t *value, size_t n)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < n; i++) json_number(json, NULL, value[i]);
    json_close(json, ']');
}

/* Weights as rows of columns. */
static void json_matrix(struct json_writer *json, const char *key, const voq_matrix *matrix,
                        size_t n_row, size_t n_column)
{
    json_open(json, key, '{');
    json_count(json, "shift", matrix->shift);
    json_ints(json, "bias", matrix->bias, n_row);
    json_ints(json, "multiplier", matrix->multiplier, n_row);
    json_open(json, "weight", '[');
    for (size_t r = 0; r < n_row; r++) {
        json_open(json, NULL, '[');
        for (size_t c = 0; c < n_column; c++)
            json_number(json, NULL, matrix->weight[r * n_column + c]);
        json_close(json, ']');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void json_layer(struct json_writer *json, const voq_layer *layer)
{
    size_t n_row = layer->out_dim * (layer->kind == VOQ_LAYER_GRU ? (size_t)3 : 1);
    json_open(json, NULL, '{');
    json_text(json, "kind", layer_name[layer->kind]);
    json_count(json, "in_dim", layer->in_dim);
    json_count(json, "out_dim", layer->out_dim);
    json_count(json, "taps", layer->taps);
    json_count(json, "dilation", layer->dilation);
    json_count(json, "right", layer->right);
    json_count(json, "stride", layer->stride);
    json_matrix(json, "input", &layer->input, n_row, (size_t)layer->taps * layer->in_dim);
    if (layer->kind == VOQ_LAYER_GRU)
        json_matrix(json, "state", &layer->state, n_row, layer->out_dim);
    json_close(json, '}');
}

void encoder_report_json(struct json_writer *json, const voq_encoder *encoder,
                         const voq_info *info)
{
    if (!encoder) {
        json_null(json, "encoder");
        return;
    }
    json_open(json, "encoder", '{');
    json_count(json, "stride", info->stride);
    json_count(json, "parameters", info->n_parameter);
    json_count(json, "multiply_adds", info->n_multiply);
    json_open(json, "layers", '[');
    for (size_t i = 0; i < encoder->n_layer; i++) json_layer(json, &encoder->layer[i]);
    json_close(json, ']');
    json_close(json, '}');
}
