/* SPDX-License-Identifier: MIT */
/* A whole step of a training against PyTorch: a gradient that is wrong where losses, codebooks and
   networks meet would cost accuracy, and nothing would tell. */
#include "tests/learn/learner_vectors.h"
#include "tests/learn/near.h"
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
    options.quantizer.rule = CODEBOOK_EMA;
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
                                   .consistency = .7, .quantizer.n_codebook = 1}));
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

int main(void)
{
    RUN(a_step_of_labels_is_that_of_torch);
    RUN(a_step_of_vqvae_is_that_of_torch);
    return check_done();
}
