/* SPDX-License-Identifier: MIT */
/* Loops over the elements of a row, in lanes. */

/* The `left` first of LANES values, zeros behind; and back. */
static inline vec part_load(const float *p, size_t left)
{
    if (left >= LANES) return vec_load(p);
    vec v = vec_splat(0.0f);
    memcpy(&v, p, left * sizeof *p);
    return v;
}

static inline void part_store(float *p, vec v, size_t left)
{
    memcpy(p, &v, (left < LANES ? left : LANES) * sizeof *p);
}

#define EACH_PART(i, n) (size_t i = 0; i < (n); i += LANES)

static void exp_array(float *x, size_t n)
{
    for EACH_PART (i, n) part_store(x + i, exp_of(part_load(x + i, n - i)), n - i);
}

static void log_array(float *x, size_t n)
{
    for EACH_PART (i, n) part_store(x + i, natural_log_of(part_load(x + i, n - i)), n - i);
}

static void tanh_array(float *x, size_t n)
{
    for EACH_PART (i, n) part_store(x + i, tanh_of(part_load(x + i, n - i)), n - i);
}

static void logistic_array(float *x, size_t n)
{
    for EACH_PART (i, n) part_store(x + i, logistic_of(part_load(x + i, n - i)), n - i);
}

static void add_scaled_row(const float *x, size_t n, float factor, float *y)
{
    size_t whole = n / LANES * LANES;
    for (size_t i = 0; i < whole; i += LANES)
        vec_store(y + i, vec_load(y + i) + vec_splat(factor) * vec_load(x + i));
    for (size_t i = whole; i < n; i++) y[i] += factor * x[i];
}
