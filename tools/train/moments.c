/* SPDX-License-Identifier: MIT */
#include "tools/train/moments.h"

#include "tools/base/exact_sum.h"
#include "tools/base/parallel.h"
#include "tools/train/largest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sums of one thread. */
struct part {
    float *x;        /* [FRAMES_BLOCK][dim] */
    double *largest; /* [dim]: distances from the mean */
    int64_t *sum;    /* [dim] */
};

struct moments;
typedef void take_row(const struct moments *moments, struct part *part, const float *x);

struct moments {
    const struct frames *frames;
    take_row *take; /* what the current pass does with a row */
    size_t n_thread;
    uint32_t dim;
    double *scale;      /* [dim] of the current sums */
    const double *mean; /* [dim] */
    struct part *part;  /* [n_thread] */
};

static void add_row(const struct moments *moments, struct part *part, const float *x)
{
    exact_add_floats(part->sum, x, moments->scale, moments->dim);
}

static void measure_row(const struct moments *moments, struct part *part, const float *x)
{
    for (uint32_t d = 0; d < moments->dim; d++)
        part->largest[d] = fmax(part->largest[d], fabs((double)x[d] - moments->mean[d]));
}

static void add_squares(const struct moments *moments, struct part *part, const float *x)
{
    for (uint32_t d = 0; d < moments->dim; d++) {
        double apart = (double)x[d] - moments->mean[d];
        part->sum[d] += exact_round(apart * apart, moments->scale[d]);
    }
}

static bool take_block(void *context, size_t worker, size_t block, struct failure *failure)
{
    struct moments *moments = context;
    struct part *part = &moments->part[worker];
    size_t n;
    if (!frames_get_block(moments->frames, block, part->x, &n, failure)) return false;
    for (size_t i = 0; i < n; i++) moments->take(moments, part, part->x + i * moments->dim);
    return true;
}

static bool over_rows(struct moments *moments, take_row *take, struct failure *failure)
{
    moments->take = take;
    return parallel_for((size_t)frames_block_count(moments->frames), moments->n_thread, take_block,
                        moments, failure);
}

/* Adds up the parts of all ranks, clears them, and divides by the number of frames. */
static bool take_means(struct moments *moments, double *mean, struct failure *failure)
{
    int64_t *sum = moments->part[0].sum;
    uint32_t dim = moments->dim;
    for (size_t i = 1; i < moments->n_thread; i++) exact_add(sum, moments->part[i].sum, dim);
    if (!ranks_sum(frames_ranks(moments->frames), sum, dim, failure)) return false;
    for (uint32_t d = 0; d < dim; d++)
        mean[d] = exact_value(sum[d], moments->scale[d]) / (double)frames_total(moments->frames);
    for (size_t i = 0; i < moments->n_thread; i++)
        memset(moments->part[i].sum, 0, dim * sizeof *sum);
    return true;
}

static bool take_mean(struct moments *moments, double *mean, struct failure *failure)
{
    float *largest = malloc(moments->dim * sizeof *largest);
    if (!largest) return fail_memory(failure);
    bool good = largest_of_frames(moments->frames, moments->n_thread, largest, failure);
    int bits = exact_bits(frames_total(moments->frames));
    for (uint32_t d = 0; good && d < moments->dim; d++)
        moments->scale[d] = exact_scale((double)largest[d], bits);
    free(largest);
    return good && over_rows(moments, add_row, failure) && take_means(moments, mean, failure);
}

/* The mean square of the distances from the mean. */
static bool take_variance(struct moments *moments, double *variance, struct failure *failure)
{
    if (!over_rows(moments, measure_row, failure)) return false;
    int bits = exact_bits(frames_total(moments->frames));
    double *most = moments->part[0].largest;
    for (size_t i = 1; i < moments->n_thread; i++)
        for (uint32_t d = 0; d < moments->dim; d++)
            most[d] = fmax(most[d], moments->part[i].largest[d]);
    if (!ranks_largest(frames_ranks(moments->frames), most, moments->dim, failure)) return false;
    for (uint32_t d = 0; d < moments->dim; d++)
        moments->scale[d] = exact_scale(most[d] * most[d], bits);
    return over_rows(moments, add_squares, failure) && take_means(moments, variance, failure);
}

static bool parts_new(struct moments *moments)
{
    moments->part = calloc(moments->n_thread, sizeof *moments->part);
    for (size_t i = 0; moments->part && i < moments->n_thread; i++) {
        struct part *part = &moments->part[i];
        part->x = malloc(FRAMES_BLOCK * sizeof *part->x * moments->dim);
        part->largest = calloc(moments->dim, sizeof *part->largest);
        part->sum = calloc(moments->dim, sizeof *part->sum);
        if (!part->x || !part->largest || !part->sum) return false;
    }
    return moments->part != NULL;
}

static void parts_free(struct moments *moments)
{
    for (size_t i = 0; moments->part && i < moments->n_thread; i++) {
        free(moments->part[i].x);
        free(moments->part[i].largest);
        free(moments->part[i].sum);
    }
    free(moments->part);
}

bool moments_of_frames(const struct frames *frames, size_t n_thread, double *mean,
                       double *variance, struct failure *failure)
{
    struct moments moments = {.frames = frames, .n_thread = n_thread, .dim = frames_dim(frames),
                              .mean = mean};
    moments.scale = calloc(moments.dim, sizeof *moments.scale);
    bool good = (moments.scale && parts_new(&moments)) || fail_memory(failure);
    good = good && take_mean(&moments, mean, failure) &&
           take_variance(&moments, variance, failure);
    free(moments.scale);
    parts_free(&moments);
    return good;
}
