/* SPDX-License-Identifier: MIT */
/* Rows of batch norm and of the functions behind a layer. */
typedef float half_vec __attribute__((vector_size(LANES * 2)));
typedef double wide_vec __attribute__((vector_size(LANES * 4)));
#define HALF (LANES / 2)

static inline wide_vec wide_load(const float *p)
{
    half_vec v;
    memcpy(&v, p, sizeof v);
    return __builtin_convertvector(v, wide_vec);
}

static inline void wide_add(double *sum, wide_vec x)
{
    wide_vec v;
    memcpy(&v, sum, sizeof v);
    v = v + x;
    memcpy(sum, &v, sizeof v);
}

static void add_row(const float *x, size_t n, double *sum)
{
    size_t i = 0;
    for (; i + HALF <= n; i += HALF) wide_add(sum + i, wide_load(x + i));
    for (; i < n; i++) sum[i] += (double)x[i];
}

/* sum[n] += x * y, of which the product of two floats is exact. */
static inline void add_products(const float *x, const float *y, size_t n, double *sum)
{
    size_t i = 0;
    for (; i + HALF <= n; i += HALF) wide_add(sum + i, wide_load(x + i) * wide_load(y + i));
    for (; i < n; i++) sum[i] += (double)x[i] * (double)y[i];
}

static void add_moments(const float *x, size_t n, double *sum)
{
    add_row(x, n, sum);
    add_products(x, x, n, sum + n);
}

static inline vec normalised(const float *x, size_t i, size_t n, const struct norm_columns *norm)
{
    vec centred = part_load(x + i, n - i) - part_load(norm->mean + i, n - i);
    return centred * part_load(norm->inverse + i, n - i);
}

static void add_norm_sums(const float *d, const float *x, size_t n, const struct norm_columns *norm,
                          double *sum)
{
    add_row(d, n, sum);
    for EACH_PART (i, n) {
        float group[LANES];
        vec_store(group, normalised(x, i, n, norm));
        add_products(d + i, group, n - i < LANES ? n - i : LANES, sum + n + i);
    }
}

static void norm_back_row(float *d, const float *x, size_t n, const struct norm_columns *norm)
{
    for EACH_PART (i, n) {
        vec centred = part_load(d + i, n - i) - part_load(norm->mean_d + i, n - i);
        vec along = normalised(x, i, n, norm) * part_load(norm->mean_dx + i, n - i);
        part_store(d + i, (centred - along) * part_load(norm->scale + i, n - i), n - i);
    }
}

static void scale_row(const float *x, size_t n, const struct norm_columns *norm, float *y)
{
    for EACH_PART (i, n) {
        vec scaled = part_load(x + i, n - i) * part_load(norm->scale + i, n - i);
        part_store(y + i, scaled + part_load(norm->shift + i, n - i), n - i);
    }
}

/* NaN stays, so that a training that diverges is seen. */
static void relu_row(float *x, size_t n)
{
    vec zero = vec_splat(0.0f);
    for EACH_PART (i, n) {
        vec v = part_load(x + i, n - i);
        part_store(x + i, vec_select(vec_less(v, zero), zero, v), n - i);
    }
}

static void relu_back_row(float *d, const float *y, size_t n)
{
    vec zero = vec_splat(0.0f);
    for EACH_PART (i, n) {
        uvec open = vec_less(zero, part_load(y + i, n - i));
        part_store(d + i, vec_select(open, part_load(d + i, n - i), zero), n - i);
    }
}

static void tanh_back_row(float *d, const float *y, size_t n)
{
    vec one = vec_splat(1.0f);
    for EACH_PART (i, n) {
        vec v = part_load(y + i, n - i);
        part_store(d + i, part_load(d + i, n - i) * (one - v * v), n - i);
    }
}
