/* SPDX-License-Identifier: MIT */
#include "src/kernel/logarithm_tmpl.h"

static void kernel_log(float *x, size_t n, const struct log_spec *spec)
{
    vec floor = vec_splat(spec->floor), scale = vec_splat(spec->scale);
    vec lowest = vec_splat(spec->lowest), infinity = vec_splat(__builtin_inff());
    vec nan = vec_splat(__builtin_nanf(""));
    for (size_t i = 0; i < n; i++) {
        vec v = vec_load(x + i * LANES);
        v = spec->adds_floor ? v + floor : vec_select(vec_less(v, floor), floor, v);
        vec y = log_of(v) * scale;
        y = vec_select(vec_less(y, lowest), lowest, y);
        vec_store(x + i * LANES, vec_select(vec_less(v, infinity), y, nan));
    }
}
