/* SPDX-License-Identifier: MIT */
/* A whole step of a training against PyTorch: a gradient that is wrong where losses, codebooks and
   networks meet would cost accuracy, and nothing would tell. */
#include "tests/learn/learner_vectors.h"
#include "tests/learn/near.h"
#include "src/model/sha256.h"
#include "tools/base/normal.h"
#include "tools/base/number.h"
#include "tools/learn/learner.h"

#include <string.h>

enum { STEPS = 6, PIECES = 2, CODES = 4, LATENT = 3 };
static const char layers[] = "conv 5 3 right 1 stride 2; gru 4; latent 3";
static const uint32_t length[PIECES] = {6, 3}, speaker[PIECES] = {1, 0};
static const float weight[PIECES] = {1, .5f};
static struct failure failure;

struct setup {
    struct workers *workers;
    struct learner *learner;
    struct learner_report report;
};

/* An expected step: every array that voq computes has one here. */
struct torch_step {
    const float *parameter, *gradient, *after, *codeword, *moved;
    size_t n_parameter, n_codeword;
    double loss;
};

#define TORCH_STEP(name)                                                                           \
    {name##_parameter, name##_gradient, name##_after, name##_codeword, name##_moved,               \
     sizeof name##_parameter / 4, sizeof name##_codeword / 4, name##_loss[0]}

static bool open_learner(struct setup *setup, struct learner_options options)
{
    if (!encoder_spec_parse(&options.spec, layers, 2, &failure)) return false;
    for (size_t i = 0; i < options.spec.n_layer; i++) options.spec.layer[i].dropout = 0;
    options.adamw = (struct adamw_options){.beta1 = .9, .beta2 = .98, .epsilon = 1e-8,
                                           .decay = .01};
    options.smoothing = .05;
    options.gradient_most = .5;
    options.quantizer.n_code = CODES;
    options.quantizer.dim = LATENT;
    options.quantizer.commitment = .25 / 8;
    options.quantizer.ema.decay = .99;
    return workers_new(&setup->workers, 2, &failure) &&
           learner_new(&setup->learner, &options, setup->workers, &failure);
}

static void close_learner(struct setup *setup)
{
    learner_free(setup->learner);
    workers_free(setup->workers);
}

/* Puts PyTorch's parameters and codewords in place. */
static size_t set_state(struct learner *learner, const struct torch_step *step)
{
    struct vector_quantizer *quantizer = &learner->quantizer;
    size_t at = 0;
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        struct network *network = learner->learned[i].network;
        if (!network) continue;
        memcpy(network->parameter, step->parameter + at, network->n_parameter * sizeof(float));
        at += network->n_parameter;
    }
    memcpy(quantizer->codeword, step->codeword, step->n_codeword * sizeof(float));
    for (size_t i = 0; i < step->n_codeword; i++)
        quantizer->sum[i] = 10 * (double)step->codeword[i];
    for (size_t i = 0; i < step->n_codeword / LATENT; i++) quantizer->count[i] = 10;
    learner->quantizes = 1;
    return at;
}

static void check_step(struct setup *setup, const struct batch *batch,
                       const struct torch_step *step)
{
    struct learner *learner = setup->learner;
    struct learner_report *report = &setup->report;
    size_t at = 0;
    CHECK_EQ(set_state(learner, step), step->n_parameter);
    CHECK(learner_step(learner, batch, .01, report, &failure));
    CHECK_EQ(report->n_row, 5);
    CHECK_NEAR(report->loss / report->n_row, step->loss, 1e-6 * step->loss);
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        struct network *network = learner->learned[i].network;
        if (!network) continue;
        CHECK_ALL_NEAR(network->gradient, step->gradient + at, network->n_parameter, 3e-6);
        CHECK_ALL_NEAR(network->parameter, step->after + at, network->n_parameter, 3e-6);
        at += network->n_parameter;
    }
    CHECK_ALL_NEAR(learner->quantizer.codeword, step->moved, step->n_codeword, 3e-6);
}

/* Two kinds of label, their weights, the frame at the middle of a unit, pieces of other weight and
   length, straight-through, commitment, consistency, clipping, AdamW, moving averages. */
static void a_step_of_labels_is_that_of_torch(void)
{
    const struct torch_step step = TORCH_STEP(labels);
    const int32_t *label[] = {labels_label0, labels_label1};
    struct setup setup = {0};
    const struct batch batch = {.n_step = STEPS, .n_piece = PIECES, .length = length,
                                .x = (float *)labels_x, .clean = (float *)labels_clean,
                                .n_head = 2, .label = (int32_t **)label, .speaker = speaker,
                                .weight = weight};
    CHECK(open_learner(&setup, (struct learner_options){
                                   .n_head = 2, .n_class = {3, 4}, .head_weight = {1, .5},
                                   .head_code_weight = {1, .5}, .consistency = .7,
                                   .quantizer.n_codebook = 1}));
    check_step(&setup, &batch, &step);
    close_learner(&setup);
}

/* A decoder that knows the speaker, two residual codebooks, units of two frames. */
static void a_step_of_vqvae_is_that_of_torch(void)
{
    const struct torch_step step = TORCH_STEP(vqvae);
    struct setup setup = {0};
    const struct batch batch = {.n_step = STEPS, .n_piece = PIECES, .length = length,
                                .x = (float *)vqvae_x, .speaker = speaker, .weight = weight};
    CHECK(open_learner(&setup, (struct learner_options){.n_speaker = 2,
                                                        .quantizer.n_codebook = 2}));
    check_step(&setup, &batch, &step);
    close_learner(&setup);
}

/* AdamW's first moments after its first step, as a sum of squares of what they are moments of. */
static double square_of_moved(const struct adamw *adamw)
{
    double sum = 0;
    for (size_t i = 0; i < adamw->n; i++) sum += pow((double)adamw->moment[i] / .1, 2);
    return sum;
}

static void clipping_counts_codewords_that_learn_by_their_loss(void)
{
    const struct torch_step step = TORCH_STEP(vqvae);
    struct setup setup = {0};
    const struct batch batch = {.n_step = STEPS, .n_piece = PIECES, .length = length,
                                .x = (float *)vqvae_x, .speaker = speaker, .weight = weight};
    CHECK(open_learner(&setup, (struct learner_options){
                                   .n_speaker = 2,
                                   .quantizer = {.n_codebook = 2, .rule = CODEBOOK_LOSS}}));
    set_state(setup.learner, &step);
    CHECK(learner_step(setup.learner, &batch, .01, &setup.report, &failure));
    double codewords = square_of_moved(&setup.learner->codebook), square = codewords;
    for (size_t i = 0; i < LEARNER_NETWORKS; i++)
        square += square_of_moved(&setup.learner->learned[i].adamw);
    CHECK(codewords > .005); /* a share that would be missed */
    CHECK_NEAR(sqrt(square), .5, 1e-6);
    close_learner(&setup);
}

/* Speech-like rows of a batch of two pieces, of other lengths in every step. */
enum { LONGEST = 60, DIM = 8 };
struct drawn_batch {
    float x[LONGEST * PIECES * DIM], clean[LONGEST * PIECES * DIM];
    int32_t label[2][LONGEST * PIECES], *head[2];
    uint32_t length[PIECES];
};

static struct batch draw_batch(struct drawn_batch *drawn, struct rng *rng, size_t n_head)
{
    *drawn = (struct drawn_batch){.head = {drawn->label[0], drawn->label[1]}};
    for (size_t p = 0; p < PIECES; p++) drawn->length[p] = 20 + (uint32_t)rng_below(rng, 41);
    for (size_t row = 0; row < LONGEST * PIECES; row++) {
        bool inside = row / PIECES < drawn->length[row % PIECES];
        int32_t label = (int32_t)rng_below(rng, 4);
        for (size_t h = 0; h < 2; h++) drawn->label[h][row] = inside ? label % (3 + (int)h) : -1;
        for (size_t d = 0; inside && d < DIM; d++) {
            double centre = (double)((label * 7 + (int)d * 3) % 5 - 2);
            drawn->clean[row * DIM + d] = (float)(centre + .3 * rng_normal(rng));
            drawn->x[row * DIM + d] = drawn->clean[row * DIM + d] + (float)(.3 * rng_normal(rng));
        }
    }
    return (struct batch){.n_step = LONGEST, .n_piece = PIECES, .length = drawn->length,
                          .x = drawn->x, .clean = drawn->clean, .n_head = n_head,
                          .label = drawn->head, .speaker = speaker, .weight = weight};
}

static void hash_state(struct learner *learner, char hex[65])
{
    struct state_part part[LEARNER_PARTS];
    unsigned char digest[32];
    struct sha256 sha;
    size_t n = learner_parts(learner, part);
    voq_sha256_begin(&sha);
    for (size_t i = 0; i < n; i++) voq_sha256_add(&sha, part[i].bytes, part[i].n_byte);
    voq_sha256_end(&sha, digest);
    format_hex(hex, digest, sizeof digest);
}

/* Forty steps, half of them with codewords. */
static void check_forty(struct learner_options options, const char *expected)
{
    static const char chain[] =
        "conv 40 5 right 2; conv 24 3 dilation 2 right 1 stride 2; gru 20; latent 6";
    static struct drawn_batch drawn;
    struct learner_report report = {0};
    struct workers *workers;
    struct learner *learner;
    struct rng rng;
    char hex[65];
    rng_start(&rng, 3, RNG_SAMPLE, 0);
    CHECK(encoder_spec_parse(&options.spec, chain, DIM, &failure));
    options.adamw = (struct adamw_options){.beta1 = .9, .beta2 = .98, .epsilon = 1e-8,
                                           .decay = .01};
    options.gradient_most = 1;
    options.quantizer.n_code = 8;
    options.quantizer.dim = 6;
    options.quantizer.commitment = .25 / 8;
    options.quantizer.ema.decay = .99;
    options.quantizer.restart = (struct restart_options){1.5, 10};
    CHECK(workers_new(&workers, 3, &failure));
    CHECK(learner_new(&learner, &options, workers, &failure));
    for (int step = 0; step < 40; step++) {
        struct batch batch = draw_batch(&drawn, &rng, options.n_head);
        if (step == 20) {
            const float *z = learner_latents(learner, &batch, &failure);
            CHECK(z && quantizer_begin(&learner->quantizer, workers, z, learner->rows.n, &failure));
            learner->quantizes = 1;
        }
        CHECK(learner_step(learner, &batch, .01, &report, &failure));
    }
    hash_state(learner, hex);
    CHECK_STR(hex, expected);
    learner_free(learner);
    workers_free(workers);
}

static void forty_steps_of_labels_have_the_same_bits_everywhere(void)
{
    check_forty((struct learner_options){.n_head = 2, .n_class = {3, 4}, .head_weight = {1, .5},
                                         .head_code_weight = {1, .5}, .smoothing = .05,
                                         .consistency = .7, .quantizer.n_codebook = 1},
                "8e98caa3c17e2b145f3f115754f7768b95ce13d82ea628a885a916c90b3a9da9");
}

static void forty_steps_of_vqvae_have_the_same_bits_everywhere(void)
{
    check_forty((struct learner_options){.n_speaker = 2, .jitter = .12, .quantizer.n_codebook = 2},
                "ba80503d454fb4df779a0ad487d599b0b3d4e2d85a4d2f6cfa50e02fd1fc1922");
}

int main(void)
{
    RUN(a_step_of_labels_is_that_of_torch);
    RUN(a_step_of_vqvae_is_that_of_torch);
    RUN(clipping_counts_codewords_that_learn_by_their_loss);
    RUN(forty_steps_of_labels_have_the_same_bits_everywhere);
    RUN(forty_steps_of_vqvae_have_the_same_bits_everywhere);
    return check_done();
}
