/* SPDX-License-Identifier: MIT */
#include "tools/train/scatter.h"

#include "tools/train/linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t triangle(size_t dim)
{
    return dim * (dim + 1) / 2;
}

bool scatter_new(struct scatter *scatter, uint32_t dim, uint32_t n_class, const float *largest,
                 struct failure *failure)
{
    *scatter = (struct scatter){.dim = dim, .n_class = n_class};
    scatter->scale = calloc(dim, sizeof *scatter->scale);
    scatter->count = calloc(n_class, sizeof *scatter->count);
    scatter->sum = calloc((size_t)n_class * dim, sizeof *scatter->sum);
    scatter->square = calloc(triangle(dim), sizeof *scatter->square);
    scatter->waiting = calloc(dim, sizeof *scatter->waiting);
    if (!scatter->scale || !scatter->count || !scatter->sum || !scatter->square ||
        !scatter->waiting) {
        scatter_free(scatter);
        return fail_memory(failure);
    }
    for (uint32_t i = 0; i < dim; i++)
        scatter->scale[i] = exact_scale((double)largest[i], EXACT_BITS_LEAST);
    return true;
}

void scatter_free(struct scatter *scatter)
{
    free(scatter->scale);
    free(scatter->count);
    free(scatter->sum);
    free(scatter->square);
    free(scatter->waiting);
    *scatter = (struct scatter){0};
}

/* Adds the products of the waiting frames. */
static void settle(struct scatter *scatter)
{
    struct exact_pair *row = scatter->square;
    for (size_t i = 0; i < scatter->dim; i++, row += i)
        exact_add_products(row, scatter->waiting[i], scatter->waiting, i + 1);
    memset(scatter->waiting, 0, scatter->dim * sizeof *scatter->waiting);
    scatter->n_waiting = 0;
}

void scatter_add(struct scatter *scatter, const float *x, const uint32_t *id, size_t n)
{
    size_t dim = scatter->dim;
    for (size_t t = 0; t < n; t++, x += dim) {
        uint32_t class = id ? id[t] : 0;
        if (class >= scatter->n_class) continue;
        int64_t *sum = scatter->sum + class * dim;
        for (size_t i = 0; i < dim; i++) {
            int64_t term = exact_round((double)x[i], scatter->scale[i]);
            scatter->waiting[i][scatter->n_waiting] = (int32_t)term;
            sum[i] += term;
        }
        scatter->count[class]++;
        scatter->n++;
        if (++scatter->n_waiting == EXACT_PRODUCT_TERMS) settle(scatter);
    }
}

void scatter_merge(struct scatter *scatter, struct scatter *part)
{
    size_t dim = scatter->dim;
    settle(part);
    for (uint32_t class = 0; class < scatter->n_class; class++)
        scatter->count[class] += part->count[class];
    exact_add(scatter->sum, part->sum, scatter->n_class * dim);
    exact_add((int64_t *)scatter->square, (const int64_t *)part->square, 2 * triangle(dim));
    scatter->n += part->n;
}

bool scatter_unite(struct scatter *scatter, struct ranks *ranks, struct failure *failure)
{
    size_t dim = scatter->dim;
    int64_t n = (int64_t)scatter->n;
    settle(scatter);
    bool good = ranks_sum(ranks, &n, 1, failure) &&
                ranks_sum(ranks, (int64_t *)scatter->count, scatter->n_class, failure) &&
                ranks_sum(ranks, scatter->sum, scatter->n_class * dim, failure) &&
                ranks_sum(ranks, (int64_t *)scatter->square, 2 * triangle(dim), failure);
    scatter->n = (uint64_t)n;
    return good;
}

/* The matrices of the solvers. */
struct work {
    double *total, *between; /* [dim][dim] */
    double *mean, *apart;    /* [dim]: the mean; from there to the mean of a class */
    double *value, *vector;
};

static void work_free(struct work *work)
{
    free(work->total);
    free(work->between);
    free(work->mean);
    free(work->apart);
    free(work->value);
    free(work->vector);
}

static void fill_mean(struct work *work, const struct scatter *scatter)
{
    for (size_t i = 0; i < scatter->dim; i++) {
        int64_t sum = 0;
        for (uint32_t class = 0; class < scatter->n_class; class++)
            sum += scatter->sum[class * scatter->dim + i];
        work->mean[i] = exact_value(sum, scatter->scale[i]) / (double)scatter->n;
    }
}

static void fill_total(struct work *work, const struct scatter *scatter)
{
    size_t dim = scatter->dim;
    const struct exact_pair *square = scatter->square;
    const double *scale = scatter->scale;
    for (size_t i = 0; i < dim; i++)
        for (size_t k = 0; k <= i; k++) {
            double moment = exact_pair_value(*square++, scale[i], scale[k]) / (double)scatter->n;
            work->total[i * dim + k] = work->total[k * dim + i] =
                moment - work->mean[i] * work->mean[k];
        }
}

static void add_between(struct work *work, const struct scatter *scatter, uint32_t class)
{
    size_t dim = scatter->dim;
    double count = (double)scatter->count[class], share = count / (double)scatter->n;
    for (size_t i = 0; i < dim; i++)
        work->apart[i] = exact_value(scatter->sum[class * dim + i], scatter->scale[i]) / count -
                         work->mean[i];
    for (size_t i = 0; i < dim; i++)
        for (size_t k = 0; k < dim; k++)
            work->between[i * dim + k] += work->apart[i] * work->apart[k] * share;
}

/* Computes the total covariance and that of the means of classes. */
static bool work_new(struct work *work, struct scatter *scatter, struct failure *failure)
{
    size_t dim = scatter->dim;
    work->total = calloc(dim * dim, sizeof *work->total);
    work->between = calloc(dim * dim, sizeof *work->between);
    work->mean = calloc(dim, sizeof *work->mean);
    work->apart = calloc(dim, sizeof *work->apart);
    work->value = calloc(dim, sizeof *work->value);
    work->vector = calloc(dim * dim, sizeof *work->vector);
    if (!work->total || !work->between || !work->mean || !work->apart || !work->value ||
        !work->vector) {
        work_free(work);
        return fail_memory(failure);
    }
    settle(scatter);
    fill_mean(work, scatter);
    fill_total(work, scatter);
    for (uint32_t class = 0; class < scatter->n_class; class++)
        if (scatter->count[class] > 0) add_between(work, scatter, class);
    return true;
}

static void write_map(const struct work *work, size_t dim, uint32_t out_dim, float *matrix,
                      float *bias)
{
    for (size_t i = 0; i < out_dim; i++) {
        double sum = 0;
        for (size_t k = 0; k < dim; k++) {
            matrix[i * dim + k] = (float)work->vector[i * dim + k];
            sum += (double)matrix[i * dim + k] * work->mean[k];
        }
        bias[i] = (float)-sum;
    }
}

static bool too_flat(uint32_t out_dim, struct failure *failure)
{
    return fail(failure, EXIT_INPUT,
                "the vectors vary in fewer than %u directions; give more speech, or fewer "
                "dimensions", (unsigned)out_dim);
}

bool scatter_pca(struct scatter *scatter, uint32_t out_dim, bool whiten, float *matrix,
                 float *bias, struct failure *failure)
{
    size_t dim = scatter->dim;
    struct work work;
    if (!work_new(&work, scatter, failure)) return false;
    eigen_symmetric(work.total, dim, work.value, work.vector);
    bool good = work.value[out_dim - 1] > 1e-10 * work.value[0];
    for (size_t i = 0; good && whiten && i < out_dim; i++)
        for (size_t k = 0; k < dim; k++) work.vector[i * dim + k] /= sqrt(work.value[i]);
    if (good) write_map(&work, dim, out_dim, matrix, bias);
    work_free(&work);
    return good || too_flat(out_dim, failure);
}

bool scatter_lda(struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
                 struct failure *failure)
{
    size_t dim = scatter->dim;
    struct work work;
    double trace = 0;
    if (!work_new(&work, scatter, failure)) return false;
    for (size_t i = 0; i < dim * dim; i++) work.total[i] -= work.between[i];
    for (size_t i = 0; i < dim; i++) trace += work.total[i * dim + i];
    /* Regularisation: a direction without any variance would otherwise count most. */
    for (size_t i = 0; i < dim; i++) work.total[i * dim + i] += 1e-6 * trace / (double)dim;
    bool good = eigen_generalised(work.between, work.total, dim, work.value, work.vector);
    if (good) write_map(&work, dim, out_dim, matrix, bias);
    work_free(&work);
    return good || too_flat(out_dim, failure);
}
