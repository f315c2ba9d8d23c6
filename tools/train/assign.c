/* SPDX-License-Identifier: MIT */
/* One pass over the frames, which are stored in blocks (frames.h). Each thread takes one at a time.

   For each block:
     1. read the frames;
     2. find the nearest codeword of each. Frames that have bounds (the first n_bound, as many as
        the memory allows) go through group_search.c, which compares them with the groups of
        codewords that the bounds do not exclude. The others go through voq_quantize. Both return
        the same bits;
     3. add them to the totals of the thread.

   At the end the totals of the threads are added, then those of the ranks. Sums are exact
   (totals.h), so the result does not depend on which thread or rank took which block.

   Bounds refer to the codewords of the previous pass and move with them. They cost memory and time:
   if a pass could exclude hardly any group, the next PLAIN_PASSES passes do not use them. */
#include "tools/train/assign.h"

#include "src/model/model.h"
#include "tools/base/largest_distance.h"
#include "tools/base/parallel.h"
#include "tools/train/group_search.h"
#include "tools/train/largest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* If hardly any group could be excluded, the next passes do not use bounds. */
enum { PLAIN_PASSES = 2, LEFT_OUT_SHARE = 8 };

struct scratch {
    float *x; /* [FRAMES_BLOCK][dim] */
    uint32_t *id;
    float *distance;
    struct group_search search;
    struct totals totals;
};

struct assigner {
    const struct frames *frames;
    struct assign_options options;
    struct scratch *scratch; /* one per thread */
    float *largest;          /* [dim]: magnitudes of the frames */
    struct groups groups;
    bool arranged;           /* the groups are made */
    uint64_t n_bound;        /* number of frames with bounds, the first ones */
    uint32_t *bound_id;      /* [n_bound]: codes of these frames */
    float *lower;            /* [n_bound/SEARCH_FRAMES][n_group][SEARCH_FRAMES] */
    float *before;           /* the codewords of the last pass, to which bounds refer */
    bool known;              /* the previous pass has set the bounds */
    int n_plain;             /* further passes without bounds */
    /* of the current pass */
    struct bounds bounds;
    struct pass_search search;
    voq_model *model;
};

static bool incomparable(struct failure *failure, const char *why)
{
    return fail(failure, EXIT_INPUT, "frames cannot be compared: %s", why);
}

/* Assigns the first n frames of a block, which have bounds. */
static bool assign_bounded(struct assigner *assigner, struct scratch *scratch, uint64_t first,
                           size_t n, struct failure *failure)
{
    size_t dim = assigner->groups.dim, n_group = assigner->groups.n_group;
    for (size_t i = 0; i < n; i += SEARCH_FRAMES) {
        struct search_batch batch = {
            .n = n - i < SEARCH_FRAMES ? n - i : SEARCH_FRAMES, .x = scratch->x + i * dim,
            .id = assigner->bound_id + first + i, .distance = scratch->distance + i,
            .lower = assigner->lower + (first + i) * n_group};
        if (!group_search_run(&scratch->search, &assigner->search, &batch, assigner->known,
                              &scratch->totals.n_searched))
            return incomparable(failure, "a distance overflows");
    }
    if (n > 0) memcpy(scratch->id, assigner->bound_id + first, n * sizeof *scratch->id);
    return true;
}

static bool add_frames(struct scratch *scratch, uint32_t dim, size_t n, struct failure *failure)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(scratch->distance[i])) return incomparable(failure, "a distance overflows");
        totals_add_frame(&scratch->totals, scratch->x + i * dim, scratch->id[i],
                         scratch->distance[i]);
    }
    return true;
}

static bool assign_block(void *context, size_t worker, size_t block, struct failure *failure)
{
    struct assigner *assigner = context;
    struct scratch *scratch = &assigner->scratch[worker];
    uint32_t dim = frames_dim(assigner->frames);
    uint64_t first = (uint64_t)block * FRAMES_BLOCK;
    voq_error error = {.struct_size = sizeof error};
    size_t n, n_bound = 0;
    if (!frames_get_block(assigner->frames, block, scratch->x, &n, failure)) return false;
    if (assigner->n_bound > first && assigner->n_plain == 0)
        n_bound = assigner->n_bound - first < n ? (size_t)(assigner->n_bound - first) : n;
    if (!assign_bounded(assigner, scratch, first, n_bound, failure)) return false;
    const voq_output output = {.struct_size = sizeof output, .capacity = n - n_bound,
                               .id = scratch->id + n_bound,
                               .distance = scratch->distance + n_bound};
    if (voq_quantize(assigner->model, scratch->x + n_bound * dim, n - n_bound, &output, &error))
        return incomparable(failure, error.text);
    scratch->totals.n_searched += (uint64_t)(n - n_bound) * assigner->groups.n_group;
    return add_frames(scratch, dim, n, failure);
}

/* Decides whether the next pass uses bounds. */
static void choose_search(struct assigner *assigner, const struct totals *totals)
{
    uint64_t n_group = assigner->groups.n_group;
    uint64_t n_left_out = totals->n_frame * n_group - totals->n_searched;
    if (assigner->n_plain > 0) {
        assigner->n_plain--;
    } else if (assigner->known && n_left_out < assigner->n_bound * n_group / LEFT_OUT_SHARE) {
        assigner->known = false;
        assigner->n_plain = PLAIN_PASSES;
    } else {
        assigner->known = true;
    }
}

static void begin_totals(struct assigner *assigner, const float *codeword, struct totals *totals)
{
    uint64_t n = frames_total(assigner->frames);
    double distance =
        largest_distance(assigner->largest, codeword, totals->n_code, totals->dim);
    totals_begin(totals, assigner->largest, distance, n);
    for (size_t i = 0; i < assigner->options.n_thread; i++)
        totals_begin(&assigner->scratch[i].totals, assigner->largest, distance, n);
}

static bool begin_pass(struct assigner *assigner, const float *codeword, struct failure *failure)
{
    const struct codebook *codebook = assigner->model->quantizer.codebook;
    if (!assigner->arranged && !groups_arrange(&assigner->groups, codeword))
        return fail_memory(failure);
    assigner->arranged = true;
    groups_pack(&assigner->groups, codebook);
    bounds_begin(&assigner->bounds, codebook->mean, codeword,
                 assigner->known ? assigner->before : NULL);
    assigner->search = (struct pass_search){.bounds = &assigner->bounds, .codeword = codeword,
                                            .kernel = assigner->model->kernel,
                                            .mean = codebook->mean};
    return true;
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
        return fail(failure, EXIT_USAGE, "the codewords are not a valid codebook: %s", error.text);
    begin_totals(assigner, codeword, totals);
    bool good = begin_pass(assigner, codeword, failure) &&
                parallel_for((size_t)frames_block_count(assigner->frames),
                             assigner->options.n_thread, assign_block, assigner, failure);
    for (size_t i = 0; i < assigner->options.n_thread; i++)
        totals_add(totals, &assigner->scratch[i].totals);
    voq_model_close(assigner->model);
    memcpy(assigner->before, codeword, sizeof *codeword * n_code * dim);
    choose_search(assigner, totals);
    return good && totals_unite(totals, frames_ranks(assigner->frames), failure);
}

static bool scratch_new(struct scratch *scratch, uint32_t n_code, uint32_t dim)
{
    scratch->x = malloc(FRAMES_BLOCK * sizeof *scratch->x * dim);
    scratch->id = malloc(FRAMES_BLOCK * sizeof *scratch->id);
    scratch->distance = malloc(FRAMES_BLOCK * sizeof *scratch->distance);
    return group_search_new(&scratch->search, dim) &&
           totals_new(&scratch->totals, n_code, dim) && scratch->x && scratch->id &&
           scratch->distance;
}

/* Allocates bounds for as many frames as the memory limit allows: all, or whole batches. */
static bool bound_frames(struct assigner *assigner)
{
    uint64_t n_group = assigner->groups.n_group, n_frame = frames_count(assigner->frames);
    uint64_t n_batch = (n_frame + SEARCH_FRAMES - 1) / SEARCH_FRAMES;
    uint64_t size = SEARCH_FRAMES * (sizeof(uint32_t) + n_group * sizeof(float));
    if (n_batch > assigner->options.memory / size) n_batch = assigner->options.memory / size;
    assigner->n_bound = n_batch * SEARCH_FRAMES < n_frame ? n_batch * SEARCH_FRAMES : n_frame;
    assigner->bound_id = calloc((size_t)n_batch + 1, SEARCH_FRAMES * sizeof *assigner->bound_id);
    assigner->lower = calloc((size_t)(n_batch * n_group) + 1,
                             SEARCH_FRAMES * sizeof *assigner->lower);
    return assigner->bound_id && assigner->lower;
}

bool assigner_new(struct assigner **assigner, const struct frames *frames,
                  const struct assign_options *options, struct failure *failure)
{
    uint32_t dim = frames_dim(frames);
    struct assigner *made = calloc(1, sizeof *made);
    if (!made) return fail_memory(failure);
    made->frames = frames;
    made->options = *options;
    made->scratch = calloc(options->n_thread, sizeof *made->scratch);
    made->before = malloc(sizeof *made->before * options->n_code * dim);
    made->largest = malloc(sizeof *made->largest * dim);
    bool good = made->scratch && made->before && made->largest &&
                groups_new(&made->groups, options->n_code, dim) &&
                bounds_new(&made->bounds, &made->groups);
    for (size_t i = 0; good && i < options->n_thread; i++)
        good = scratch_new(&made->scratch[i], options->n_code, dim);
    good = (good && bound_frames(made)) || fail_memory(failure);
    good = good && largest_of_frames(frames, options->n_thread, made->largest, failure);
    if (good)
        *assigner = made;
    else
        assigner_free(made);
    return good;
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
        totals_free(&scratch->totals);
    }
    free(assigner->scratch);
    groups_free(&assigner->groups);
    bounds_free(&assigner->bounds);
    free(assigner->bound_id);
    free(assigner->lower);
    free(assigner->before);
    free(assigner->largest);
    free(assigner);
}
