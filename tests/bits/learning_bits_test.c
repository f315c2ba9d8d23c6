/* SPDX-License-Identifier: MIT */
/* A small training of an encoder, its codebook and a layer for labels, from all parts that learn.
   If this fails, a training gives another model on another machine, compiler or optimisation. */
#include "tests/learn/small_network.h"
#include "tests/support/check.h"
#include "tools/learn/adamw.h"
#include "tools/learn/loss.h"
#include "tools/learn/parameters.h"
#include "tools/learn/quantizer.h"
#include "tools/learn/schedule_rate.h"

static const struct layer_spec encoder[] = {
    {.kind = LAYER_CONV, .in_dim = 5, .out_dim = 20, .taps = 5, .right = 2, .relu = true,
     .norm = true},
    {.kind = LAYER_CONV, .in_dim = 20, .out_dim = 17, .taps = 3, .right = 1, .stride = 2,
     .relu = true, .norm = true},
    {.kind = LAYER_GRU, .in_dim = 17, .out_dim = 13, .dropout = 0.15f},
    {.kind = LAYER_LATENT, .in_dim = 13, .out_dim = 6},
};
enum { N_LAYER = sizeof encoder / sizeof *encoder, DIM = 6, CODES = 8, CLASSES = 4 };
enum { STEPS = 24, QUANTIZES_FROM = 8, MOST_ROWS = SMALL_STEPS / 2 * SMALL_PIECES };

static const struct layer_spec head = {.kind = LAYER_LINEAR, .in_dim = DIM, .out_dim = CLASSES,
                                       .taps = 1, .dilation = 1, .stride = 1};
static const struct adamw_options options = {.beta1 = .9, .beta2 = .98, .epsilon = 1e-8,
                                             .decay = .01};
static struct failure failure;

/* Rows within the pieces, one after another. */
struct rows {
    size_t n, at[MOST_ROWS];
    int32_t label[MOST_ROWS];
    uint32_t id[2 * MOST_ROWS];
    float z[MOST_ROWS * DIM], z_q[MOST_ROWS * DIM], dz[MOST_ROWS * DIM];
    float of_head[MOST_ROWS * DIM], gradient[MOST_ROWS * CLASSES];
};

struct training {
    struct small small;
    struct network *head;
    struct adamw of_encoder, of_head, of_codebook;
    struct vector_quantizer quantizer;
    struct rows rows;
    uint64_t hash; /* FNV-1a of losses and of what was learned */
};

static void add(uint64_t *hash, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        *hash = (*hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3u;
}

static void find_rows(struct training *t)
{
    for (size_t i = 0; i < MOST_ROWS; i++)
        if (i / SMALL_PIECES <
            network_length(t->small.network, small_length[i % SMALL_PIECES])) {
            t->rows.label[t->rows.n] = (int32_t)(i % 5) - 1;
            t->rows.at[t->rows.n++] = i;
        }
}

static void begin(struct training *t, size_t n_thread, const struct lane_table *lanes,
                  enum codebook_rule rule)
{
    const struct quantizer_options codebooks = {
        .n_codebook = 2, .n_code = CODES, .dim = DIM, .rule = rule, .commitment = .25,
        .ema = {.decay = .9}, .restart = {.least = .5, .count = 2}, .seed = 5};
    *t = (struct training){.small = small_new(encoder, N_LAYER, n_thread),
                           .hash = 0xcbf29ce484222325u};
    workers_use_lanes(t->small.workers, lanes);
    if (!network_new(&t->head, &head, 1, 7, &failure) ||
        !quantizer_new(&t->quantizer, &codebooks, &failure) ||
        !adamw_new(&t->of_encoder, t->small.network->n_parameter, &options) ||
        !adamw_new(&t->of_head, t->head->n_parameter, &options) ||
        !adamw_new(&t->of_codebook, 2 * CODES * DIM, &options))
        abort();
    find_rows(t);
}

static void end(struct training *t)
{
    small_free(&t->small);
    network_free(t->head);
    quantizer_free(&t->quantizer);
    adamw_free(&t->of_encoder);
    adamw_free(&t->of_head);
    adamw_free(&t->of_codebook);
}

/* Cross-entropy of the labels given x; its gradient is added to dz. */
static void predict(struct training *t, const float *x)
{
    struct rows *rows = &t->rows;
    const uint32_t n = (uint32_t)rows->n;
    const struct pass pass = {.x = x, .n_step = n, .n_piece = 1, .length = &n,
                              .mode = NETWORK_TRAIN};
    const struct loss_rows shape = {n, CLASSES, NULL};
    struct label_loss loss;
    const float *logits = network_forward(t->head, t->small.workers, &pass, &failure);
    if (!logits) abort();
    cross_entropy(t->small.workers, &shape, logits, rows->label, .05f, .5f, rows->gradient, &loss);
    network_backward(t->head, t->small.workers, &pass, rows->gradient, rows->of_head);
    for (size_t i = 0; i < n * (size_t)DIM; i++) rows->dz[i] += rows->of_head[i];
    add(&t->hash, &loss.loss, sizeof loss.loss);
}

static void quantize(struct training *t)
{
    struct rows *rows = &t->rows;
    double loss[2];
    if (!quantizer_search(&t->quantizer, t->small.workers, rows->z, rows->n, rows->id, rows->z_q,
                          &failure))
        abort();
    predict(t, rows->z_q);
    if (!quantizer_commitment(&t->quantizer, t->small.workers, rows->z, rows->id, rows->n, 1,
                              rows->dz, loss, &failure))
        abort();
    add(&t->hash, loss, sizeof loss);
}

static void take_latents(struct training *t)
{
    const float *y = small_forward(&t->small);
    for (size_t i = 0; i < t->rows.n; i++)
        memcpy(t->rows.z + i * DIM, y + t->rows.at[i] * DIM, DIM * sizeof *y);
}

static void move(struct training *t, uint64_t step)
{
    const struct schedule_rate schedule = {.peak = 1e-2, .last = 1e-4, .n_warm = 5,
                                           .n_step = STEPS};
    struct network *network = t->small.network;
    double rate = schedule_rate_at(&schedule, step);
    double norm = parameters_norm(t->small.workers, network->gradient, network->n_parameter);
    double share = clipped_share(norm, .5);
    adamw_step(&t->of_encoder, rate, network->gradient, share, network->parameter);
    adamw_step(&t->of_head, rate, t->head->gradient, share, t->head->parameter);
    if (t->quantizer.options.rule == CODEBOOK_LOSS && step >= QUANTIZES_FROM)
        adamw_step(&t->of_codebook, rate, t->quantizer.gradient, share, t->quantizer.codeword);
}

static void learn(struct training *t, uint64_t step)
{
    struct rows *rows = &t->rows;
    t->small.pass.seed = step;
    memset(rows->dz, 0, sizeof rows->dz);
    memset(t->small.dy, 0, t->small.n_y * sizeof *t->small.dy);
    memset(t->head->gradient, 0, t->head->n_parameter * sizeof *t->head->gradient);
    memset(t->quantizer.gradient, 0, 2 * CODES * DIM * sizeof *t->quantizer.gradient);
    take_latents(t);
    if (step == QUANTIZES_FROM &&
        !quantizer_begin(&t->quantizer, t->small.workers, rows->z, rows->n, &failure))
        abort();
    predict(t, rows->z);
    if (step >= QUANTIZES_FROM) quantize(t);
    for (size_t i = 0; i < rows->n; i++)
        memcpy(t->small.dy + rows->at[i] * DIM, rows->dz + i * DIM, DIM * sizeof *rows->dz);
    small_backward(&t->small);
    move(t, step);
    if (step >= QUANTIZES_FROM &&
        !quantizer_learn(&t->quantizer, rows->z, rows->id, rows->n, &failure))
        abort();
}

static uint64_t hash_of_training(size_t n_thread, const struct lane_table *lanes,
                                 enum codebook_rule rule)
{
    static struct training t;
    begin(&t, n_thread, lanes, rule);
    for (uint64_t step = 0; step < STEPS; step++) learn(&t, step);
    const struct network *network = t.small.network;
    add(&t.hash, network->parameter, network->n_parameter * sizeof(float));
    add(&t.hash, network->statistic, network->n_statistic * sizeof(float));
    add(&t.hash, t.head->parameter, t.head->n_parameter * sizeof(float));
    add(&t.hash, t.quantizer.codeword, 2 * CODES * DIM * sizeof(float));
    end(&t);
    return t.hash;
}

static void check(enum codebook_rule rule, uint64_t golden)
{
    uint64_t hash = hash_of_training(1, lane_table_baseline(), rule);
    printf("# %016" PRIx64 "\n", hash);
    CHECK(hash == golden);
    CHECK(hash_of_training(1, lane_table_best(), rule) == golden);
    CHECK(hash_of_training(3, lane_table_best(), rule) == golden);
}

/* If the numbers change, so does every model that is trained. */
static void a_training_with_moving_averages_has_the_golden_bits(void)
{
    check(CODEBOOK_EMA, 0x5ef803e521d7e114u);
}

static void a_training_with_the_codebook_loss_has_the_golden_bits(void)
{
    check(CODEBOOK_LOSS, 0x3e6e39a58d0f2f36u);
}

int main(void)
{
    RUN(a_training_with_moving_averages_has_the_golden_bits);
    RUN(a_training_with_the_codebook_loss_has_the_golden_bits);
    return check_done();
}
