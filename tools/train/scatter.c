/* SPDX-License-Identifier: MIT */
#include "tools/train/scatter.h"

#include "tools/train/linear.h"

#include <math.h>
#include <stdlib.h>

bool scatter_new(struct scatter *scatter, uint32_t dim, uint32_t n_class, struct failure *failure)
{
    *scatter = (struct scatter){.dim = dim, .n_class = n_class};
    scatter->count = calloc(n_class, sizeof *scatter->count);
    scatter->sum = calloc((size_t)n_class * dim, sizeof *scatter->sum);
    scatter->square = calloc((size_t)dim * dim, sizeof *scatter->square);
    if (scatter->count && scatter->sum && scatter->square) return true;
    scatter_free(scatter);
    return fail_memory(failure);
}

void scatter_free(struct scatter *scatter)
{
    free(scatter->count);
    free(scatter->sum);
    free(scatter->square);
    *scatter = (struct scatter){0};
}

void scatter_add(struct scatter *scatter, const float *x, const uint32_t *id, size_t n)
{
    size_t dim = scatter->dim;
    for (size_t t = 0; t < n; t++, x += dim) {
        uint32_t class = id ? id[t] : 0;
        if (class >= scatter->n_class) continue;
        double *sum = scatter->sum + class * dim;
        for (size_t i = 0; i < dim; i++) {
            double xi = (double)x[i], *row = scatter->square + i * dim;
            sum[i] += xi;
            for (size_t k = 0; k <= i; k++) row[k] += xi * (double)x[k];
        }
        scatter->count[class]++;
        scatter->n++;
    }
}

/* The matrices of the solvers. */
struct work {
    double *total, *between, *mean, *value, *vector;
};

static void work_free(struct work *work)
{
    free(work->total);
    free(work->between);
    free(work->mean);
    free(work->value);
    free(work->vector);
}

/* Computes the total covariance and that of the means of classes. */
static bool work_new(struct work *work, const struct scatter *scatter, struct failure *failure)
{
    size_t dim = scatter->dim;
    double n = (double)scatter->n;
    work->total = calloc(dim * dim, sizeof *work->total);
    work->between = calloc(dim * dim, sizeof *work->between);
    work->mean = calloc(dim, sizeof *work->mean);
    work->value = calloc(dim, sizeof *work->value);
    work->vector = calloc(dim * dim, sizeof *work->vector);
    if (!work->total || !work->between || !work->mean || !work->value || !work->vector) {
        work_free(work);
        return fail_memory(failure);
    }
    for (uint32_t class = 0; class < scatter->n_class; class++)
        for (size_t i = 0; i < dim; i++) work->mean[i] += scatter->sum[class * dim + i] / n;
    for (size_t i = 0; i < dim; i++)
        for (size_t k = 0; k <= i; k++) {
            double covariance = scatter->square[i * dim + k] / n - work->mean[i] * work->mean[k];
            work->total[i * dim + k] = work->total[k * dim + i] = covariance;
        }
    for (uint32_t class = 0; class < scatter->n_class; class++) {
        double count = (double)scatter->count[class];
        const double *sum = scatter->sum + class * dim;
        for (size_t i = 0; count > 0 && i < dim; i++)
            for (size_t k = 0; k < dim; k++)
                work->between[i * dim + k] += (sum[i] / count - work->mean[i]) *
                                              (sum[k] / count - work->mean[k]) * (count / n);
    }
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

bool scatter_pca(const struct scatter *scatter, uint32_t out_dim, bool whiten, float *matrix,
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

bool scatter_lda(const struct scatter *scatter, uint32_t out_dim, float *matrix, float *bias,
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
