/* SPDX-License-Identifier: MIT */
#include "tools/command/codeword_match.h"

#include "tools/base/json_writer.h"
#include "tools/base/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool same_floats(const float *a, const float *b, size_t n)
{
    return a == b || (a && b && memcmp(a, b, n * sizeof *a) == 0);
}

static bool same_frontend(const voq_frontend *a, const voq_frontend *b)
{
    char text[2][4096];
    size_t n;
    if (!a || !b) return a == b;
    return voq_frontend_text(a, text[0], sizeof text[0], &n) == VOQ_OK &&
           voq_frontend_text(b, text[1], sizeof text[1], &n) == VOQ_OK &&
           strcmp(text[0], text[1]) == 0;
}

static bool same_normalise(const voq_normalise *a, const voq_normalise *b)
{
    if (!a || !b) return a == b;
    return a->kind == b->kind && a->dim == b->dim && a->n0 == b->n0 && a->n_max == b->n_max &&
           same_floats(&a->floor, &b->floor, 1) && same_floats(a->mean, b->mean, a->dim) &&
           same_floats(a->variance, b->variance, a->dim) &&
           same_floats(a->scale, b->scale, a->dim);
}

static bool same_transform(const voq_transform *a, const voq_transform *b)
{
    if (!a || !b) return a == b;
    if (a->stack_left != b->stack_left || a->stack_right != b->stack_right ||
        a->in_dim != b->in_dim || a->out_dim != b->out_dim)
        return false;
    size_t n = (size_t)a->out_dim * (a->stack_left + 1 + a->stack_right) * a->in_dim;
    return same_floats(a->matrix, b->matrix, n) && same_floats(a->bias, b->bias, a->out_dim);
}

static bool same_matrix(const voq_matrix *a, const voq_matrix *b, size_t n_row, size_t n_column)
{
    return a->shift == b->shift && memcmp(a->weight, b->weight, n_row * n_column) == 0 &&
           memcmp(a->bias, b->bias, n_row * sizeof *a->bias) == 0 &&
           memcmp(a->multiplier, b->multiplier, n_row * sizeof *a->multiplier) == 0;
}

static bool same_layer(const voq_layer *a, const voq_layer *b)
{
    bool is_gru = a->kind == VOQ_LAYER_GRU;
    size_t n_row = (is_gru ? 3 : 1) * (size_t)a->out_dim;
    return a->kind == b->kind && a->in_dim == b->in_dim && a->out_dim == b->out_dim &&
           a->taps == b->taps && a->dilation == b->dilation && a->right == b->right &&
           a->stride == b->stride &&
           same_matrix(&a->input, &b->input, n_row, (size_t)a->taps * a->in_dim) &&
           (!is_gru || same_matrix(&a->state, &b->state, n_row, a->out_dim));
}

static bool same_encoder(const voq_encoder *a, const voq_encoder *b)
{
    if (!a || !b) return a == b;
    bool same = a->n_layer == b->n_layer;
    for (size_t i = 0; same && i < a->n_layer; i++) same = same_layer(&a->layer[i], &b->layer[i]);
    return same;
}

static bool comparable(const voq_parts *a, const voq_parts *b, struct failure *failure)
{
    const char *differs = NULL;
    if (!a->codeword || !b->codeword)
        return fail(failure, EXIT_USAGE,
                    "a model without codewords has no units to compare; give two models with a "
                    "codebook");
    if (!same_frontend(a->frontend, b->frontend))
        differs = "front ends";
    else if (!same_normalise(a->normalise, b->normalise))
        differs = "normalisations";
    else if (!same_transform(a->transform, b->transform))
        differs = "transforms";
    else if (!same_encoder(a->encoder, b->encoder))
        differs = "encoders";
    else if (a->dim != b->dim)
        differs = "dimensions";
    else if (a->n_codebook != b->n_codebook)
        differs = "numbers of codebooks";
    if (!differs) return true;
    return fail(failure, EXIT_USAGE,
                "the models have different %s, so their units do not correspond; give two models "
                "with the same features",
                differs);
}

/* Writes to id[n] and distance[n] the codeword of `into` nearest to each of x[n][dim]. */
static voq_status nearest(const float *into, uint32_t n_code, uint32_t dim, const float *x,
                          uint32_t n, uint32_t *id, float *distance)
{
    const voq_parts parts = {.struct_size = sizeof parts,
                             .codeword = into,
                             .n_codebook = 1,
                             .n_code = n_code,
                             .dim = dim,
                             .name = "codebook"};
    voq_model *model;
    voq_status status = voq_model_make(&parts, NULL, &model, NULL);
    if (status != VOQ_OK) return status;
    const voq_output output = {
        .struct_size = sizeof output, .capacity = n, .id = id, .distance = distance};
    status = voq_quantize(model, x, n, &output, NULL);
    voq_model_close(model);
    return status;
}

/* codebook counts from 1; 0 is the only one. If json is NULL, a line of text is written. */
static void write_pair(FILE *file, struct json_writer *json, uint32_t codebook, uint32_t old,
                       uint32_t new, float squared)
{
    char text[32];
    float distance = sqrtf(squared);
    if (json) {
        json_open(json, NULL, '{');
        json_count(json, "codebook", codebook ? codebook : 1);
        json_count(json, "old", old);
        json_count(json, "new", new);
        json_float(json, "distance", distance);
        json_close(json, '}');
        return;
    }
    format_float(text, distance);
    if (codebook) fprintf(file, "%" PRIu32 " ", codebook);
    fprintf(file, "%" PRIu32 " %" PRIu32 " %s\n", old, new, text);
}

static voq_status match_codebook(const voq_parts *old, const voq_parts *new, uint32_t codebook,
                                 struct json_writer *json, FILE *file)
{
    size_t offset = (size_t)codebook * old->dim;
    const float *a = old->codeword + offset * old->n_code;
    const float *b = new->codeword + offset * new->n_code;
    uint32_t *to_new = calloc(old->n_code, sizeof *to_new);
    uint32_t *to_old = calloc(new->n_code, sizeof *to_old);
    float *distance = calloc(old->n_code, sizeof *distance);
    voq_status status = to_new && to_old && distance ? VOQ_OK : VOQ_ERROR_MEMORY;
    if (status == VOQ_OK)
        status = nearest(b, new->n_code, old->dim, a, old->n_code, to_new, distance);
    if (status == VOQ_OK)
        status = nearest(a, old->n_code, old->dim, b, new->n_code, to_old, NULL);
    for (uint32_t i = 0; status == VOQ_OK && i < old->n_code; i++) {
        if (to_old[to_new[i]] != i) continue;
        uint32_t number = old->n_codebook > 1 ? codebook + 1 : 0;
        write_pair(file, json, number, i, to_new[i], distance[i]);
    }
    free(to_new);
    free(to_old);
    free(distance);
    return status;
}

bool codeword_match_write(const voq_model *old, const voq_model *new, bool json, FILE *file,
                          struct failure *failure)
{
    voq_parts a = {.struct_size = sizeof a}, b = {.struct_size = sizeof b};
    if (voq_model_parts(old, &a) != VOQ_OK || voq_model_parts(new, &b) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the models cannot be taken apart");
    if (!comparable(&a, &b, failure)) return false;
    struct json_writer writer = {.file = file, .layout = JSON_COMPACT};
    if (json) {
        json_open(&writer, NULL, '{');
        json_open(&writer, "matches", '[');
    }
    for (uint32_t c = 0; c < a.n_codebook; c++) {
        voq_status status = match_codebook(&a, &b, c, json ? &writer : NULL, file);
        if (status != VOQ_OK) return fail(failure, EXIT_INTERNAL, "%s", voq_status_string(status));
    }
    if (json) {
        json_close(&writer, ']');
        json_close(&writer, '}');
    }
    return true;
}
