/* SPDX-License-Identifier: MIT */
/* The search by its definition, and a check that every variant of the library agrees with it. */
#ifndef VOQ_TESTS_PLAIN_SEARCH_H
#define VOQ_TESTS_PLAIN_SEARCH_H

#include "tests/support/asked.h"
#include "tests/support/check.h"
#include "tests/support/models.h"

#include <float.h>
#include <math.h>

static const voq_cpu cpus[] = {VOQ_CPU_AUTO, VOQ_CPU_SCALAR, VOQ_CPU_SSE2, VOQ_CPU_AVX2,
                               VOQ_CPU_AVX512, VOQ_CPU_NEON, VOQ_CPU_WASM};
enum { N_CPU = sizeof cpus / sizeof *cpus };

struct vq {
    uint32_t n_codebook, n_code, dim;
    float *codeword; /* [n_codebook][n_code][dim] */
};

/* A model of vectors; NULL where the machine lacks the instruction set. */
static inline voq_model *model_from(const struct vq *vq, voq_cpu cpu)
{
    voq_parts parts = {.struct_size = sizeof parts,
                       .codeword = vq->codeword,
                       .n_codebook = vq->n_codebook,
                       .n_code = vq->n_code,
                       .dim = vq->dim};
    voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    voq_model *model = NULL;
    voq_status status = voq_model_make(&parts, &options, &model, NULL);
    if (status != VOQ_OK && status != VOQ_ERROR_CPU) abort();
    return model;
}

/* The definition, word for word: one vector, one codebook. False: no finite winner. */
static inline bool search(const struct vq *vq, const float *codeword, const float *x, uint32_t *id)
{
    float best = INFINITY;
    *id = 0;
    float *mu = malloc(vq->dim * 4);
    for (uint32_t d = 0; d < vq->dim; d++) {
        double sum = 0.0;
        for (uint32_t k = 0; k < vq->n_code; k++) sum += (double)codeword[k * vq->dim + d];
        mu[d] = (float)(sum / (double)vq->n_code);
    }
    for (uint32_t k = 0; k < vq->n_code; k++) {
        double h = 0.0;
        for (uint32_t d = 0; d < vq->dim; d++) {
            float c = (float)((double)codeword[k * vq->dim + d] - (double)mu[d]);
            h += (double)c * (double)c;
        }
        float s = (float)(h / 2.0);
        for (uint32_t d = 0; d < vq->dim; d++) {
            float c = (float)((double)codeword[k * vq->dim + d] - (double)mu[d]);
            float centred = x[d] - mu[d];
            float product = centred * c;
            s = s - product;
        }
        if (s < best) {
            best = s;
            *id = k;
        }
    }
    free(mu);
    return fabsf(best) <= FLT_MAX;
}

/* All codebooks of one vector. */
static inline bool quantize_plainly(const struct vq *vq, const float *x, uint32_t *id,
                                    float *distance, float *z_q)
{
    float *r = malloc(vq->dim * 4);
    bool finite = true;
    memcpy(r, x, vq->dim * 4);
    for (uint32_t b = 0; b < vq->n_codebook && finite; b++) {
        const float *book = vq->codeword + (size_t)b * vq->n_code * vq->dim;
        finite = search(vq, book, r, &id[b]);
        const float *c = book + (size_t)id[b] * vq->dim;
        float sum = 0.0f;
        for (uint32_t d = 0; d < vq->dim; d++) {
            float difference = r[d] - c[d], square = difference * difference;
            sum = sum + square;
            z_q[d] = b == 0 ? c[d] : z_q[d] + c[d];
        }
        distance[b] = sum;
        for (uint32_t d = 0; d < vq->dim; d++) r[d] = r[d] - c[d];
    }
    free(r);
    return finite;
}

static inline bool agrees(const struct vq *vq, const float *x, size_t n)
{
    size_t n_id = n * vq->n_codebook, n_x = n * vq->dim;
    uint32_t *id = malloc(n_id * 4), *expected_id = malloc(n_id * 4);
    float *distance = malloc(n_id * 4), *expected_distance = malloc(n_id * 4);
    float *z_q = malloc(n_x * 4), *expected_z_q = malloc(n_x * 4), *decoded = malloc(n_x * 4);
    bool same = true;
    for (size_t i = 0; i < n; i++)
        same = same &&
               quantize_plainly(vq, x + i * vq->dim, expected_id + i * vq->n_codebook,
                                expected_distance + i * vq->n_codebook, expected_z_q + i * vq->dim);
    for (size_t c = 0; c < N_CPU && same; c++) {
        voq_model *model = model_from(vq, cpus[c]);
        if (!model) continue;
        same = voq_quantize(model, x, n, CODES(id, distance, z_q, n), NULL) == VOQ_OK &&
               check_bits(__FILE__, __LINE__, "id", id, expected_id, n_id) &&
               check_bits(__FILE__, __LINE__, "distance", distance, expected_distance, n_id) &&
               check_bits(__FILE__, __LINE__, "z_q", z_q, expected_z_q, n_x) &&
               voq_decode(model, id, n, decoded) == VOQ_OK &&
               check_bits(__FILE__, __LINE__, "decoded", decoded, z_q, n_x) &&
               voq_quantize(model, x, n, UNITS(id, NULL, n), NULL) == VOQ_OK &&
               check_bits(__FILE__, __LINE__, "id alone", id, expected_id, n_id);
        if (!same) printf("# cpu %d\n", (int)cpus[c]);
        voq_model_close(model);
    }
    free(id);
    free(expected_id);
    free(distance);
    free(expected_distance);
    free(z_q);
    free(expected_z_q);
    free(decoded);
    return same;
}

#endif
