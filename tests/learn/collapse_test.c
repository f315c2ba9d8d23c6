/* SPDX-License-Identifier: MIT */
/* Codebook collapse: most codes are never chosen, so they never move, so they are never chosen. If
   this fails, a trained model has fewer units than it was asked for.

   Vectors around 64 centres pass a linear encoder, a codebook of 64 and a linear decoder, which
   learn to reconstruct them (VQ-VAE). */
#include "tests/learn/near.h"
#include "tests/support/random.h"
#include "tools/base/normal.h"
#include "tools/learn/adamw.h"
#include "tools/learn/loss.h"
#include "tools/learn/product.h"
#include "tools/learn/quantizer.h"

enum { IN = 8, DIM = 4, CODES = 64, BATCH = 512, STEPS = 400, LAST = 50 };

struct run {
    bool k_means, restarts;
    enum codebook_rule rule;
    /* results */
    uint32_t n_used;
    double perplexity, error;
};

/* encoder[DIM][IN] and, behind it, decoder[IN][DIM]. */
typedef float autoencoder[2 * DIM * IN];
enum { DECODER = DIM * IN };

struct batch {
    float x[BATCH * IN], z[BATCH * DIM], z_q[BATCH * DIM], y[BATCH * IN];
    float dy[BATCH * IN], dz[BATCH * DIM];
    uint32_t id[BATCH];
};

static struct workers *workers;
static struct failure failure;

static void draw(struct rng *rng, const float *centre, struct batch *batch)
{
    for (int i = 0; i < BATCH; i++) {
        const float *at = centre + rng_below(rng, CODES) * IN;
        for (int d = 0; d < IN; d++)
            batch->x[i * IN + d] = at[d] + .1f * (float)rng_normal(rng);
    }
}

static void encode(const float *net, struct batch *b)
{
    product(workers, PRODUCT_ABT, BATCH, DIM, IN, b->x, IN, net, IN, b->z, DIM, false);
}

/* Reconstruction error; gradients of both layers, straight through the search. */
static bool learn(const float *net, struct batch *b, struct vector_quantizer *q,
                  float *gradient, double *error)
{
    const struct loss_rows rows = {.n = BATCH, .dim = IN};
    double commitment;
    encode(net, b);
    if (!quantizer_search(q, workers, b->z, BATCH, b->id, b->z_q, &failure)) return false;
    product(workers, PRODUCT_ABT, BATCH, IN, DIM, b->z_q, DIM, net + DECODER, DIM, b->y, IN, false);
    *error = squared_error(workers, &rows, b->y, b->x, 1, b->dy);
    product(workers, PRODUCT_ATB, IN, DIM, BATCH, b->dy, IN, b->z_q, DIM, gradient + DECODER, DIM,
            false);
    product(workers, PRODUCT_AB, BATCH, DIM, IN, b->dy, IN, net + DECODER, DIM, b->dz, DIM, false);
    if (!quantizer_commitment(q, workers, b->z, b->id, BATCH, 1, b->dz, &commitment, &failure))
        return false;
    product(workers, PRODUCT_ATB, DIM, IN, BATCH, b->dz, DIM, b->x, IN, gradient, IN,
            false);
    return quantizer_learn(q, b->z, b->id, BATCH, &failure);
}

/* Codewords far from the latents and from each other. */
static void start_far_away(struct vector_quantizer *q, struct rng *rng)
{
    struct moving_codebook codebook = {CODES, DIM, q->codeword, q->count, q->sum};
    for (int i = 0; i < CODES * DIM; i++) q->codeword[i] = 20 * (float)rng_normal(rng);
    codebook_ema_begin(&codebook, q->options.restart.count);
}

static bool start(struct run *run, float *net, struct vector_quantizer *q, struct rng *rng,
                  const float *centre, struct batch *batch)
{
    const struct quantizer_options options = {
        .n_codebook = 1, .n_code = CODES, .dim = DIM, .rule = run->rule, .commitment = .25,
        .ema = {.decay = .99}, .restart = {.least = run->restarts ? 1.5 : 0, .count = 10},
        .seed = 5};
    for (int i = 0; i < DIM * IN; i++) {
        net[i] = .35f * (float)rng_normal(rng);
        net[DECODER + i] = .35f * (float)rng_normal(rng);
    }
    if (!quantizer_new(q, &options, &failure)) return false;
    if (!run->k_means) {
        start_far_away(q, rng);
        return true;
    }
    draw(rng, centre, batch);
    encode(net, batch);
    return quantizer_begin(q, workers, batch->z, BATCH, &failure);
}

static bool train(struct run *run)
{
    static struct batch batch;
    const struct adamw_options options = {.beta1 = .9, .beta2 = .98, .epsilon = 1e-8};
    autoencoder net, gradient;
    struct vector_quantizer q = {0};
    struct adamw layers = {0}, codes = {0};
    float centre[CODES * IN];
    struct rng rng;
    rng_start(&rng, 3, RNG_WEIGHTS, 0);
    for (int i = 0; i < CODES * IN; i++) centre[i] = (float)rng_normal(&rng);
    bool good = start(run, net, &q, &rng, centre, &batch) &&
                adamw_new(&layers, 2 * DIM * IN, &options) &&
                adamw_new(&codes, CODES * DIM, &options);
    for (int step = 0; good && step < STEPS; step++) {
        draw(&rng, centre, &batch);
        memset(q.gradient, 0, CODES * DIM * sizeof *q.gradient);
        if (step == STEPS - LAST) code_usage_clear(q.usage);
        good = learn(net, &batch, &q, gradient, &run->error);
        adamw_step(&layers, 3e-3, gradient, 1, net);
        if (run->rule == CODEBOOK_LOSS)
            adamw_step(&codes, 3e-3, q.gradient, 1, q.codeword);
    }
    if (good) {
        run->n_used = code_usage_used(q.usage);
        run->perplexity = code_usage_perplexity(q.usage);
        printf("# %u of %d codes, perplexity %.1f, error %.4f\n", (unsigned)run->n_used, CODES,
               run->perplexity, run->error);
    }
    adamw_free(&layers);
    adamw_free(&codes);
    quantizer_free(&q);
    return good;
}

static void a_codebook_far_from_its_latents_collapses(void)
{
    struct run by_loss = {.rule = CODEBOOK_LOSS}, by_ema = {.rule = CODEBOOK_EMA};
    CHECK(train(&by_loss) && train(&by_ema));
    CHECK(by_loss.n_used < .3 * CODES);
    CHECK(by_ema.n_used < .3 * CODES);
}

static void restarts_alone_bring_it_back(void)
{
    struct run by_loss = {.rule = CODEBOOK_LOSS, .restarts = true};
    struct run by_ema = {.rule = CODEBOOK_EMA, .restarts = true};
    CHECK(train(&by_loss) && train(&by_ema));
    CHECK(by_loss.n_used > .9 * CODES);
    CHECK(by_ema.n_used > .9 * CODES);
}

static void with_all_measures_nearly_all_codes_are_in_use(void)
{
    struct run collapsed = {.rule = CODEBOOK_EMA};
    struct run run = {.rule = CODEBOOK_EMA, .k_means = true, .restarts = true};
    CHECK(train(&collapsed) && train(&run));
    CHECK(run.n_used > .9 * CODES);
    CHECK(run.perplexity > .75 * CODES);
    CHECK(run.error < .5 * collapsed.error);
}

int main(void)
{
    if (!workers_new(&workers, 2, &failure)) return 1;
    RUN(a_codebook_far_from_its_latents_collapses);
    RUN(restarts_alone_bring_it_back);
    RUN(with_all_measures_nearly_all_codes_are_in_use);
    workers_free(workers);
    return check_done();
}
