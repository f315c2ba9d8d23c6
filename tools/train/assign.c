/* SPDX-License-Identifier: MIT */
#include "tools/train/assign.h"

#include "tools/train/bounds.h"
#include "tools/train/ordered.h"
#include "tools/train/two_nearest.h"

#include <stdlib.h>
#include <string.h>

/* Bounds cost a second search and pay later: they are tried after so many passes without, again
   after as many more where most frames had to be searched all the same. */
enum { PLAIN_PASSES = 8 };

struct scratch {
    float *x; /* [FRAMES_BLOCK][dim] */
    uint32_t *id;
    float *distance;
    float *wanted, *centred; /* [TWO_NEAREST_FRAMES][dim]: frames to search */
    size_t place[TWO_NEAREST_FRAMES];
    size_t n_wanted;
    struct totals block;
};

struct assigner {
    const struct frames *frames;
    struct assign_options options;
    struct scratch *scratch; /* one a thread */
    struct bound *bound;     /* [n_bound]: of the first frames */
    uint64_t n_bound;
    float *before; /* the codewords of the last pass; what bounds refer to */
    bool bounded;  /* the pass before has set the bounds */
    int n_plain;   /* passes to come without bounds */
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

static bool search_wanted(struct assigner *assigner, struct scratch *scratch, uint64_t first,
                          struct failure *failure)
{
    uint32_t dim = frames_dim(assigner->frames), id[TWO_NEAREST_FRAMES];
    float second[TWO_NEAREST_FRAMES];
    if (!two_nearest(assigner->model, scratch->wanted, scratch->n_wanted, scratch->centred, id,
                     second))
        return incomparable(failure, "a distance overflows");
    for (size_t i = 0; i < scratch->n_wanted; i++) {
        size_t place = scratch->place[i];
        scratch->id[place] = id[i];
        scratch->distance[place] = codeword_distance(scratch->wanted + i * dim,
                                                     assigner->codeword + (size_t)id[i] * dim, dim);
        bound_set(&assigner->bounds, &assigner->bound[first + place], id[i],
                  scratch->centred + i * dim, second[i]);
    }
    scratch->block.n_searched += scratch->n_wanted;
    scratch->n_wanted = 0;
    return true;
}

/* The first n frames of a block, which have bounds. */
static bool assign_bounded(struct assigner *assigner, struct scratch *scratch, uint64_t first,
                           size_t n, struct failure *failure)
{
    uint32_t dim = frames_dim(assigner->frames);
    scratch->n_wanted = 0;
    for (size_t i = 0; i < n; i++) {
        const float *x = scratch->x + i * dim;
        struct bound *bound = &assigner->bound[first + i];
        if (assigner->bounded) {
            scratch->id[i] = bound->id;
            scratch->distance[i] = codeword_distance(
                x, assigner->codeword + (size_t)bound->id * dim, dim);
            if (bound_holds(&assigner->bounds, bound, scratch->distance[i])) continue;
        }
        memcpy(scratch->wanted + scratch->n_wanted * dim, x, dim * sizeof *x);
        scratch->place[scratch->n_wanted++] = i;
        if (scratch->n_wanted == TWO_NEAREST_FRAMES &&
            !search_wanted(assigner, scratch, first, failure))
            return false;
    }
    return scratch->n_wanted == 0 || search_wanted(assigner, scratch, first, failure);
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
    scratch->block.n_searched += n - n_bound;
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
    uint64_t n_kept = totals->n_frame - totals->n_searched;
    if (assigner->n_plain > 0) {
        assigner->n_plain--;
    } else if (assigner->bounded && n_kept < assigner->n_bound / 2) {
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
                 assigner->bounded ? assigner->before : NULL, n_code, dim);
    bool good = ordered_run(assigner->options.n_thread, frames_block_count(assigner->frames),
                            assign_block, assigner, failure);
    voq_model_close(assigner->model);
    memcpy(assigner->before, codeword, sizeof *codeword * n_code * dim);
    choose_search(assigner, totals);
    return good;
}

static bool scratch_new(struct scratch *scratch, uint32_t n_code, uint32_t dim)
{
    scratch->x = malloc(FRAMES_BLOCK * sizeof *scratch->x * dim);
    scratch->id = malloc(FRAMES_BLOCK * sizeof *scratch->id);
    scratch->distance = malloc(FRAMES_BLOCK * sizeof *scratch->distance);
    scratch->wanted = malloc(TWO_NEAREST_FRAMES * sizeof *scratch->wanted * dim);
    scratch->centred = malloc(TWO_NEAREST_FRAMES * sizeof *scratch->centred * dim);
    return totals_new(&scratch->block, n_code, dim) && scratch->x && scratch->id &&
           scratch->distance && scratch->wanted && scratch->centred;
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
    made->n_bound = options->memory / sizeof *made->bound;
    if (made->n_bound > frames_count(frames)) made->n_bound = frames_count(frames);
    made->bound = calloc((size_t)made->n_bound + 1, sizeof *made->bound);
    made->before = malloc(sizeof *made->before * options->n_code * dim);
    made->scratch = calloc(options->n_thread, sizeof *made->scratch);
    bool good = made->bound && made->before && made->scratch;
    for (size_t i = 0; good && i < options->n_thread; i++)
        good = scratch_new(&made->scratch[i], options->n_code, dim);
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
        free(scratch->wanted);
        free(scratch->centred);
        totals_free(&scratch->block);
    }
    free(assigner->scratch);
    free(assigner->bound);
    free(assigner->before);
    free(assigner);
}
