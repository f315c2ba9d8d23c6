/* SPDX-License-Identifier: MIT */
#include "tools/learn/adamw.h"

#include <math.h>
#include <stdlib.h>

bool adamw_new(struct adamw *adamw, size_t n, const struct adamw_options *options)
{
    *adamw = (struct adamw){.options = *options, .n = n, .product1 = 1, .product2 = 1};
    adamw->moment = calloc(n, 2 * sizeof *adamw->moment);
    return adamw->moment != NULL;
}

void adamw_free(struct adamw *adamw)
{
    free(adamw->moment);
}

void adamw_step(struct adamw *adamw, double rate, const float *gradient, double share,
                float *parameter)
{
    const struct adamw_options *options = &adamw->options;
    adamw->product1 *= options->beta1;
    adamw->product2 *= options->beta2;
    const float old1 = (float)options->beta1, new1 = (float)(1 - options->beta1);
    const float old2 = (float)options->beta2, new2 = (float)(1 - options->beta2);
    const float keep = (float)(1 - rate * options->decay), part = (float)share;
    const float step = (float)(rate / (1 - adamw->product1)), tiny = (float)options->epsilon;
    const float root = (float)sqrt(1 - adamw->product2);
    float *restrict m = adamw->moment, *restrict v = adamw->moment + adamw->n;
    float *restrict p = parameter;
    for (size_t i = 0; i < adamw->n; i++) {
        float g = gradient[i] * part;
        m[i] = old1 * m[i] + new1 * g;
        v[i] = old2 * v[i] + new2 * g * g;
        p[i] = p[i] * keep - step * m[i] / (sqrtf(v[i]) / root + tiny);
    }
}
