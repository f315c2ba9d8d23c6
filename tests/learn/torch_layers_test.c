/* SPDX-License-Identifier: MIT */
/* If this fails, networks of voq and of PyTorch differ: weights cannot be brought over. */
#include "tests/learn/layer_vectors.h"
#include "tests/support/check.h"
#include "tools/learn/network.h"

#include <math.h>
#include <stdlib.h>

struct torch_case {
    const float *x, *dy, *parameter, *gradient, *y, *dx, *statistic;
    size_t n_x, n_y, n_parameter;
};

#define TORCH_CASE(name)                                                                           \
    {                                                                                              \
        name##_x, name##_dy, name##_parameter, name##_gradient, name##_y, name##_dx,               \
            name##_statistic, sizeof name##_x / 4, sizeof name##_y / 4,                            \
            sizeof name##_parameter / 4                                                            \
    }

/* The largest difference, as a part of the largest value. */
static bool near(const char *what, const float *got, const float *expected, size_t n)
{
    double worst = 0, largest = 0;
    for (size_t i = 0; i < n; i++) {
        worst = fmax(worst, fabs((double)got[i] - (double)expected[i]));
        largest = fmax(largest, fabs((double)expected[i]));
    }
    printf("# %s %.1e of the largest\n", what, worst / largest);
    return worst <= 3e-6 * largest;
}

static bool agrees_with_torch(const struct torch_case *c, const struct layer_spec *spec,
                              size_t n_layer)
{
    struct failure failure;
    struct workers *workers;
    struct network *network;
    uint32_t length[TORCH_PIECES] = {TORCH_STEPS, TORCH_STEPS, TORCH_STEPS};
    struct pass pass = {.x = c->x, .n_step = TORCH_STEPS, .n_piece = TORCH_PIECES, .length = length,
                        .mode = NETWORK_TRAIN};
    float *dx = malloc(c->n_x * sizeof *dx);
    if (!dx || !workers_new(&workers, 2, &failure)) abort();
    if (!network_new(&network, spec, n_layer, 1, &failure)) abort();
    if (network->n_parameter != c->n_parameter) abort();
    memcpy(network->parameter, c->parameter, c->n_parameter * sizeof *c->parameter);
    const float *y = network_forward(network, workers, &pass, &failure);
    bool same = network->n_row * network->out_dim == c->n_y && near("output", y, c->y, c->n_y);
    network_backward(network, workers, &pass, c->dy, dx);
    same &= near("gradient", network->gradient, c->gradient, c->n_parameter);
    same &= near("gradient of the input", dx, c->dx, c->n_x);
    if (network->n_statistic)
        same &= near("running statistics", network->statistic, c->statistic, network->n_statistic);
    free(dx);
    network_free(network);
    workers_free(workers);
    return same;
}

static void a_dilated_convolution_is_that_of_torch(void)
{
    static const struct torch_case c = TORCH_CASE(dilated);
    static const struct layer_spec spec[] = {
        {.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 3, .dilation = 2, .right = 1}};
    CHECK(agrees_with_torch(&c, spec, 1));
}

static void a_convolution_with_stride_norm_and_relu_is_that_of_torch(void)
{
    static const struct torch_case c = TORCH_CASE(normed);
    static const struct layer_spec spec[] = {
        {.kind = LAYER_CONV, .in_dim = 3, .out_dim = 10, .taps = 5, .right = 2, .stride = 2,
         .relu = true, .norm = true}};
    CHECK(agrees_with_torch(&c, spec, 1));
}

static void a_gru_is_that_of_torch(void)
{
    static const struct torch_case c = TORCH_CASE(recurrent);
    static const struct layer_spec spec[] = {{.kind = LAYER_GRU, .in_dim = 4, .out_dim = 6}};
    CHECK(agrees_with_torch(&c, spec, 1));
}

static void a_latent_is_that_of_torch(void)
{
    static const struct torch_case c = TORCH_CASE(latent);
    static const struct layer_spec spec[] = {{.kind = LAYER_LATENT, .in_dim = 5, .out_dim = 3}};
    CHECK(agrees_with_torch(&c, spec, 1));
}

static void a_whole_network_is_that_of_torch(void)
{
    static const struct torch_case c = TORCH_CASE(chain);
    static const struct layer_spec spec[] = {
        {.kind = LAYER_CONV, .in_dim = 4, .out_dim = 9, .taps = 5, .right = 2, .relu = true,
         .norm = true},
        {.kind = LAYER_CONV, .in_dim = 9, .out_dim = 8, .taps = 3, .right = 1, .stride = 3,
         .relu = true, .norm = true},
        {.kind = LAYER_GRU, .in_dim = 8, .out_dim = 7},
        {.kind = LAYER_CONV, .in_dim = 7, .out_dim = 6, .taps = 3, .dilation = 2, .right = 1,
         .relu = true, .norm = true},
        {.kind = LAYER_GRU, .in_dim = 6, .out_dim = 5},
        {.kind = LAYER_LATENT, .in_dim = 5, .out_dim = 4}};
    CHECK(agrees_with_torch(&c, spec, 6));
}

int main(void)
{
    RUN(a_dilated_convolution_is_that_of_torch);
    RUN(a_convolution_with_stride_norm_and_relu_is_that_of_torch);
    RUN(a_gru_is_that_of_torch);
    RUN(a_latent_is_that_of_torch);
    RUN(a_whole_network_is_that_of_torch);
    return check_done();
}
