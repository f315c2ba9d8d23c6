/* SPDX-License-Identifier: MIT */
#include "tools/base/palette.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DARKEST 0.4 /* lightness in OKLab */
#define LIGHTEST 0.86
#define BLACK_INK 0.535 /* from this lightness on black is read more easily than white */

enum { ITERATIONS = 200 };

static const double pi = 3.14159265358979323846;

static uint32_t channel(double linear)
{
    double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
    return (uint32_t)floor(255 * fmin(1, fmax(0, value)) + 0.5);
}

static double cube(double x)
{
    return x * x * x;
}

uint32_t palette_rgb(double place)
{
    double lightness = DARKEST + (LIGHTEST - DARKEST) * place;
    double chroma = 0.13 + 0.03 * sin(pi * place), hue = (282 - 200 * place) * pi / 180;
    double a = chroma * cos(hue), b = chroma * sin(hue);
    double l = cube(lightness + 0.3963377774 * a + 0.2158037573 * b);
    double m = cube(lightness - 0.1055613458 * a - 0.0638541728 * b);
    double s = cube(lightness - 0.0894841775 * a - 1.291485548 * b);
    return channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) << 16 |
           channel(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) << 8 |
           channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
}

bool palette_takes_black(double place)
{
    return DARKEST + (LIGHTEST - DARKEST) * place > BLACK_INK;
}

/* ---- principal components ------------------------------------------------------------------- */

struct cloud {
    double *x; /* [n][dim] */
    double *axis, *projection, *mean;
    size_t n, dim;
};

static bool cloud_make(struct cloud *cloud, const float *x, size_t n, size_t dim,
                       struct failure *failure)
{
    cloud->x = zeroed(n * dim, sizeof *cloud->x, failure);
    cloud->axis = zeroed(dim, sizeof *cloud->axis, failure);
    cloud->mean = zeroed(dim, sizeof *cloud->mean, failure);
    cloud->projection = zeroed(n, sizeof *cloud->projection, failure);
    if (!cloud->x || !cloud->axis || !cloud->mean || !cloud->projection) return false;
    cloud->n = n;
    cloud->dim = dim;
    for (size_t i = 0; i < n * dim; i++) cloud->mean[i % dim] += (double)x[i] / (double)n;
    for (size_t i = 0; i < n * dim; i++) cloud->x[i] = (double)x[i] - cloud->mean[i % dim];
    return true;
}

static void cloud_clear(struct cloud *cloud)
{
    free(cloud->x);
    free(cloud->axis);
    free(cloud->mean);
    free(cloud->projection);
}

static void project(struct cloud *cloud)
{
    for (size_t i = 0; i < cloud->n; i++) {
        double sum = 0;
        for (size_t d = 0; d < cloud->dim; d++)
            sum += cloud->x[i * cloud->dim + d] * cloud->axis[d];
        cloud->projection[i] = sum;
    }
}

/* Turns the axis to the sum of the vectors by their projections; its largest value is positive. */
static void turn(struct cloud *cloud)
{
    double largest = 0, square = 0;
    memset(cloud->axis, 0, cloud->dim * sizeof *cloud->axis);
    for (size_t i = 0; i < cloud->n * cloud->dim; i++)
        cloud->axis[i % cloud->dim] += cloud->x[i] * cloud->projection[i / cloud->dim];
    for (size_t d = 0; d < cloud->dim; d++) {
        if (fabs(cloud->axis[d]) > fabs(largest)) largest = cloud->axis[d];
        square += cloud->axis[d] * cloud->axis[d];
    }
    double length = square > 0 ? sqrt(square) : 1;
    for (size_t d = 0; d < cloud->dim; d++)
        cloud->axis[d] *= (largest < 0 ? -1 : 1) / length;
}

static void find_component(struct cloud *cloud)
{
    for (size_t d = 0; d < cloud->dim; d++) cloud->axis[d] = 1 / (double)(d + 1);
    for (int round = 0; round < ITERATIONS; round++) {
        project(cloud);
        turn(cloud);
    }
    project(cloud);
}

static void remove_component(struct cloud *cloud)
{
    for (size_t i = 0; i < cloud->n * cloud->dim; i++)
        cloud->x[i] -= cloud->projection[i / cloud->dim] * cloud->axis[i % cloud->dim];
}

bool principal_project(const float *x, size_t n, size_t dim, double (*xy)[2],
                       struct failure *failure)
{
    struct cloud cloud = {0};
    bool good = cloud_make(&cloud, x, n, dim, failure);
    for (size_t component = 0; good && component < 2; component++) {
        find_component(&cloud);
        for (size_t i = 0; i < n; i++) xy[i][component] = cloud.projection[i];
        remove_component(&cloud);
    }
    cloud_clear(&cloud);
    return good;
}

/* ---- ranks ---------------------------------------------------------------------------------- */

struct ranked {
    double value;
    size_t i;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    if (x->value != y->value) return x->value < y->value ? -1 : 1;
    return x->i < y->i ? -1 : x->i > y->i;
}

bool palette_places(const double *value, size_t n, double *place, struct failure *failure)
{
    struct ranked *ranked = zeroed(n, sizeof *ranked, failure);
    if (!ranked) return false;
    for (size_t i = 0; i < n; i++) ranked[i] = (struct ranked){value[i], i};
    qsort(ranked, n, sizeof *ranked, by_value);
    for (size_t k = 0; k < n; k++) place[ranked[k].i] = n > 1 ? (double)k / (double)(n - 1) : 0;
    free(ranked);
    return true;
}
