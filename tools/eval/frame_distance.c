/* SPDX-License-Identifier: MIT */
#include "tools/eval/frame_distance.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>

enum { LANES = 8 };

const char *const frame_distance_name[4] = {"angular", "euclidean", "kl_symmetric", "identical"};

static const double pi = 3.14159265358979323846;
static const double smooth = 1e-6; /* of kl_symmetric */

void prepared_frames_clear(struct prepared_frames *prepared)
{
    free(prepared->row);
    free(prepared->column);
    free(prepared->weight);
    *prepared = (struct prepared_frames){0};
}

static void fill_norms(struct prepared_frames *p, size_t dim)
{
    for (size_t i = 0; i < p->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < dim; k++) sum += p->row[i * dim + k] * p->row[i * dim + k];
        p->weight[i] = sqrt(sum);
    }
}

bool prepare_frames(struct prepared_frames *p, const struct frames *frames, size_t dim,
                    enum frame_distance kind, struct failure *failure)
{
    p->n = frames->n;
    p->stride = (frames->n + LANES - 1) / LANES * LANES;
    p->unit = frames->unit;
    if (kind == DISTANCE_IDENTICAL) return true;
    size_t n_column = dim * p->stride;
    if (!grow(&p->row, &p->row_capacity, p->n * dim, sizeof *p->row, failure) ||
        !grow(&p->column, &p->column_capacity, n_column, sizeof *p->column, failure) ||
        !grow(&p->weight, &p->weight_capacity, n_column, sizeof *p->weight, failure))
        return false;
    for (size_t i = 0; i < p->n * dim; i++) p->row[i] = (double)frames->vector[i];
    for (size_t k = 0; k < dim; k++)
        for (size_t i = 0; i < p->stride; i++)
            p->column[k * p->stride + i] = i < p->n ? p->row[i * dim + k] : 0;
    if (kind == DISTANCE_ANGULAR) fill_norms(p, dim);
    if (kind == DISTANCE_KL_SYMMETRIC)
        for (size_t i = 0; i < n_column; i++) p->weight[i] = log(p->column[i] + smooth);
    return true;
}

/* sum[LANES] = x . y over dim, for the frames of y whose columns begin at y. */
static void dot_products(const double *x, const double *y, size_t stride, size_t dim, double *sum)
{
    double s[LANES] = {0};
    for (size_t k = 0; k < dim; k++, y += stride)
        for (int lane = 0; lane < LANES; lane++) s[lane] += x[k] * y[lane];
    for (int lane = 0; lane < LANES; lane++) sum[lane] = s[lane];
}

static void squared_differences(const double *x, const double *y, size_t stride, size_t dim,
                                double *sum)
{
    double s[LANES] = {0};
    for (size_t k = 0; k < dim; k++, y += stride)
        for (int lane = 0; lane < LANES; lane++) s[lane] += (x[k] - y[lane]) * (x[k] - y[lane]);
    for (int lane = 0; lane < LANES; lane++) sum[lane] = s[lane];
}

static double angle(double dot, double norm_x, double norm_y)
{
    if (norm_x == 0 || norm_y == 0) return norm_x == norm_y ? 0 : 1;
    double c = dot / (norm_x * norm_y);
    return acos(c < -1 ? -1 : c > 1 ? 1 : c) / pi;
}

static void kl_row(const struct prepared_frames *x, size_t i, const struct prepared_frames *y,
                   size_t dim, double *d)
{
    for (size_t j = 0; j < y->n; j++) {
        double sum = 0;
        for (size_t k = 0; k < dim; k++)
            sum += (x->row[i * dim + k] - y->column[k * y->stride + j]) *
                   (x->weight[k * x->stride + i] - y->weight[k * y->stride + j]);
        d[j] = 0.5 * sum;
    }
}

static void vector_row(enum frame_distance kind, const struct prepared_frames *x, size_t i,
                       const struct prepared_frames *y, size_t dim, double *d)
{
    const double *row = x->row + i * dim;
    for (size_t j = 0; j < y->stride; j += LANES) {
        if (kind == DISTANCE_ANGULAR) dot_products(row, y->column + j, y->stride, dim, d + j);
        else squared_differences(row, y->column + j, y->stride, dim, d + j);
    }
    for (size_t j = 0; j < y->n; j++)
        d[j] = kind == DISTANCE_ANGULAR ? angle(d[j], x->weight[i], y->weight[j]) : sqrt(d[j]);
}

void distance_matrix(enum frame_distance kind, const struct prepared_frames *x,
                     const struct prepared_frames *y, size_t dim, double *d)
{
    for (size_t i = 0; i < x->n; i++, d += y->stride) {
        if (kind == DISTANCE_IDENTICAL)
            for (size_t j = 0; j < y->n; j++) d[j] = x->unit[i] != y->unit[j];
        else if (kind == DISTANCE_KL_SYMMETRIC)
            kl_row(x, i, y, dim, d);
        else
            vector_row(kind, x, i, y, dim, d);
    }
}

bool check_frames(const struct frames *frames, size_t dim, enum frame_distance kind,
                  const char *name, struct failure *failure)
{
    if (kind == DISTANCE_IDENTICAL) return true;
    for (size_t i = 0; i < frames->n; i++) {
        double sum = 0;
        for (size_t k = 0; k < dim; k++) {
            double v = (double)frames->vector[i * dim + k];
            if (!isfinite(v))
                return fail(failure, EXIT_INPUT, "%s: frame %zu dim %zu is not a finite number",
                            name, i, k);
            if (kind == DISTANCE_KL_SYMMETRIC && v < 0)
                return fail(failure, EXIT_INPUT,
                            "%s: frame %zu dim %zu is negative; kl_symmetric compares "
                            "probabilities", name, i, k);
            sum += v;
        }
        if (kind == DISTANCE_KL_SYMMETRIC && fabs(sum - 1) > 1e-3)
            return fail(failure, EXIT_INPUT,
                        "%s: frame %zu does not sum to 1; kl_symmetric compares probabilities",
                        name, i);
    }
    return true;
}
