/* SPDX-License-Identifier: MIT */
/* If this fails, a training gives another model on another machine, or padding changes it. */
#include "tests/learn/small_network.h"
#include "tests/support/check.h"

#include <math.h>

static const struct layer_spec encoder[] = {
    {.kind = LAYER_CONV, .in_dim = 5, .out_dim = 20, .taps = 5, .right = 2, .relu = true,
     .norm = true},
    {.kind = LAYER_CONV, .in_dim = 20, .out_dim = 17, .taps = 3, .right = 1, .stride = 2,
     .relu = true, .norm = true},
    {.kind = LAYER_GRU, .in_dim = 17, .out_dim = 13, .dropout = 0.15f},
    {.kind = LAYER_CONV, .in_dim = 13, .out_dim = 16, .taps = 3, .dilation = 2, .right = 1,
     .relu = true, .norm = true},
    {.kind = LAYER_GRU, .in_dim = 16, .out_dim = 24, .dropout = 0.15f},
    {.kind = LAYER_SPEAKER, .in_dim = 24, .out_dim = 24, .taps = 3},
    {.kind = LAYER_LATENT, .in_dim = 24, .out_dim = 6},
};
enum { N_LAYER = sizeof encoder / sizeof *encoder };

/* Three steps of gradient descent; the parameters at the end are what is compared. */
static void learn(struct small *s)
{
    for (uint64_t step = 0; step < 3; step++) {
        s->pass.seed = step;
        small_forward(s);
        small_backward(s);
        for (size_t i = 0; i < s->network->n_parameter; i++)
            s->network->parameter[i] -= 0.01f * s->network->gradient[i];
    }
}

/* FNV-1a */
static uint64_t hash_of(const float *x, size_t n)
{
    uint64_t hash = 0xcbf29ce484222325u;
    const unsigned char *byte = (const unsigned char *)x;
    for (size_t i = 0; i < n * sizeof *x; i++) hash = (hash ^ byte[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_of_learning(size_t n_thread, const struct lane_table *lanes)
{
    struct small s = small_new(encoder, N_LAYER, n_thread);
    workers_use_lanes(s.workers, lanes);
    learn(&s);
    uint64_t hash = hash_of(s.network->parameter, s.network->n_parameter) ^
                    hash_of(s.network->statistic, s.network->n_statistic) << 1;
    small_free(&s);
    return hash;
}

/* The number is that of x86-64 and aarch64, gcc and clang: if it changes, so does every model. */
static void learning_has_the_same_bits_everywhere(void)
{
    uint64_t hash = hash_of_learning(1, lane_table_baseline());
    printf("# %016" PRIx64 "\n", hash);
    CHECK(hash == 0xba7ecf5a19221ff6u);
}

static void threads_and_lanes_do_not_change_the_bits(void)
{
    uint64_t hash = hash_of_learning(1, lane_table_best());
    CHECK(hash_of_learning(2, lane_table_best()) == hash);
    CHECK(hash_of_learning(3, lane_table_best()) == hash);
    CHECK(hash_of_learning(8, lane_table_best()) == hash);
    CHECK(hash_of_learning(3, lane_table_baseline()) == hash);
}

static void behind_a_piece_the_output_is_zero(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    const float *y = small_forward(&s);
    size_t n = s.network->out_dim;
    for (size_t t = 0; t < SMALL_STEPS / 2; t++)
        for (size_t p = 0; p < SMALL_PIECES; p++) {
            const float *row = y + (t * SMALL_PIECES + p) * n;
            bool all_zero = true;
            for (size_t i = 0; i < n; i++) all_zero &= row[i] == 0.0f;
            CHECK_EQ(all_zero, t >= network_length(s.network, small_length[p]));
        }
    small_free(&s);
}

/* What the loss writes behind a piece is not looked at. */
static void behind_a_piece_no_gradient_flows(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    small_forward(&s);
    small_backward(&s);
    uint64_t hash = hash_of(s.network->gradient, s.network->n_parameter);
    for (size_t t = 0; t < SMALL_STEPS / 2; t++)
        for (size_t p = 0; p < SMALL_PIECES; p++)
            for (size_t i = 0; i < s.network->out_dim; i++)
                if (t >= network_length(s.network, small_length[p]))
                    s.dy[(t * SMALL_PIECES + p) * s.network->out_dim + i] = 1e6f;
    struct small again = small_new(encoder, N_LAYER, 1);
    memcpy(again.dy, s.dy, s.n_y * sizeof *s.dy);
    small_forward(&again);
    small_backward(&again);
    CHECK(hash_of(again.network->gradient, again.network->n_parameter) == hash);
    small_free(&again);
    small_free(&s);
}

static void more_padding_changes_no_output(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    size_t in = s.network->in_dim, n = s.network->out_dim, more = 8;
    float *x = calloc((SMALL_STEPS + more) * SMALL_PIECES * in, sizeof *x);
    if (!x) abort();
    memcpy(x, s.x, s.n_x * sizeof *x);
    s.pass.mode = NETWORK_EVAL;
    float *y = small_rows(&(uint64_t){1}, s.n_y);
    memcpy(y, small_forward(&s), s.n_y * sizeof *y);
    s.pass.x = x;
    s.pass.n_step = SMALL_STEPS + more;
    const float *longer = small_forward(&s);
    CHECK_BITS(longer, y, s.n_y);
    for (size_t i = s.n_y; i < s.n_y + more / 2 * SMALL_PIECES * n; i++) CHECK(longer[i] == 0.0f);
    free(x);
    free(y);
    small_free(&s);
}

static void a_piece_has_the_same_output_alone(void)
{
    struct small s = small_new(encoder, N_LAYER, 2);
    size_t in = s.network->in_dim, n = s.network->out_dim, piece = 2;
    float x[SMALL_STEPS * 5], y[SMALL_STEPS / 2 * 6];
    s.pass.mode = NETWORK_EVAL;
    const float *all = small_forward(&s);
    for (size_t t = 0; t < SMALL_STEPS / 2; t++)
        memcpy(y + t * n, all + (t * SMALL_PIECES + piece) * n, n * sizeof *y);
    for (size_t t = 0; t < SMALL_STEPS; t++)
        memcpy(x + t * in, s.x + (t * SMALL_PIECES + piece) * in, in * sizeof *x);
    s.pass.x = x;
    s.pass.n_piece = 1;
    s.pass.length = small_length + piece;
    s.pass.speaker = small_speaker + piece;
    CHECK_BITS(small_forward(&s), y, SMALL_STEPS / 2 * n);
    small_free(&s);
}

static void running_statistics_approach_those_of_the_batches(void)
{
    static const struct layer_spec conv[] = {{.kind = LAYER_CONV, .in_dim = 4, .out_dim = 6,
                                              .taps = 1, .norm = true}};
    struct small s = small_new(conv, 1, 1);
    float in_training[SMALL_STEPS * SMALL_PIECES * 6];
    for (int i = 0; i < 200; i++)
        memcpy(in_training, small_forward(&s), sizeof in_training);
    s.pass.mode = NETWORK_EVAL;
    const float *y = small_forward(&s);
    double worst = 0, count = 12 + 7 + 10 + 1 + 12;
    for (size_t i = 0; i < s.n_y; i++)
        worst = fmax(worst, fabs((double)y[i] - (double)in_training[i]));
    printf("# %.3g\n", worst);
    CHECK(worst < 4 / count && worst > 0); /* the running variance is the unbiased one */
    small_free(&s);
}

/* A folded layer is a convolution with a bias. */
static void a_folded_layer_computes_what_the_layer_did(void)
{
    struct small s = small_new(encoder, 1, 1);
    size_t n_w = 20 * 5 * 5;
    float w[20 * 5 * 5], b[20];
    learn(&s);
    s.pass.mode = NETWORK_EVAL;
    float *y = small_rows(&(uint64_t){1}, s.n_y);
    memcpy(y, small_forward(&s), s.n_y * sizeof *y);
    network_fold(s.network, 0, w, b, NULL, NULL);
    struct layer_spec plain = encoder[0];
    plain.norm = false;
    struct small folded = small_new(&plain, 1, 1);
    memcpy(folded.network->parameter, w, sizeof w);
    memcpy(folded.network->parameter + n_w, b, sizeof b);
    const float *right = small_forward(&folded);
    for (size_t i = 0; i < s.n_y; i++) CHECK(fabsf(y[i] - right[i]) < 1e-5f);
    free(y);
    small_free(&folded);
    small_free(&s);
}

static void a_folded_gru_has_a_bias_of_the_state_for_n_alone(void)
{
    static const struct layer_spec gru[] = {{.kind = LAYER_GRU, .in_dim = 3, .out_dim = 4}};
    struct small s = small_new(gru, 1, 1);
    float w[36], b[12], u[48], c[12];
    const float *p = s.network->parameter;
    network_fold(s.network, 0, w, b, u, c);
    CHECK_BITS(w, p, 36);
    CHECK_BITS(u, p + 36, 48);
    CHECK_BITS(b, p + 84, 12);
    for (int i = 0; i < 8; i++) CHECK(c[i] == 0.0f);
    CHECK_BITS(c + 8, p + 96, 4);
    small_free(&s);
}

static double worst_product(const float *w, size_t n, size_t size, size_t row, size_t column)
{
    double worst = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double sum = i == j ? -1 : 0;
            for (size_t k = 0; k < size; k++)
                sum += (double)w[i * row + k * column] * (double)w[j * row + k * column];
            worst = fmax(worst, fabs(sum));
        }
    return worst;
}

static void gates_start_orthogonal(void)
{
    static const struct layer_spec spec[] = {{.kind = LAYER_GRU, .in_dim = 30, .out_dim = 40},
                                             {.kind = LAYER_GRU, .in_dim = 40, .out_dim = 10}};
    struct network *network;
    struct failure failure;
    CHECK(network_new(&network, spec, 2, 5, &failure));
    const float *w = network->parameter, *u = w + 3 * 40 * 30;
    for (size_t gate = 0; gate < 3; gate++) {
        CHECK(worst_product(w + gate * 40 * 30, 30, 40, 1, 30) < 1e-6);
        CHECK(worst_product(u + gate * 40 * 40, 40, 40, 40, 1) < 1e-6);
    }
    w = u + 3 * 40 * 40 + 4 * 40;
    for (size_t gate = 0; gate < 3; gate++)
        CHECK(worst_product(w + gate * 400, 10, 40, 40, 1) < 1e-6);
    network_free(network);
}

static void another_seed_drops_other_values(void)
{
    static const struct layer_spec spec[] = {{.kind = LAYER_LINEAR, .in_dim = 3, .out_dim = 90,
                                              .dropout = 0.25f}};
    struct small s = small_new(spec, 1, 1);
    size_t n_dropped = 0, n_valid = 42 * 90;
    const float *y = small_forward(&s);
    for (size_t i = 0; i < s.n_y; i++) n_dropped += y[i] == 0.0f;
    n_dropped -= s.n_y - n_valid;
    CHECK(n_dropped > n_valid / 5 && n_dropped < n_valid * 3 / 10);
    uint64_t hash = hash_of(y, s.n_y);
    CHECK(hash_of(small_forward(&s), s.n_y) == hash);
    s.pass.seed++;
    CHECK(hash_of(small_forward(&s), s.n_y) != hash);
    small_free(&s);
}

static void a_number_that_is_none_reaches_the_output(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    s.network->parameter[3] = NAN;
    const float *y = small_forward(&s);
    CHECK(y[0] != y[0]);
    small_free(&s);
}

int main(void)
{
    RUN(learning_has_the_same_bits_everywhere);
    RUN(threads_and_lanes_do_not_change_the_bits);
    RUN(behind_a_piece_the_output_is_zero);
    RUN(behind_a_piece_no_gradient_flows);
    RUN(more_padding_changes_no_output);
    RUN(a_piece_has_the_same_output_alone);
    RUN(running_statistics_approach_those_of_the_batches);
    RUN(a_folded_layer_computes_what_the_layer_did);
    RUN(a_folded_gru_has_a_bias_of_the_state_for_n_alone);
    RUN(gates_start_orthogonal);
    RUN(another_seed_drops_other_values);
    RUN(a_number_that_is_none_reaches_the_output);
    return check_done();
}
