/* SPDX-License-Identifier: MIT */
#include "tools/train/linear.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Rotates rows and columns p, q so that a[p][q] becomes 0, and the rows of vector with them. */
static void rotate(double *a, size_t n, size_t p, size_t q, double *vector)
{
    double apq = a[p * n + q];
    double theta = (a[q * n + q] - a[p * n + p]) / (2 * apq);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;
    for (size_t k = 0; k < n; k++) {
        double x = a[k * n + p], y = a[k * n + q];
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for (size_t k = 0; k < n; k++) {
        double x = a[p * n + k], y = a[q * n + k];
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
        x = vector[p * n + k];
        y = vector[q * n + k];
        vector[p * n + k] = c * x - s * y;
        vector[q * n + k] = s * x + c * y;
    }
    a[p * n + q] = a[q * n + p] = 0;
}

static void swap_rows(double *a, size_t n, size_t p, size_t q)
{
    for (size_t k = 0; k < n; k++) {
        double x = a[p * n + k];
        a[p * n + k] = a[q * n + k];
        a[q * n + k] = x;
    }
}

static void sort_largest_first(double *value, double *vector, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t largest = i;
        for (size_t k = i + 1; k < n; k++)
            if (value[k] > value[largest]) largest = k;
        double x = value[i];
        value[i] = value[largest];
        value[largest] = x;
        if (largest != i) swap_rows(vector, n, i, largest);
    }
}

static void make_largest_positive(double *vector, size_t n)
{
    size_t largest = 0;
    for (size_t k = 1; k < n; k++)
        if (fabs(vector[k]) > fabs(vector[largest])) largest = k;
    if (vector[largest] < 0)
        for (size_t k = 0; k < n; k++) vector[k] = -vector[k];
}

void eigen_symmetric(double *a, size_t n, double *value, double *vector)
{
    enum { SWEEPS_MAX = 60 };
    memset(vector, 0, n * n * sizeof *vector);
    for (size_t i = 0; i < n; i++) vector[i * n + i] = 1;
    for (int sweep = 0; sweep < SWEEPS_MAX; sweep++) {
        bool rotated = false;
        for (size_t p = 0; p + 1 < n; p++)
            for (size_t q = p + 1; q < n; q++) {
                double scale = sqrt(fabs(a[p * n + p])) * sqrt(fabs(a[q * n + q]));
                if (fabs(a[p * n + q]) <= DBL_EPSILON * scale) continue;
                rotate(a, n, p, q, vector);
                rotated = true;
            }
        if (!rotated) break;
    }
    for (size_t i = 0; i < n; i++) value[i] = a[i * n + i];
    sort_largest_first(value, vector, n);
    for (size_t i = 0; i < n; i++) make_largest_positive(vector + i * n, n);
}

/* b = l l'; l replaces the lower triangle. */
static bool cholesky(double *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k <= i; k++) {
            double sum = b[i * n + k];
            for (size_t j = 0; j < k; j++) sum -= b[i * n + j] * b[k * n + j];
            if (i == k && !(sum > 0)) return false;
            b[i * n + k] = i == k ? sqrt(sum) : sum / b[k * n + k];
        }
    return true;
}

/* x = l^-1 x, for the vector at x with the given stride. */
static void solve_lower(const double *l, size_t n, double *x, size_t stride)
{
    for (size_t i = 0; i < n; i++) {
        double sum = x[i * stride];
        for (size_t k = 0; k < i; k++) sum -= l[i * n + k] * x[k * stride];
        x[i * stride] = sum / l[i * n + i];
    }
}

/* x = l'^-1 x */
static void solve_upper(const double *l, size_t n, double *x)
{
    for (size_t i = n; i-- > 0;) {
        double sum = x[i];
        for (size_t k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
        x[i] = sum / l[i * n + i];
    }
}

bool eigen_generalised(double *a, double *b, size_t n, double *value, double *vector)
{
    if (!cholesky(b, n)) return false;
    /* u = l' v is an eigenvector of l^-1 a l'^-1. */
    for (size_t k = 0; k < n; k++) solve_lower(b, n, a + k, n);
    for (size_t i = 0; i < n; i++) solve_lower(b, n, a + i * n, 1);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < i; k++)
            a[i * n + k] = a[k * n + i] = (a[i * n + k] + a[k * n + i]) / 2;
    eigen_symmetric(a, n, value, vector);
    for (size_t i = 0; i < n; i++) {
        solve_upper(b, n, vector + i * n);
        make_largest_positive(vector + i * n, n);
    }
    return true;
}
