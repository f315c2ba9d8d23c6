/* SPDX-License-Identifier: MIT */
/* If this fails, a layer learns something else than its equations. The network's outputs are
   compared with its equations in double, and its gradients with central differences of these. */
#include "tests/learn/plain_network.h"
#include "tests/learn/small_network.h"
#include "tests/support/check.h"

struct in_double {
    struct plain plain;
    double *parameter, *x;
};

static struct in_double in_double_of(const struct small *s)
{
    struct in_double d;
    d.parameter = malloc((s->network->n_parameter + 1) * sizeof *d.parameter);
    d.x = malloc(s->n_x * sizeof *d.x);
    if (!d.parameter || !d.x) abort();
    for (size_t i = 0; i < s->network->n_parameter; i++)
        d.parameter[i] = (double)s->network->parameter[i];
    for (size_t i = 0; i < s->n_x; i++) d.x[i] = (double)s->x[i];
    d.plain = (struct plain){s->network, d.parameter, &s->pass, d.x};
    return d;
}

/* The loss whose gradient at the output is dy, 0 behind the lengths. */
static double loss_of(const struct small *s, const struct plain *plain)
{
    struct plain_rows y = plain_forward(plain);
    double loss = 0;
    for (size_t i = 0; i < s->n_y; i++) loss += y.value[i] * (double)s->dy[i];
    free(y.value);
    return loss;
}

static double slope(const struct small *s, const struct plain *plain, double *at)
{
    const double h = 1e-6, before = *at;
    *at = before + h;
    double above = loss_of(s, plain);
    *at = before - h;
    double below = loss_of(s, plain);
    *at = before;
    return (above - below) / (2 * h);
}

static double worst_output(const struct small *s, const struct plain *plain, const float *y)
{
    struct plain_rows right = plain_forward(plain);
    double worst = 0;
    for (size_t i = 0; i < s->n_y; i++) worst = fmax(worst, fabs(right.value[i] - (double)y[i]));
    free(right.value);
    return worst;
}

/* The largest difference, as a part of the largest slope. */
static double worst_slope(const struct small *s, const struct plain *plain, double *value,
                          const float *gradient, size_t n)
{
    double worst = 0, largest = 1e-30;
    for (size_t i = 0; i < n; i++) {
        double right = slope(s, plain, value + i);
        largest = fmax(largest, fabs(right));
        worst = fmax(worst, fabs(right - (double)gradient[i]));
    }
    return worst / largest;
}

/* Gradients of inputs behind a length are of no use, and not compared. */
static void forget_padding(struct small *s, float *dx)
{
    small_clear_padding(dx, s->network->in_dim);
}

static bool agrees(const struct layer_spec *spec, size_t n_layer)
{
    struct small s = small_new(spec, n_layer, 1);
    const float *y = small_forward(&s);
    struct in_double d = in_double_of(&s);
    double output = worst_output(&s, &d.plain, y);
    small_backward(&s);
    double parameter = worst_slope(&s, &d.plain, d.parameter, s.network->gradient,
                                   s.network->n_parameter);
    forget_padding(&s, s.dx);
    double input = 0;
    for (size_t t = 0; t < SMALL_STEPS; t++)
        for (size_t p = 0; p < SMALL_PIECES; p++) {
            size_t at = (t * SMALL_PIECES + p) * s.network->in_dim;
            if (t < small_length[p])
                input = fmax(input, worst_slope(&s, &d.plain, d.x + at, s.dx + at,
                                                s.network->in_dim));
        }
    printf("# output %.1e; gradient of parameters %.1e, of inputs %.1e of the largest\n", output,
           parameter, input);
    free(d.parameter);
    free(d.x);
    small_free(&s);
    return output < 2e-6 && parameter < 2e-6 && input < 1e-5;
}

#define AGREES(...)                                                                                \
    do {                                                                                           \
        const struct layer_spec spec[] = {__VA_ARGS__};                                            \
        CHECK(agrees(spec, sizeof spec / sizeof *spec));                                           \
    } while (0)

static void a_linear_layer_has_its_gradient(void)
{
    AGREES({.kind = LAYER_LINEAR, .in_dim = 5, .out_dim = 17});
}

static void a_latent_has_its_gradient(void)
{
    AGREES({.kind = LAYER_LATENT, .in_dim = 9, .out_dim = 3});
}

static void a_convolution_has_its_gradient(void)
{
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 3, .right = 1});
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 5, .dilation = 3, .right = 1,
            .relu = true});
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 2, .dilation = 20, .right = 0});
    AGREES({.kind = LAYER_CONV, .in_dim = 2, .out_dim = 3, .taps = 4, .right = 3});
}

static void a_convolution_with_stride_has_its_gradient(void)
{
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 3, .right = 1, .stride = 2,
            .relu = true});
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 4, .taps = 4, .dilation = 2, .right = 2,
            .stride = 3});
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 2, .taps = 1, .stride = 12});
}

static void batch_norm_has_its_gradient(void)
{
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 9, .taps = 3, .right = 1, .norm = true});
    AGREES({.kind = LAYER_CONV, .in_dim = 3, .out_dim = 20, .taps = 3, .right = 1, .stride = 2,
            .relu = true, .norm = true});
}

static void a_gru_has_its_gradient_through_time(void)
{
    AGREES({.kind = LAYER_GRU, .in_dim = 4, .out_dim = 7});
    AGREES({.kind = LAYER_GRU, .in_dim = 2, .out_dim = 16});
}

static void dropout_has_its_gradient(void)
{
    AGREES({.kind = LAYER_GRU, .in_dim = 4, .out_dim = 7, .dropout = 0.25f});
    AGREES({.kind = LAYER_LINEAR, .in_dim = 4, .out_dim = 7, .dropout = 0.5f});
}

static void vectors_of_speakers_have_their_gradient(void)
{
    AGREES({.kind = LAYER_SPEAKER, .in_dim = 6, .out_dim = 6, .taps = 3});
}

static void a_whole_network_has_its_gradient(void)
{
    AGREES({.kind = LAYER_CONV, .in_dim = 4, .out_dim = 10, .taps = 3, .right = 1, .relu = true,
            .norm = true},
           {.kind = LAYER_CONV, .in_dim = 10, .out_dim = 8, .taps = 3, .right = 1, .stride = 2,
            .relu = true, .norm = true},
           {.kind = LAYER_GRU, .in_dim = 8, .out_dim = 6, .dropout = 0.2f},
           {.kind = LAYER_CONV, .in_dim = 6, .out_dim = 9, .taps = 3, .dilation = 2, .right = 1,
            .relu = true, .norm = true},
           {.kind = LAYER_GRU, .in_dim = 9, .out_dim = 5},
           {.kind = LAYER_LATENT, .in_dim = 5, .out_dim = 4});
}

int main(void)
{
    RUN(a_linear_layer_has_its_gradient);
    RUN(a_latent_has_its_gradient);
    RUN(a_convolution_has_its_gradient);
    RUN(a_convolution_with_stride_has_its_gradient);
    RUN(batch_norm_has_its_gradient);
    RUN(a_gru_has_its_gradient_through_time);
    RUN(dropout_has_its_gradient);
    RUN(vectors_of_speakers_have_their_gradient);
    RUN(a_whole_network_has_its_gradient);
    return check_done();
}
