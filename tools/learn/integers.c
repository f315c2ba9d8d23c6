/* SPDX-License-Identifier: MIT */
#include "tools/learn/integers.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_SHIFT = 25, MOST_SHIFT = 32 };
static const double PAST_INT32 = 2147483648.0;

/* A matrix to be made, and where it is. */
struct job {
    const char *what; /* "weight" */
    size_t layer;     /* from 1 */
    const float *weight, *bias; /* [row][n], [row] */
    size_t rows, n;
    double in_step, out_steps; /* out_steps: steps of the output in 1 */
};

static double largest(const float *w, size_t n)
{
    double top = 0;
    for (size_t k = 0; k < n; k++)
        if (fabs((double)w[k]) > top) top = fabs((double)w[k]);
    return top;
}

/* The scale of each row: its largest weight, or what stands for it. */
static void tops(double *top, const struct job *job)
{
    double least = largest(job->weight, job->rows * job->n) / 65536;
    if (least == 0) least = 1;
    for (size_t r = 0; r < job->rows; r++) {
        top[r] = largest(job->weight + r * job->n, job->n);
        if (top[r] < least) top[r] = least;
    }
}

static uint32_t shift_of(const double *unit, const struct job *job)
{
    double most = 0;
    uint32_t shift = MOST_SHIFT;
    for (size_t r = 0; r < job->rows; r++)
        if (unit[r] * job->out_steps > most) most = unit[r] * job->out_steps;
    while (shift >= LEAST_SHIFT && rint(most * (double)(1ull << shift)) >= PAST_INT32) shift--;
    return shift;
}

static bool fail_row(const struct job *job, size_t r, struct failure *failure, const char *what)
{
    return fail(failure, EXIT_INPUT, "layer %zu, %s, row %zu: %s", job->layer, job->what, r, what);
}

/* What the loader of a model refuses: after this no input overflows. */
static bool check_row(const struct job *job, const int8_t *w, double b, double multiplier,
                      uint32_t shift, size_t r, struct failure *failure)
{
    if (!(multiplier >= 1))
        return fail_row(job, r, failure,
                        "the weights are too small beside the other rows; remove the row or train "
                        "with weight decay");
    if (!(fabs(b) < PAST_INT32))
        return fail_row(job, r, failure, "the bias is too large for the weights");
    uint64_t bound = (uint64_t)fabs(b);
    for (size_t k = 0; k < job->n; k++) bound += 127 * (uint64_t)abs(w[k]);
    if (bound >= 1ull << 31 ||
        bound * (uint64_t)multiplier + (1ull << (shift - 1)) >= 1ull << (31 + shift))
        return fail_row(job, r, failure,
                        "the sums could pass 32 bits; the layer has too many weights in a row, or "
                        "too large a bias");
    return true;
}

static bool make_rows(struct integer_matrix *made, const struct job *job, const double *top,
                      const double *unit, uint32_t shift, struct failure *failure)
{
    for (size_t r = 0; r < job->rows; r++) {
        const float *w = job->weight + r * job->n;
        int8_t *to = made->weight + r * job->n;
        for (size_t k = 0; k < job->n; k++) to[k] = (int8_t)rint((double)w[k] * 127 / top[r]);
        double b = rint((double)job->bias[r] / unit[r]);
        double multiplier = rint(unit[r] * job->out_steps * (double)(1ull << shift));
        if (!check_row(job, to, b, multiplier, shift, r, failure)) return false;
        made->bias[r] = (int32_t)b;
        made->multiplier[r] = (int32_t)multiplier;
    }
    return true;
}

static bool make_matrix(voq_matrix *matrix, struct integer_matrix *made, const struct job *job,
                        struct failure *failure)
{
    made->weight = zeroed(job->rows * job->n, sizeof *made->weight, failure);
    made->bias = zeroed(job->rows, sizeof *made->bias, failure);
    made->multiplier = zeroed(job->rows, sizeof *made->multiplier, failure);
    double *top = zeroed(2 * job->rows, sizeof *top, failure), *unit = top + job->rows;
    bool good = made->weight && made->bias && made->multiplier && top;
    if (good) {
        tops(top, job);
        for (size_t r = 0; r < job->rows; r++) unit[r] = top[r] / 127 * job->in_step;
        uint32_t shift = shift_of(unit, job);
        good = shift >= LEAST_SHIFT
                   ? make_rows(made, job, top, unit, shift, failure)
                   : fail(failure, EXIT_INPUT, "layer %zu, %s: the weights are too large",
                          job->layer, job->what);
        *matrix = (voq_matrix){.weight = made->weight, .bias = made->bias,
                               .multiplier = made->multiplier, .shift = shift};
    }
    free(top);
    return good;
}

static bool make_layer(struct integers *integers, const struct float_network *network, size_t i,
                       double *in_step, const double *step, struct failure *failure)
{
    const struct layer_spec *spec = &network->spec.layer[i];
    const struct float_layer *from = &network->layer[i];
    voq_layer *layer = &integers->layer[i];
    bool is_conv = spec->kind == LAYER_CONV, is_gru = spec->kind == LAYER_GRU;
    *layer = (voq_layer){.kind = spec->kind, .in_dim = spec->in_dim, .out_dim = spec->out_dim,
                         .taps = spec->taps, .dilation = spec->dilation, .right = spec->right,
                         .stride = spec->stride};
    const struct job input = {.what = "weights", .layer = i + 1, .weight = from->weight,
                              .bias = from->bias, .rows = float_layer_rows(spec),
                              .n = (size_t)spec->taps * spec->in_dim, .in_step = *in_step,
                              .out_steps = is_conv ? 1 / step[i] : 2048};
    const struct job state = {.what = "weights of the state", .layer = i + 1,
                              .weight = from->state_weight, .bias = from->state_bias,
                              .rows = input.rows, .n = spec->out_dim, .in_step = 1.0 / 128,
                              .out_steps = 2048};
    *in_step = is_conv ? step[i] : 1.0 / 128;
    return make_matrix(&layer->input, &integers->input[i], &input, failure) &&
           (!is_gru || make_matrix(&layer->state, &integers->state[i], &state, failure));
}

bool integers_make(struct integers *integers, const struct float_network *network,
                   const double *step, struct failure *failure)
{
    double in_step = INTEGERS_FEATURE_STEP;
    *integers = (struct integers){0};
    integers->encoder = (voq_encoder){.struct_size = sizeof integers->encoder,
                                      .n_layer = network->spec.n_layer,
                                      .layer = integers->layer,
                                      .layer_size = sizeof *integers->layer};
    for (size_t i = 0; i < network->spec.n_layer; i++)
        if (!make_layer(integers, network, i, &in_step, step, failure)) return false;
    return true;
}

void integers_free(struct integers *integers)
{
    for (size_t i = 0; i < ENCODER_MOST_LAYERS; i++) {
        const struct integer_matrix *made[] = {&integers->input[i], &integers->state[i]};
        for (size_t m = 0; m < 2; m++) {
            free(made[m]->weight);
            free(made[m]->bias);
            free(made[m]->multiplier);
        }
    }
    *integers = (struct integers){0};
}
