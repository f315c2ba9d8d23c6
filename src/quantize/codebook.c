/* SPDX-License-Identifier: MIT */
#include "src/quantize/codebook.h"

#include "src/base/finite.h"
#include "src/quantize/code_screen.h"

#include <math.h>
#include <string.h>

static void mean_of(const float *codeword, size_t n_code, size_t dim, float *mean)
{
    for (size_t d = 0; d < dim; d++) {
        double sum = 0.0;
        for (size_t k = 0; k < n_code; k++) sum += (double)codeword[k * dim + d];
        mean[d] = (float)(sum / (double)n_code);
    }
    for (size_t d = dim; d < SCREEN_WIDTH(dim); d++) mean[d] = 0.0f;
}

static void pack(const float *codeword, const float *mean, size_t n_code, size_t n_group,
                 size_t dim, float *packed, float *half_norm)
{
    memset(packed, 0, n_group * CODE_GROUP * dim * sizeof *packed);
    for (size_t k = 0; k < n_group * CODE_GROUP; k++) {
        half_norm[k] = INFINITY;
        if (k >= n_code) continue;
        float *group = packed + k / CODE_GROUP * CODE_GROUP * dim + k % CODE_GROUP;
        double norm = 0.0;
        for (size_t d = 0; d < dim; d++) {
            float c = (float)((double)codeword[k * dim + d] - (double)mean[d]);
            group[d * CODE_GROUP] = c;
            norm += (double)c * (double)c;
        }
        half_norm[k] = (float)(norm / 2.0);
    }
}

void voq_quantizer_place(struct quantizer *quantizer, const struct kernel *kernel,
                         const float *codeword, size_t n_codebook, size_t n_code, size_t dim,
                         struct arena *arena)
{
    bool has_screen = kernel->screen && voq_screen_pays(n_code, dim);
    size_t n_group = (n_code + CODE_GROUP - 1) / CODE_GROUP, n_padded = n_group * CODE_GROUP;
    struct codebook *codebook = ARENA_TAKE(arena, n_codebook, struct codebook);
    for (size_t i = 0; i < n_codebook; i++) {
        float *mean = ARENA_TAKE(arena, SCREEN_WIDTH(dim), float);
        float *packed = ARENA_TAKE(arena, n_padded * dim, float);
        float *half_norm = ARENA_TAKE(arena, n_padded, float);
        struct screen screen = {0};
        if (arena->base) {
            const float *stored = codeword + i * n_code * dim;
            mean_of(stored, n_code, dim, mean);
            pack(stored, mean, n_code, n_group, dim, packed, half_norm);
            codebook[i] = (struct codebook){stored, mean, packed, half_norm, screen};
        }
        if (has_screen)
            voq_screen_place(arena->base ? &codebook[i].screen : &screen, packed, half_norm,
                             n_code, dim, arena);
    }
    if (arena->base) *quantizer = (struct quantizer){n_codebook, n_code, n_group, dim, codebook};
}

static float squared_distance(const float *a, const float *b, size_t dim)
{
    float sum = 0.0f;
    for (size_t d = 0; d < dim; d++) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

/* Rows of x[n][dim], centred, as rows of `width`, padded with zeros. */
static void centre(const struct codebook *book, const float *x, size_t n, size_t dim, size_t width,
                   float *centred)
{
    for (size_t i = 0; i < n; i++, x += dim, centred += width) {
        for (size_t d = 0; d < dim; d++) centred[d] = x[d] - book->mean[d];
        for (size_t d = dim; d < width; d++) centred[d] = 0.0f;
    }
}

/* One codebook over up to SEARCH_BLOCK vectors; returns how many have a finite winner. */
static size_t search_all(const struct quantizer *q, const struct codebook *book,
                         const struct kernel *kernel, const float *x, size_t n, float *centred,
                         uint32_t *id)
{
    float score[SEARCH_BLOCK];
    size_t n_done = 0;
    centre(book, x, n, q->dim, q->dim, centred);
    kernel->nearest(book->packed, book->half_norm, q->n_group, q->dim, centred, n, id, score);
    while (n_done < n && !not_finite(score[n_done])) n_done++;
    return n_done;
}

/* The nearest codeword of one vector by the definition, in the groups of the survivors. */
static void search_survivors(const struct quantizer *q, const struct codebook *book,
                             const struct kernel *kernel, const float *x,
                             const struct survivors *survivors, float *centred, uint32_t *id)
{
    float best = INFINITY, score;
    uint32_t lane;
    *id = 0;
    centre(book, x, 1, q->dim, q->dim, centred);
    for (uint32_t i = 0; i < survivors->n; i++) {
        uint32_t group = survivors->id[i] / CODE_GROUP;
        kernel->nearest(book->packed + group * q->dim * CODE_GROUP,
                        book->half_norm + group * CODE_GROUP, 1, q->dim, centred, 1, &lane,
                        &score);
        uint32_t code = group * CODE_GROUP + lane;
        if (score > best || (score == best && code > *id)) continue;
        best = score;
        *id = code;
    }
}

/* As search_all; few vectors have more than one survivor. */
static size_t search(const struct quantizer *q, const struct codebook *book,
                     const struct kernel *kernel, const float *x, size_t n, float *scratch,
                     uint32_t *id)
{
    const struct screen *screen = &book->screen;
    if (screen->margin == 0) return search_all(q, book, kernel, x, n, scratch, id);
    int32_t shift[SEARCH_BLOCK];
    struct survivors survivors[SEARCH_BLOCK];
    static const uint32_t row[SEARCH_BLOCK] = {0, 1, 2, 3};
    const int16_t *in_place = (const int16_t *)(const void *)scratch;
    struct rounded rounded = {in_place, 2 * screen->width, shift, row, n};
    centre(book, x, n, q->dim, screen->width, scratch);
    kernel->screen->round(screen, scratch, n, shift);
    kernel->screen->search(screen, &rounded, survivors);
    for (size_t i = 0; i < n; i++) {
        const float *v = x + i * q->dim;
        if (survivors[i].n == 1)
            id[i] = survivors[i].id[0];
        else if (survivors[i].n > 1)
            search_survivors(q, book, kernel, v, &survivors[i], scratch, &id[i]);
        else if (search_all(q, book, kernel, v, 1, scratch, &id[i]) == 0)
            return i;
    }
    return n;
}

static size_t run_block(const struct quantizer *q, const struct kernel *kernel, const float *x,
                        size_t n, float *scratch, uint32_t *id, float *distance)
{
    float *row = scratch, *residual = scratch + SEARCH_BLOCK * SCREEN_WIDTH(q->dim);
    for (size_t b = 0; b < q->n_codebook; b++) {
        const struct codebook *book = &q->codebook[b];
        uint32_t winner[SEARCH_BLOCK];
        n = search(q, book, kernel, x, n, row, winner);
        for (size_t i = 0; i < n; i++) {
            const float *v = x + i * q->dim, *c = book->codeword + winner[i] * q->dim;
            id[i * q->n_codebook + b] = winner[i];
            if (distance) distance[i * q->n_codebook + b] = squared_distance(v, c, q->dim);
            if (b + 1 < q->n_codebook)
                for (size_t d = 0; d < q->dim; d++) residual[i * q->dim + d] = v[d] - c[d];
        }
        x = residual;
    }
    return n;
}

size_t voq_quantizer_run(const struct quantizer *q, const struct kernel *kernel, const float *x,
                         size_t n, float *scratch, uint32_t *id, float *distance, float *z_q)
{
    uint32_t unasked[SEARCH_BLOCK * MAX_CODEBOOKS];
    for (size_t i = 0; i < n; i += SEARCH_BLOCK) {
        size_t block = n - i < SEARCH_BLOCK ? n - i : SEARCH_BLOCK;
        uint32_t *block_id = id ? id + i * q->n_codebook : unasked;
        size_t n_done = run_block(q, kernel, x + i * q->dim, block, scratch, block_id,
                                  distance ? distance + i * q->n_codebook : NULL);
        for (size_t j = 0; z_q && j < n_done; j++)
            voq_quantizer_decode(q, block_id + j * q->n_codebook, z_q + (i + j) * q->dim);
        if (n_done < block) return i + n_done;
    }
    return n;
}

void voq_quantizer_decode(const struct quantizer *q, const uint32_t *id, float *z_q)
{
    memcpy(z_q, q->codebook[0].codeword + id[0] * q->dim, q->dim * sizeof *z_q);
    for (size_t b = 1; b < q->n_codebook; b++) {
        const float *c = q->codebook[b].codeword + id[b] * q->dim;
        for (size_t d = 0; d < q->dim; d++) z_q[d] += c[d];
    }
}
