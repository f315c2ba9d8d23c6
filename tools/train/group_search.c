/* SPDX-License-Identifier: MIT */
#include "tools/train/group_search.h"

#include "tools/train/squared_distance.h"
#include "tools/base/wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 }; /* frames per call of the kernel */

bool group_search_new(struct group_search *search, uint32_t dim)
{
    size_t n = SEARCH_FRAMES;
    *search = (struct group_search){.dim = dim};
    search->centred = malloc(n * dim * sizeof(float));
    search->gathered = malloc(CHUNK * dim * sizeof(float));
    search->square = malloc(n * sizeof(float));
    search->limit = malloc(n * sizeof(float));
    search->base = malloc(n * sizeof(float));
    search->error = malloc(n * sizeof(float));
    search->score = malloc(n * sizeof(float));
    search->id = malloc(n * sizeof(uint32_t));
    return search->centred && search->gathered && search->square && search->limit &&
           search->base && search->error && search->score && search->id;
}

void group_search_free(struct group_search *search)
{
    free(search->centred);
    free(search->gathered);
    free(search->square);
    free(search->limit);
    free(search->base);
    free(search->error);
    free(search->score);
    free(search->id);
    *search = (struct group_search){0};
}

WIDE static void own_distances(const struct search_batch *batch, const float *codeword, size_t dim)
{
    for (size_t i = 0; i < batch->n; i++)
        batch->distance[i] = squared_distance(batch->x + i * dim,
                                              codeword + (size_t)batch->id[i] * dim, dim);
}

WIDE static void centre(const struct search_batch *batch, const float *mean, size_t dim,
                        float *centred, float *square)
{
    for (size_t i = 0; i < batch->n; i++) {
        const float *x = batch->x + i * dim;
        for (size_t d = 0; d < dim; d++) centred[i * dim + d] = x[d] - mean[d];
        square[i] = squared_distance(x, mean, dim);
    }
}

WIDE static void note_near(const float *lower, const float *limit, size_t n, int32_t *near)
{
    for (size_t i = 0; i < n; i++) near[i] |= !(lower[i] > limit[i]);
}

/* Moves the bounds. If a group is too near, or another codeword of the frame's own group is, the
   own group must be searched too. */
static void move_bounds(const struct group_search *search, const struct bounds *bounds,
                        const struct search_batch *batch, int32_t *near)
{
    const struct groups *groups = bounds->groups;
    for (size_t i = 0; i < batch->n; i++) near[i] = 0;
    for (uint32_t g = 0; g < groups->n_group; g++) {
        float *lower = batch->lower + (size_t)g * SEARCH_FRAMES;
        bounds_move(bounds, g, batch->n, lower);
        note_near(lower, search->limit, batch->n, near);
    }
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t id = batch->id[i];
        near[i] |= !(bounds->apart[id] > 2 * search->limit[i]);
        if (near[i])
            batch->lower[(size_t)groups->group[id] * SEARCH_FRAMES + i] = 0;
    }
}

/* Finds the frames for which a group is too near to be excluded. */
static size_t find_near(const float *lower, const float *limit, size_t n, uint32_t *frame)
{
    size_t n_near = 0;
    for (size_t i = 0; i < n; i++) {
        frame[n_near] = (uint32_t)i;
        n_near += !(lower[i] > limit[i]);
    }
    return n_near;
}

static void search_chunk(struct group_search *search, const struct pass_search *pass, uint32_t g,
                         const uint32_t *frame, size_t n, float *lower)
{
    const struct groups *groups = pass->bounds->groups;
    const uint32_t *code = groups->code + (size_t)g * CODE_GROUP;
    size_t dim = search->dim;
    uint32_t lane[CHUNK];
    float score[CHUNK];
    for (size_t j = 0; j < n; j++)
        memcpy(search->gathered + j * dim, search->centred + frame[j] * dim, dim * sizeof(float));
    pass->kernel->nearest(groups->packed + g * dim * CODE_GROUP,
                          groups->half_norm + (size_t)g * CODE_GROUP, 1, dim, search->gathered, n,
                          lane, score);
    for (size_t j = 0; j < n; j++) {
        size_t i = frame[j];
        float s = score[j], best = search->score[i];
        uint32_t id = code[lane[j]];
        bool better = (s < best) | ((s == best) & (id < search->id[i]));
        search->score[i] = better ? s : best;
        search->id[i] = better ? id : search->id[i];
        lower[i] = bounds_lower(s, search->base[i], search->error[i]);
    }
}

/* Stores the results. A frame for which no group was searched keeps its codeword. */
static bool settle(const struct group_search *search, const struct pass_search *pass,
                   const struct search_batch *batch, const int32_t *near, bool known)
{
    const struct groups *groups = pass->bounds->groups;
    size_t dim = search->dim;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t id = search->id[i];
        if (!near[i]) continue;
        if (!isfinite(search->score[i])) return false;
        batch->lower[(size_t)groups->group[id] * SEARCH_FRAMES + i] = INFINITY;
        if (known && id == batch->id[i]) continue;
        batch->id[i] = id;
        batch->distance[i] =
            squared_distance(batch->x + i * dim, pass->codeword + (size_t)id * dim, dim);
    }
    return true;
}

bool group_search_run(struct group_search *search, const struct pass_search *pass,
                      const struct search_batch *batch, bool known, uint64_t *n_searched)
{
    uint32_t frame[SEARCH_FRAMES];
    int32_t near[SEARCH_FRAMES];
    for (size_t i = 0; i < batch->n; i++) {
        search->limit[i] = search->score[i] = INFINITY;
        search->id[i] = UINT32_MAX;
        near[i] = 1;
    }
    centre(batch, pass->mean, search->dim, search->centred, search->square);
    bounds_base(pass->bounds, search->square, batch->n, search->base, search->error);
    if (known) {
        own_distances(batch, pass->codeword, search->dim);
        bounds_limit(pass->bounds, batch->distance, batch->n, search->limit);
        move_bounds(search, pass->bounds, batch, near);
    }
    for (uint32_t g = 0; g < pass->bounds->groups->n_group; g++) {
        float *lower = batch->lower + (size_t)g * SEARCH_FRAMES;
        size_t n = find_near(lower, search->limit, batch->n, frame);
        for (size_t first = 0; first < n; first += CHUNK)
            search_chunk(search, pass, g, frame + first, n - first < CHUNK ? n - first : CHUNK,
                         lower);
        *n_searched += n;
    }
    return settle(search, pass, batch, near, known);
}
