/* SPDX-License-Identifier: MIT */
#include "tools/train/assign.h"

#include "tools/train/group_search.h"
#include "tools/train/ordered.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* The first passes move codewords too far for bounds. Later, where most groups had to be searched
   all the same, a few passes go without. */
enum { PLAIN_PASSES = 3 };

struct scratch {
    float *x; /* [FRAMES_BLOCK][dim] */
    uint32_t *id;
    float *distance;
    struct group_search search;
    struct totals block;
};

struct assigner {
    const struct frames *frames;
    struct assign_options options;
    struct scratch *scratch; /* one a thread */
    uint64_t n_bound;        /* the first frames have bounds: */
    uint32_t *bound_id;      /* [n_bound]: their codes */
    float *lower;            /* [n_bound][n_group] */
    float *before;           /* the codewords of the last pass; what bounds refer to */
    bool bounded;            /* the pass before has set the bounds */
    int n_plain;             /* passes to come without bounds */
    /* of the pass under way */
    struct bounds bounds;
    const float *codeword;
    voq_model *model;
    struct totals *totals;
};

static bool incomparable(struct failure *failure, const char *why)
{
    return fail(failure, EXIT_INPUT, "frames cannot be compared: %s", why);
}

static bool search_batch(struct assigner *assigner, struct scratch *scratch, uint64_t first,
                         struct failure *failure)
{
    struct group_search *search = &scratch->search;
    uint32_t dim = frames_dim(assigner->frames);
    size_t n = search->n;
    if (!group_search_run(search, &assigner->bounds, assigner->model, &scratch->block.n_searched))
        return incomparable(failure, "a distance overflows");
    for (size_t i = 0; i < n; i++) {
        size_t place = search->place[i];
        uint32_t id = search->id[i];
        if (id != scratch->id[place] || !assigner->bounded)
            scratch->distance[place] = codeword_distance(
                search->x + i * dim, assigner->codeword + (size_t)id * dim, dim);
        scratch->id[place] = assigner->bound_id[first + place] = id;
    }
    return true;
}

/* The first n frames of a block, which have bounds. */
static bool assign_bounded(struct assigner *assigner, struct scratch *scratch, uint64_t first,
                           size_t n, struct failure *failure)
{
    const struct bounds *bounds = &assigner->bounds;
    uint32_t dim = bounds->dim, n_group = bounds->n_group;
    for (size_t i = 0; i < n; i++) {
        const float *x = scratch->x + i * dim;
        float *lower = assigner->lower + (first + i) * n_group, limit = FLT_MAX;
        uint32_t id = assigner->bounded ? assigner->bound_id[first + i] : 0, near = n_group;
        scratch->id[i] = id;
        if (assigner->bounded) {
            scratch->distance[i] =
                codeword_distance(x, assigner->codeword + (size_t)id * dim, dim);
            bounds_move(bounds, id, lower);
            limit = bounds_limit(bounds, scratch->distance[i]);
            near = 0;
            for (uint32_t g = 0; g < n_group; g++) near += lower[g] <= limit;
        }
        if (near == 0) continue;
        group_search_add(&scratch->search, x, id, limit, lower, i);
        if (scratch->search.n == SEARCH_FRAMES && !search_batch(assigner, scratch, first, failure))
            return false;
    }
    return scratch->search.n == 0 || search_batch(assigner, scratch, first, failure);
}

static bool assign_block(struct ordered *ordered, void *context, size_t worker, uint64_t block,
                         struct failure *failure)
{
    struct assigner *assigner = context;
    struct scratch *scratch = &assigner->scratch[worker];
    uint32_t dim = frames_dim(assigner->frames);
    uint64_t first = block * FRAMES_BLOCK;
    voq_error error = {.struct_size = sizeof error};
    size_t n, n_bound = 0;
    if (!frames_get_block(assigner->frames, block, scratch->x, &n, failure)) return false;
    if (assigner->n_bound > first && assigner->n_plain == 0)
        n_bound = assigner->n_bound - first < n ? (size_t)(assigner->n_bound - first) : n;
    totals_clear(&scratch->block);
    if (!assign_bounded(assigner, scratch, first, n_bound, failure)) return false;
    if (voq_quantize(assigner->model, scratch->x + n_bound * dim, n - n_bound,
                     scratch->id + n_bound, scratch->distance + n_bound, NULL, &error))
        return incomparable(failure, error.text);
    scratch->block.n_searched += (uint64_t)(n - n_bound) * assigner->bounds.n_group;
    for (size_t i = 0; i < n; i++)
        totals_add_frame(&scratch->block, scratch->x + i * dim, scratch->id[i],
                         scratch->distance[i]);
    if (!ordered_turn(ordered, block)) return false;
    totals_add(assigner->totals, &scratch->block);
    return true;
}

/* How the next pass goes. */
static void choose_search(struct assigner *assigner, const struct totals *totals)
{
    uint64_t n_group = assigner->bounds.n_group;
    uint64_t n_left_out = totals->n_frame * n_group - totals->n_searched;
    if (assigner->n_plain > 0) {
        assigner->n_plain--;
    } else if (assigner->bounded && n_left_out < assigner->n_bound * n_group / 2) {
        assigner->bounded = false;
        assigner->n_plain = PLAIN_PASSES;
    } else {
        assigner->bounded = true;
    }
}

bool assigner_pass(struct assigner *assigner, const float *codeword, struct totals *totals,
                   struct failure *failure)
{
    uint32_t n_code = assigner->options.n_code, dim = frames_dim(assigner->frames);
    voq_parts parts = {.struct_size = sizeof parts, .codeword = codeword, .n_codebook = 1,
                       .n_code = n_code, .dim = dim, .name = "training"};
    voq_options options = {.struct_size = sizeof options, .cpu = assigner->options.cpu};
    voq_error error = {.struct_size = sizeof error};
    if (voq_model_make(&parts, &options, &assigner->model, &error))
        return fail(failure, EXIT_USAGE, "these codewords make no codebook: %s", error.text);
    totals_clear(totals);
    assigner->totals = totals;
    assigner->codeword = codeword;
    bounds_begin(&assigner->bounds, assigner->model, codeword,
                 assigner->bounded ? assigner->before : NULL);
    bool good = ordered_run(assigner->options.n_thread, frames_block_count(assigner->frames),
                            assign_block, assigner, failure);
    voq_model_close(assigner->model);
    memcpy(assigner->before, codeword, sizeof *codeword * n_code * dim);
    choose_search(assigner, totals);
    return good;
}

static bool scratch_new(struct scratch *scratch, uint32_t n_code, uint32_t n_group, uint32_t dim)
{
    scratch->x = malloc(FRAMES_BLOCK * sizeof *scratch->x * dim);
    scratch->id = malloc(FRAMES_BLOCK * sizeof *scratch->id);
    scratch->distance = malloc(FRAMES_BLOCK * sizeof *scratch->distance);
    return group_search_new(&scratch->search, n_group, dim) &&
           totals_new(&scratch->block, n_code, dim) && scratch->x && scratch->id &&
           scratch->distance;
}

/* As many frames get bounds as the memory holds. */
static bool bound_frames(struct assigner *assigner)
{
    size_t n_group = assigner->bounds.n_group;
    uint64_t n = assigner->options.memory / (sizeof(uint32_t) + n_group * sizeof(float));
    if (n > frames_count(assigner->frames)) n = frames_count(assigner->frames);
    assigner->n_bound = n;
    assigner->bound_id = calloc((size_t)n + 1, sizeof *assigner->bound_id);
    assigner->lower = calloc((size_t)n * n_group + 1, sizeof *assigner->lower);
    return assigner->bound_id && assigner->lower;
}

bool assigner_new(struct assigner **assigner, const struct frames *frames,
                  const struct assign_options *options, struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    struct assigner *made = calloc(1, sizeof *made);
    if (!made) return fail(failure, EXIT_INTERNAL, "out of memory");
    made->frames = frames;
    made->options = *options;
    made->n_plain = PLAIN_PASSES;
    made->scratch = calloc(options->n_thread, sizeof *made->scratch);
    made->before = malloc(sizeof *made->before * options->n_code * dim);
    bool good = made->scratch && made->before && bounds_new(&made->bounds, options->n_code, dim);
    for (size_t i = 0; good && i < options->n_thread; i++)
        good = scratch_new(&made->scratch[i], options->n_code, made->bounds.n_group, dim);
    good = good && bound_frames(made);
    if (good) {
        *assigner = made;
        return true;
    }
    assigner_free(made);
    return fail(failure, EXIT_INTERNAL, "out of memory");
}

void assigner_free(struct assigner *assigner)
{
    if (!assigner) return;
    for (size_t i = 0; assigner->scratch && i < assigner->options.n_thread; i++) {
        struct scratch *scratch = &assigner->scratch[i];
        free(scratch->x);
        free(scratch->id);
        free(scratch->distance);
        group_search_free(&scratch->search);
        totals_free(&scratch->block);
    }
    free(assigner->scratch);
    bounds_free(&assigner->bounds);
    free(assigner->bound_id);
    free(assigner->lower);
    free(assigner->before);
    free(assigner);
}
