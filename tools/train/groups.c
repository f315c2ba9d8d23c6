/* SPDX-License-Identifier: MIT */
#include "tools/train/groups.h"

#include "src/quantize/code_screen.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool groups_new(struct groups *groups, uint32_t n_code, uint32_t dim)
{
    uint32_t n_group = (n_code + CODE_GROUP - 1) / CODE_GROUP;
    size_t n_place = (size_t)n_group * CODE_GROUP;
    *groups = (struct groups){.n_code = n_code, .n_group = n_group, .dim = dim};
    groups->code = malloc(n_code * sizeof *groups->code);
    groups->group = malloc(n_code * sizeof *groups->group);
    groups->packed = calloc(n_place * dim, sizeof *groups->packed);
    groups->half_norm = malloc(n_place * sizeof *groups->half_norm);
    struct arena measured = {0};
    voq_screen_place(NULL, NULL, NULL, n_code, dim, &measured);
    groups->screen_memory = malloc(arena_size(&measured));
    return groups->code && groups->group && groups->packed && groups->half_norm &&
           groups->screen_memory;
}

void groups_free(struct groups *groups)
{
    free(groups->code);
    free(groups->group);
    free(groups->packed);
    free(groups->half_norm);
    free(groups->screen_memory);
    *groups = (struct groups){0};
}

/* The position of a codeword along the direction that splits a set of codewords. */
struct placed {
    double along;
    uint32_t code;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    if (p->along != q->along) return p->along < q->along ? -1 : 1;
    return (p->code > q->code) - (p->code < q->code);
}

static void sort_along(struct placed *placed, uint32_t n, const float *codeword, uint32_t dim,
                       const double *direction)
{
    for (uint32_t i = 0; i < n; i++) {
        const float *c = codeword + (size_t)placed[i].code * dim;
        placed[i].along = 0;
        for (uint32_t d = 0; d < dim; d++) placed[i].along += (double)c[d] * direction[d];
    }
    qsort(placed, n, sizeof *placed, by_place);
}

static void add_scaled(const float *codeword, double scale, double *sum, uint32_t dim)
{
    for (uint32_t d = 0; d < dim; d++) sum[d] += (double)codeword[d] * scale;
}

/* Halves n codewords until they fit into a group, filling the first groups completely. Iterating
   the direction between the means of the halves approaches that of the largest variance. */
static void split(struct placed *placed, uint32_t n, const float *codeword, uint32_t dim,
                  double *direction)
{
    enum { ROUNDS = 8 };
    if (n <= CODE_GROUP) return;
    uint32_t n_group = (n + CODE_GROUP - 1) / CODE_GROUP, left = n_group / 2 * CODE_GROUP;
    memset(direction, 0, dim * sizeof *direction);
    add_scaled(codeword + (size_t)placed[0].code * dim, -1, direction, dim);
    add_scaled(codeword + (size_t)placed[n - 1].code * dim, 1, direction, dim);
    for (int round = 0; round < ROUNDS; round++) {
        sort_along(placed, n, codeword, dim, direction);
        memset(direction, 0, dim * sizeof *direction);
        for (uint32_t i = 0; i < n; i++)
            add_scaled(codeword + (size_t)placed[i].code * dim,
                       i < left ? -1.0 / left : 1.0 / (n - left), direction, dim);
    }
    split(placed, left, codeword, dim, direction);
    split(placed + left, n - left, codeword, dim, direction);
}

static int by_code(const void *a, const void *b)
{
    const uint32_t *p = a, *q = b;
    return (*p > *q) - (*p < *q);
}

bool groups_arrange(struct groups *groups, const float *codeword)
{
    uint32_t n = groups->n_code;
    struct placed *placed = malloc(n * sizeof *placed);
    double *direction = malloc(groups->dim * sizeof *direction);
    bool good = placed && direction;
    for (uint32_t k = 0; good && k < n; k++) placed[k] = (struct placed){.code = k};
    if (good) split(placed, n, codeword, groups->dim, direction);
    for (uint32_t i = 0; good && i < n; i++) {
        groups->code[i] = placed[i].code;
        groups->group[placed[i].code] = i / CODE_GROUP;
    }
    free(placed);
    free(direction);
    for (uint32_t first = 0; good && first < n; first += CODE_GROUP) {
        uint32_t size = n - first < CODE_GROUP ? n - first : CODE_GROUP;
        qsort(groups->code + first, size, sizeof *groups->code, by_code);
    }
    return good;
}

/* The offset of code or position i in a packed codebook. */
static size_t packed_at(size_t i, size_t dim)
{
    return i / CODE_GROUP * CODE_GROUP * dim + i % CODE_GROUP;
}

void groups_pack(struct groups *groups, const struct codebook *codebook)
{
    size_t dim = groups->dim;
    for (size_t i = 0; i < (size_t)groups->n_group * CODE_GROUP; i++) {
        groups->half_norm[i] = INFINITY;
        if (i >= groups->n_code) continue;
        uint32_t code = groups->code[i];
        float *to = groups->packed + packed_at(i, dim);
        const float *from = codebook->packed + packed_at(code, dim);
        for (size_t d = 0; d < dim; d++) to[d * CODE_GROUP] = from[d * CODE_GROUP];
        groups->half_norm[i] = codebook->half_norm[code];
    }
    struct arena arena = arena_in(groups->screen_memory);
    groups->screen.margin = 0;
    if (codebook->screen.margin > 0)
        voq_screen_place(&groups->screen, groups->packed, groups->half_norm, groups->n_code, dim,
                         &arena);
}
