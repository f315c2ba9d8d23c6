/* SPDX-License-Identifier: MIT */
#include "tools/train/group_search.h"

#include "tools/train/squared_distance.h"
#include "tools/base/wide.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool group_search_new(struct group_search *search, uint32_t dim)
{
    size_t n = SEARCH_FRAMES;
    *search = (struct group_search){.dim = dim, .width = SCREEN_WIDTH(dim)};
    search->centred = malloc(n * search->width * sizeof(float));
    search->gathered = malloc(SEARCH_CHUNK * dim * sizeof(float));
    search->square = malloc(n * sizeof(float));
    search->limit = malloc(n * sizeof(float));
    search->base = malloc(n * sizeof(float));
    search->error = malloc(n * sizeof(float));
    search->score = malloc(n * sizeof(float));
    search->id = malloc(n * sizeof(uint32_t));
    search->screen = calloc(1, sizeof *search->screen);
    return search->centred && search->gathered && search->square && search->limit &&
           search->base && search->error && search->score && search->id && search->screen;
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
    free(search->screen);
    *search = (struct group_search){0};
}

/* The squared distances of squared_distance.h of four frames to their codewords: while one sum
   waits for its last addition, the others go on. */
WIDE static void own_distances_4(const struct search_batch *batch, size_t i, const float *codeword,
                                 size_t dim)
{
    enum { STRIP = 64 };
    float s0 = 0, s1 = 0, s2 = 0, s3 = 0, term[4][STRIP];
    for (size_t first = 0; first < dim; first += STRIP) {
        size_t n = dim - first < STRIP ? dim - first : STRIP;
        for (size_t k = 0; k < 4; k++) {
            const float *x = batch->x + (i + k) * dim + first;
            const float *c = codeword + batch->id[i + k] * dim + first;
            for (size_t d = 0; d < n; d++) term[k][d] = (x[d] - c[d]) * (x[d] - c[d]);
        }
        for (size_t d = 0; d < n; d++) {
            s0 += term[0][d];
            s1 += term[1][d];
            s2 += term[2][d];
            s3 += term[3][d];
        }
    }
    batch->distance[i] = s0;
    batch->distance[i + 1] = s1;
    batch->distance[i + 2] = s2;
    batch->distance[i + 3] = s3;
}

WIDE static void own_distances(const struct search_batch *batch, const float *codeword, size_t dim)
{
    size_t i = 0;
    for (; i + 4 <= batch->n; i += 4) own_distances_4(batch, i, codeword, dim);
    for (; i < batch->n; i++)
        batch->distance[i] = squared_distance(batch->x + i * dim,
                                              codeword + (size_t)batch->id[i] * dim, dim);
}

/* Centres n frames of the batch, from the first on, as rows that are padded with zeros. */
WIDE static void centre(const struct search_batch *batch, const float *mean,
                        const struct group_search *search, size_t first, size_t n)
{
    size_t dim = search->dim, width = search->width, whole = dim / 8 * 8;
    for (size_t i = first; i < first + n; i++) {
        const float *x = batch->x + i * dim;
        float *row = search->centred + i * width, sum[8] = {0}, rest = 0;
        for (size_t d = 0; d < whole; d += 8)
            for (size_t k = 0; k < 8; k++) {
                row[d + k] = x[d + k] - mean[d + k];
                sum[k] += row[d + k] * row[d + k];
            }
        for (size_t d = whole; d < dim; d++) {
            row[d] = x[d] - mean[d];
            rest += row[d] * row[d];
        }
        for (size_t d = dim; d < width; d++) row[d] = 0;
        search->square[i] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) +
                            ((sum[4] + sum[5]) + (sum[6] + sum[7])) + rest;
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

/* Scores n frames by the definition. score[n]: the best of the group. */
static void score_chunk(struct group_search *search, const struct pass_search *pass, uint32_t g,
                        const uint32_t *frame, size_t n, float *score)
{
    const struct groups *groups = pass->bounds->groups;
    const uint32_t *code = groups->code + (size_t)g * CODE_GROUP;
    size_t dim = search->dim;
    uint32_t lane[SEARCH_CHUNK];
    for (size_t j = 0; j < n; j++)
        memcpy(search->gathered + j * dim, search->centred + frame[j] * search->width,
               dim * sizeof(float));
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
    }
}

static bool has_screen(const struct pass_search *pass)
{
    return pass->bounds->groups->screen.margin > 0;
}

static void search_chunk(struct group_search *search, const struct pass_search *pass, uint32_t g,
                         const uint32_t *frame, size_t n, float *lower)
{
    float score[SEARCH_CHUNK];
    if (has_screen(pass))
        group_screen_run(search->screen, pass->bounds->groups, pass->kernel, g, search->centred,
                         frame, n, score);
    else
        score_chunk(search, pass, g, frame, n, score);
    for (size_t j = 0; j < n; j++) {
        size_t i = frame[j];
        lower[i] = bounds_lower(score[j], search->base[i], search->error[i]);
    }
}

/* Scores frame i by the definition, in the groups that its new bounds do not exclude. */
static void score_frame(struct group_search *search, const struct pass_search *pass,
                        const struct search_batch *batch, uint32_t i)
{
    float score;
    centre(batch, pass->mean, search, i, 1);
    for (uint32_t g = 0; g < pass->bounds->groups->n_group; g++)
        if (!(batch->lower[(size_t)g * SEARCH_FRAMES + i] > search->limit[i]))
            score_chunk(search, pass, g, &i, 1, &score);
}

/* The nearest codeword of a frame whose groups were searched; false: its score is not finite. */
static bool find_winner(struct group_search *search, const struct pass_search *pass,
                        const struct search_batch *batch, uint32_t i, uint32_t *id)
{
    if (has_screen(pass)) {
        *id = search->screen->id[i];
        if (group_screen_is_certain(search->screen, pass->bounds->groups, i)) return true;
        score_frame(search, pass, batch, i);
    }
    *id = search->id[i];
    return isfinite(search->score[i]);
}

/* Stores the results. A frame for which no group was searched keeps its codeword. */
static bool settle(struct group_search *search, const struct pass_search *pass,
                   const struct search_batch *batch, const int32_t *near, bool known)
{
    const struct groups *groups = pass->bounds->groups;
    size_t dim = search->dim;
    for (uint32_t i = 0; i < batch->n; i++) {
        uint32_t id;
        if (!near[i]) continue;
        if (!find_winner(search, pass, batch, i, &id)) return false;
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
    centre(batch, pass->mean, search, 0, batch->n);
    bounds_base(pass->bounds, search->square, batch->n, search->base, search->error);
    if (known) {
        own_distances(batch, pass->codeword, search->dim);
        bounds_limit(pass->bounds, batch->distance, batch->n, search->limit);
        move_bounds(search, pass->bounds, batch, near);
    }
    if (has_screen(pass))
        group_screen_begin(search->screen, pass->bounds->groups, pass->kernel, search->centred,
                           batch->n);
    for (uint32_t g = 0; g < pass->bounds->groups->n_group; g++) {
        float *lower = batch->lower + (size_t)g * SEARCH_FRAMES;
        size_t n = find_near(lower, search->limit, batch->n, frame);
        for (size_t first = 0; first < n; first += SEARCH_CHUNK) {
            size_t n_chunk = n - first < SEARCH_CHUNK ? n - first : SEARCH_CHUNK;
            search_chunk(search, pass, g, frame + first, n_chunk, lower);
        }
        *n_searched += n;
    }
    return settle(search, pass, batch, near, known);
}
