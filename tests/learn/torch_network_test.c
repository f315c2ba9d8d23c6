/* SPDX-License-Identifier: MIT */
/* network.safetensors (make_network.py): an encoder of PyTorch, its latents by PyTorch, and its
   integers by an independent NumPy implementation. */
#include "tests/support/check.h"
#include "tools/learn/calibration.h"
#include "tools/learn/integers.h"
#include "tools/learn/torch_weights.h"

#include <math.h>
#include <stdlib.h>

static const char spec_text[] =
    "conv 12 5 right 2; conv 10 3 right 1; gru 9; conv 8 3 dilation 4 right 1; gru 6; latent 5";
static const size_t lengths[] = {60, 3, 1};
enum { IN_DIM = 7, OUT_DIM = 5, N_UTTERANCE = 3, N_FRAME = 64 };

static struct encoder_spec spec;
static struct safetensors file;
static struct float_network network;
static struct calibration_utterance utterance[N_UTTERANCE];
static struct failure failure;

static const struct tensor *expected(size_t layer, const char *matrix, const char *part)
{
    char name[64];
    snprintf(name, sizeof name, "expected.%zu.%s%s", layer, matrix, part);
    return safetensors_find(&file, name);
}

static void the_file_is_read(void)
{
    double step[ENCODER_MOST_LAYERS];
    CHECK(encoder_spec_parse(&spec, spec_text, IN_DIM, &failure));
    CHECK(torch_weights_read(&network, &spec, &file, "network", step, &failure));
    for (size_t i = 0; i < spec.n_layer; i++) CHECK(step[i] == 0);
    static float x[N_FRAME * IN_DIM];
    const struct tensor *tensor = safetensors_find(&file, "expected.x");
    for (size_t i = 0; i < N_FRAME * IN_DIM; i++) x[i] = (float)tensor_value(tensor, i);
    for (size_t i = 0, t = 0; i < N_UTTERANCE; t += lengths[i++])
        utterance[i] = (struct calibration_utterance){x + t * IN_DIM, lengths[i]};
}

static void latents_are_those_of_pytorch(void)
{
    struct float_forward *forward;
    const struct tensor *tensor = safetensors_find(&file, "expected.z");
    double most = 0;
    CHECK(float_forward_new(&forward, &network, N_FRAME, &failure));
    for (size_t u = 0, at = 0; u < N_UTTERANCE; u++) {
        size_t n;
        const float *z = float_forward_run(forward, utterance[u].x, utterance[u].n, NULL, NULL, &n);
        CHECK_EQ(n, utterance[u].n);
        for (size_t i = 0; i < n * OUT_DIM; i++, at++)
            most = fmax(most, fabs((double)z[i] - tensor_value(tensor, at)));
    }
    float_forward_free(forward);
    if (most >= 2e-6) printf("# %g apart\n", most);
    CHECK(most < 2e-6);
}

static void steps_are_those_of_the_reference(void)
{
    double alone[ENCODER_MOST_LAYERS] = {0}, step[ENCODER_MOST_LAYERS] = {0};
    CHECK(calibrate(&network, utterance, N_UTTERANCE, 1, alone, &failure));
    CHECK(calibrate(&network, utterance, N_UTTERANCE, 3, step, &failure));
    for (size_t i = 0; i < spec.n_layer; i++) {
        CHECK(step[i] == alone[i]);
        CHECK((step[i] > 0) == (spec.layer[i].kind == LAYER_CONV));
        if (step[i] == 0) continue;
        double reference = tensor_value(expected(i, "step", ""), 0);
        CHECK(fabs(step[i] / reference - 1) < 1e-5);
    }
}

static bool equal_bytes(size_t layer, const char *matrix, const char *part, const void *got,
                        size_t n_byte)
{
    const struct tensor *tensor = expected(layer, matrix, part);
    if (tensor && tensor->end - tensor->begin == n_byte && !memcmp(tensor->bytes, got, n_byte))
        return true;
    printf("# layer %zu: %s%s differs\n", layer, matrix, part);
    return false;
}

static bool equal_matrix(size_t i, const char *name, const voq_matrix *matrix, size_t rows,
                         size_t n)
{
    return equal_bytes(i, name, ".weight", matrix->weight, rows * n) &&
           equal_bytes(i, name, ".bias", matrix->bias, rows * 4) &&
           equal_bytes(i, name, ".multiplier", matrix->multiplier, rows * 4) &&
           equal_bytes(i, name, ".shift", &matrix->shift, 4);
}

static void integers_are_those_of_the_reference_bit_for_bit(void)
{
    double step[ENCODER_MOST_LAYERS] = {0};
    struct integers integers;
    for (size_t i = 0; i < spec.n_layer; i++)
        if (spec.layer[i].kind == LAYER_CONV)
            step[i] = tensor_value(expected(i, "step", ""), 0);
    CHECK(integers_make(&integers, &network, step, &failure));
    for (size_t i = 0; i < spec.n_layer; i++) {
        const voq_layer *layer = &integers.encoder.layer[i];
        size_t rows = float_layer_rows(&spec.layer[i]);
        CHECK(equal_matrix(i, "input", &layer->input, rows, layer->taps * layer->in_dim));
        if (layer->kind == VOQ_LAYER_GRU)
            CHECK(equal_matrix(i, "state", &layer->state, rows, layer->out_dim));
    }
    integers_free(&integers);
}

/* A conv of one tap and stride 2 keeps the odd frames; a last unit needs half of its frames. */
static void strides_keep_the_last_frame_of_each_unit(void)
{
    struct encoder_spec strided;
    struct float_network small;
    struct float_forward *forward;
    const float x[] = {1, 2, 3, 4, 5};
    size_t n;
    CHECK(encoder_spec_parse(&strided, "conv 1 2 right 1 stride 2; latent 1", 1, &failure));
    CHECK(float_network_new(&small, &strided, &failure));
    small.layer[0].weight[0] = 1;
    small.layer[0].weight[1] = 10;
    small.layer[1].weight[0] = .01f;
    CHECK(float_forward_new(&forward, &small, 5, &failure));
    const float *z = float_forward_run(forward, x, 5, NULL, NULL, &n);
    CHECK_EQ(n, 3);
    const double sum[] = {2 + 10 * 3, 4 + 10 * 5, 0};
    for (size_t i = 0; i < n; i++) CHECK(fabs((double)z[i] - tanh(.01 * sum[i])) < 1e-6);
    float_forward_run(forward, x, 4, NULL, NULL, &n);
    CHECK_EQ(n, 2);
    float_forward_free(forward);
    float_network_free(&small);
}

static void what_overflows_is_refused(void)
{
    double step[ENCODER_MOST_LAYERS] = {1e-9, 1e-9, 0, 1e-9};
    struct integers integers;
    CHECK(!integers_make(&integers, &network, step, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK(strstr(failure.text, "layer 1, weights"));
    integers_free(&integers);
    float bias = network.layer[2].state_bias[20];
    network.layer[2].state_bias[20] = 1e30f;
    for (size_t i = 0; i < 4; i++) step[i] = .05;
    CHECK(!integers_make(&integers, &network, step, &failure));
    CHECK(strstr(failure.text, "layer 3, weights of the state, row 20: the bias is too large"));
    network.layer[2].state_bias[20] = bias;
    integers_free(&integers);
}

int main(int argc, char **argv)
{
    if (argc < 2 || !safetensors_read(&file, argv[1], &failure)) {
        printf("# %s\n", failure.text);
        return 1;
    }
    RUN(the_file_is_read);
    RUN(latents_are_those_of_pytorch);
    RUN(steps_are_those_of_the_reference);
    RUN(integers_are_those_of_the_reference_bit_for_bit);
    RUN(strides_keep_the_last_frame_of_each_unit);
    RUN(what_overflows_is_refused);
    float_network_free(&network);
    safetensors_free(&file);
    return check_done();
}
