/* SPDX-License-Identifier: MIT */
/* If this fails, an encoder and its codebook do not learn from each other. */
#include "tests/learn/near.h"
#include "tests/learn/quantizer_vectors.h"
#include "tests/support/random.h"
#include "tools/learn/codebook_start.h"
#include "tools/learn/quantizer.h"

#include <stdlib.h>

static struct workers *workers;
static struct failure failure;

/* The two residual codebooks of straight_through() in make_quantizer_vectors.py. */
enum { ROWS = 8, IN = 3, DIM = 4, CODES = 6, BOOKS = 2, BOOK = CODES * DIM };

static bool through_begin(struct vector_quantizer *quantizer, enum codebook_rule rule)
{
    struct quantizer_options options = {.n_codebook = BOOKS, .n_code = CODES, .dim = DIM,
                                        .rule = rule, .commitment = .25, .ema = {.decay = .99},
                                        .seed = 1};
    if (!quantizer_new(quantizer, &options, &failure)) return false;
    memcpy(quantizer->codeword, through_codeword, sizeof through_codeword);
    return true;
}

static void residual_units_are_those_of_pytorch(void)
{
    struct vector_quantizer quantizer;
    uint32_t id[ROWS * BOOKS];
    float z_q[ROWS * DIM];
    CHECK(through_begin(&quantizer, CODEBOOK_LOSS));
    CHECK(quantizer_search(&quantizer, workers, through_z, ROWS, id, z_q, &failure));
    CHECK_BITS(id, through_id, ROWS * BOOKS);
    CHECK_ALL_NEAR(z_q, through_z_q, ROWS * DIM, 1e-6);
    quantizer_free(&quantizer);
}

static void gradients_pass_the_search_as_in_pytorch(void)
{
    struct vector_quantizer quantizer;
    float dz[ROWS * DIM], dw[DIM * IN] = {0};
    double loss[BOOKS];
    memcpy(dz, through_behind, sizeof dz);
    CHECK(through_begin(&quantizer, CODEBOOK_LOSS));
    CHECK(quantizer_commitment(&quantizer, workers, through_z, through_id, ROWS, 1, dz, loss,
                               &failure));
    for (int i = 0; i < ROWS; i++)
        for (int d = 0; d < DIM; d++)
            for (int k = 0; k < IN; k++) dw[d * IN + k] += dz[i * DIM + d] * through_x[i * IN + k];
    CHECK_ALL_NEAR(loss, through_level_loss, BOOKS, 1e-6);
    CHECK_ALL_NEAR(dz, through_dz, ROWS * DIM, 1e-6);
    CHECK_ALL_NEAR(dw, through_dw, DIM * IN, 1e-6);
    CHECK_ALL_NEAR(quantizer.gradient, through_dcodeword, BOOKS * BOOK, 1e-6);
    quantizer_free(&quantizer);
}

/* Sum over the levels of the mean of |z - (c_1 + ... + c_l)|^2, times factor[l]; of level l's
   codewords only c_l moves with `codeword`, the ones before it are constants. */
static double losses_in_double(const double *z, const double *codeword, double factor)
{
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
        double fixed[DIM] = {0};
        for (int l = 0; l < BOOKS; l++) {
            size_t at = (size_t)l * BOOK + through_id[i * BOOKS + l] * DIM;
            for (int d = 0; d < DIM; d++) {
                double r = z[i * DIM + d] - fixed[d] - codeword[at + (size_t)d];
                sum += factor * r * r / ROWS;
                fixed[d] += (double)through_codeword[at + (size_t)d];
            }
        }
    }
    return sum;
}

static void gradients_are_the_slopes_of_the_losses(void)
{
    struct vector_quantizer quantizer;
    double z[ROWS * DIM], c[BOOKS * BOOK], loss[BOOKS], step = 1e-5;
    float dz[ROWS * DIM] = {0};
    for (int i = 0; i < ROWS * DIM; i++) z[i] = (double)through_z[i];
    for (int i = 0; i < BOOKS * BOOK; i++) c[i] = (double)through_codeword[i];
    CHECK(through_begin(&quantizer, CODEBOOK_LOSS));
    CHECK(quantizer_commitment(&quantizer, workers, through_z, through_id, ROWS, .5, dz, loss,
                               &failure));
    CHECK_NEAR(loss[0] + loss[1], losses_in_double(z, c, 1), 1e-5);
    for (int i = 0; i < ROWS * DIM; i++) {
        double above, here = z[i];
        z[i] = here + step;
        above = losses_in_double(z, c, .25);
        z[i] = here - step;
        CHECK_NEAR(dz[i], .5 * (above - losses_in_double(z, c, .25)) / (2 * step), 1e-6);
        z[i] = here;
    }
    for (int i = 0; i < BOOKS * BOOK; i++) {
        double above, here = c[i];
        c[i] = here + step;
        above = losses_in_double(z, c, 1);
        c[i] = here - step;
        double slope = (above - losses_in_double(z, c, 1)) / (2 * step);
        CHECK_NEAR(quantizer.gradient[i], .5 * slope, 1e-6);
        c[i] = here;
    }
    quantizer_free(&quantizer);
}

/* Vectors of moving_average() in make_quantizer_vectors.py. */
struct moving {
    double smoothing;
    const float *start, *batch, *count, *sum, *codeword;
    const uint32_t *id;
};

static void check_moving(const struct moving *m)
{
    enum { MOVING_DIM = 3, MOVING_CODES = 5, BATCH = 12 };
    struct quantizer_options options = {.n_codebook = 1, .n_code = MOVING_CODES, .dim = MOVING_DIM,
                                        .ema = {.decay = .99, .smoothing = m->smoothing}};
    struct vector_quantizer q;
    uint32_t id[BATCH];
    CHECK(quantizer_new(&q, &options, &failure));
    memcpy(q.codeword, m->start, MOVING_CODES * MOVING_DIM * sizeof *q.codeword);
    for (int k = 0; k < MOVING_CODES; k++) q.count[k] = 1;
    for (int i = 0; i < MOVING_CODES * MOVING_DIM; i++) q.sum[i] = (double)m->start[i];
    for (int step = 0; step < 2; step++) {
        const float *z = m->batch + step * BATCH * MOVING_DIM;
        CHECK(quantizer_search(&q, workers, z, BATCH, id, NULL, &failure));
        CHECK_BITS(id, m->id + step * BATCH, BATCH);
        CHECK(quantizer_learn(&q, z, id, BATCH, &failure));
    }
    CHECK_ALL_NEAR(q.count, m->count, MOVING_CODES, 1e-6);
    CHECK_ALL_NEAR(q.sum, m->sum, MOVING_CODES * MOVING_DIM, 1e-6);
    CHECK_ALL_NEAR(q.codeword, m->codeword, MOVING_CODES * MOVING_DIM, 1e-6);
    quantizer_free(&q);
}

static void averages_move_as_in_vector_quantize_pytorch(void)
{
    const struct moving moving = {0, plain_start, plain_batch, plain_count, plain_sum,
                                  plain_codeword, plain_id};
    check_moving(&moving);
}

static void smoothed_averages_move_as_in_vector_quantize_pytorch(void)
{
    const struct moving moving = {1e-2, smooth_start, smooth_batch, smooth_count, smooth_sum,
                                  smooth_codeword, smooth_id};
    check_moving(&moving);
}

enum { MANY = 5000, WIDTH = 6, LEARN_CODES = 32 };

/* Latents around 32 centres; the second codebook sees what lies around them. */
static void clouds(uint64_t seed, float *z, size_t n)
{
    float centre[LEARN_CODES * WIDTH];
    for (int i = 0; i < LEARN_CODES * WIDTH; i++) centre[i] = 4 * random_float(&seed);
    for (size_t i = 0; i < n; i++)
        for (size_t d = 0; d < WIDTH; d++)
            z[i * WIDTH + d] = centre[i % LEARN_CODES * WIDTH + d] + .1f * random_float(&seed);
}

static const double SPREAD = WIDTH * .01 / 3; /* of the latents around their centres */

static bool clouds_begin(struct workers *some, enum codebook_rule rule, const float *z, size_t n,
                         struct vector_quantizer *quantizer)
{
    const struct quantizer_options options = {
        .n_codebook = 2, .n_code = LEARN_CODES, .dim = WIDTH, .rule = rule, .commitment = 1,
        .ema = {.decay = .9}, .restart = {.least = 122, .count = 120}, .seed = 7};
    return quantizer_new(quantizer, &options, &failure) &&
           quantizer_begin(quantizer, some, z, n, &failure);
}

static bool learn_clouds(struct workers *some, enum codebook_rule rule,
                         struct vector_quantizer *quantizer, double loss[2], float *dz)
{
    static float z[MANY * WIDTH], z_q[MANY * WIDTH];
    static uint32_t id[MANY * 2];
    clouds(1, z, MANY);
    bool good = clouds_begin(some, rule, z, MANY, quantizer);
    for (int step = 0; good && step < 3; step++)
        good = quantizer_search(quantizer, some, z, MANY, id, z_q, &failure) &&
               quantizer_commitment(quantizer, some, z, id, MANY, 1, dz, loss, &failure) &&
               quantizer_learn(quantizer, z, id, MANY, &failure);
    return good;
}

/* Restarts are part of it: least and count are so close that rare codes of the second level die. */
static void threads_change_nothing(void)
{
    for (int rule = CODEBOOK_EMA; rule <= CODEBOOK_LOSS; rule++) {
        struct vector_quantizer one, three;
        struct workers *more;
        double loss[2], loss_of_three[2];
        float *dz = calloc(MANY * WIDTH, sizeof *dz);
        float *dz_of_three = calloc(MANY * WIDTH, sizeof *dz_of_three);
        CHECK(workers_new(&more, 3, &failure));
        CHECK(learn_clouds(workers, (enum codebook_rule)rule, &one, loss, dz));
        CHECK(learn_clouds(more, (enum codebook_rule)rule, &three, loss_of_three, dz_of_three));
        CHECK(one.usage[1].n_restart > 0);
        CHECK(loss[0] == loss_of_three[0] && loss[1] == loss_of_three[1]);
        CHECK_BITS(three.codeword, one.codeword, 2 * LEARN_CODES * WIDTH);
        CHECK_BITS(three.gradient, one.gradient, 2 * LEARN_CODES * WIDTH);
        CHECK(memcmp(three.sum, one.sum, 2 * LEARN_CODES * WIDTH * sizeof *one.sum) == 0);
        CHECK_BITS(dz_of_three, dz, MANY * WIDTH);
        quantizer_free(&one);
        quantizer_free(&three);
        workers_free(more);
        free(dz);
        free(dz_of_three);
    }
}

static void every_codebook_learns_what_the_ones_before_it_leave(void)
{
    struct vector_quantizer q;
    double loss[2];
    float *dz = calloc(MANY * WIDTH, sizeof *dz);
    CHECK(learn_clouds(workers, CODEBOOK_EMA, &q, loss, dz));
    CHECK(loss[0] < 1.5 * SPREAD);
    CHECK(loss[1] < .5 * loss[0]);
    CHECK_EQ(code_usage_used(&q.usage[0]), LEARN_CODES);
    CHECK(code_usage_perplexity(&q.usage[0]) > 31);
    CHECK_EQ(q.usage[0].n_restart, 0);
    quantizer_free(&q);
    free(dz);
}

static void every_codebook_starts_where_the_latents_are(void)
{
    static float z[MANY * WIDTH], dz[MANY * WIDTH];
    static uint32_t id[MANY * 2];
    struct vector_quantizer q;
    double loss[2];
    clouds(1, z, MANY);
    CHECK(clouds_begin(workers, CODEBOOK_EMA, z, MANY, &q));
    CHECK(quantizer_search(&q, workers, z, MANY, id, NULL, &failure));
    CHECK(quantizer_commitment(&q, workers, z, id, MANY, 1, dz, loss, &failure));
    CHECK(loss[0] < 1.5 * SPREAD);
    CHECK(loss[1] < .5 * loss[0]);
    quantizer_free(&q);
}

static void a_start_from_many_latents_takes_a_sample(void)
{
    enum { MORE = 3 * START_SAMPLE };
    float *z = malloc(MORE * WIDTH * sizeof *z);
    uint32_t *id = malloc(MORE * 2 * sizeof *id);
    struct vector_quantizer q;
    clouds(1, z, MORE);
    CHECK(clouds_begin(workers, CODEBOOK_EMA, z, MORE, &q));
    CHECK(quantizer_search(&q, workers, z, MORE, id, NULL, &failure));
    code_usage_add(&q.usage[0], id, 2, MORE);
    CHECK(code_usage_perplexity(&q.usage[0]) > 31);
    quantizer_free(&q);
    free(z);
    free(id);
}

/* The code that begins at -1 loses its latents to both neighbours in the second round. */
static void a_code_that_loses_its_latents_stays_where_it_was(void)
{
    static const float x[] = {-3.1f, -2.06f, -2.06f, -2.06f, -2.06f, -2.06f, -2.06f, -1, 1, 1, 1,
                              1.06f, 1.06f, 1.06f, 1.06f, 1.06f, 1.06f, 1.06f, 1.06f, 3.1f};
    float codeword[] = {-3.1f, -1, 3.1f};
    struct moving_codebook codebook = {.n_code = 3, .dim = 1, .codeword = codeword};
    CHECK(codebook_lloyd(workers, x, sizeof x / sizeof *x, &codebook, &failure));
    CHECK_NEAR(codeword[0], -16.46 / 8, 1e-6);
    CHECK(codeword[1] == .5f);
    CHECK_NEAR(codeword[2], 14.58 / 12, 1e-6);
}

/* What the second level learns from is left by the codewords that made the units. */
static void averages_are_of_the_residuals_that_were_quantized(void)
{
    struct vector_quantizer quantizer;
    double expected[BOOK] = {0};
    CHECK(through_begin(&quantizer, CODEBOOK_EMA));
    for (int i = 0; i < ROWS; i++)
        for (int d = 0; d < DIM; d++) {
            float c = through_codeword[through_id[i * BOOKS] * DIM + (uint32_t)d];
            expected[through_id[i * BOOKS + 1] * DIM + (uint32_t)d] +=
                .01 * (double)(through_z[i * DIM + d] - c);
        }
    CHECK(quantizer_learn(&quantizer, through_z, through_id, ROWS, &failure));
    CHECK_ALL_NEAR(quantizer.sum + BOOK, expected, BOOK, 1e-8);
    quantizer_free(&quantizer);
}

/* The optimizer does. */
static void with_the_codebook_loss_averages_move_no_codeword(void)
{
    struct vector_quantizer quantizer;
    CHECK(through_begin(&quantizer, CODEBOOK_LOSS));
    CHECK(quantizer_learn(&quantizer, through_z, through_id, ROWS, &failure));
    CHECK_BITS(quantizer.codeword, through_codeword, BOOKS * BOOK);
    quantizer_free(&quantizer);
}

/* Its averages shrink to nothing, whose quotient is no number. */
static void a_code_that_nothing_chooses_stays_where_it_is(void)
{
    struct quantizer_options options = {.n_codebook = 1, .n_code = 2, .dim = 1,
                                        .ema = {.decay = .99}};
    struct vector_quantizer quantizer;
    static const float z = 1, expected[2] = {1, .3f};
    static const uint32_t id = 0;
    CHECK(quantizer_new(&quantizer, &options, &failure));
    memcpy(quantizer.codeword, expected, sizeof expected);
    for (int step = 0; step < 80000; step++)
        CHECK(quantizer_learn(&quantizer, &z, &id, 1, &failure));
    CHECK_BITS(quantizer.codeword, expected, 2);
    quantizer_free(&quantizer);
}

static void restarts_choose_other_latents_every_time(void)
{
    struct vector_quantizer quantizer;
    float first[BOOKS * BOOK];
    CHECK(through_begin(&quantizer, CODEBOOK_LOSS));
    quantizer.options.restart = (struct restart_options){.least = 1e9, .count = 10};
    CHECK(quantizer_learn(&quantizer, through_z, through_id, ROWS, &failure));
    memcpy(first, quantizer.codeword, sizeof first);
    CHECK(quantizer_learn(&quantizer, through_z, through_id, ROWS, &failure));
    CHECK(memcmp(first, quantizer.codeword, BOOK * sizeof *first) != 0);
    quantizer_free(&quantizer);
}

static void latents_that_are_not_numbers_are_refused(void)
{
    struct vector_quantizer quantizer;
    uint32_t id[2 * BOOKS];
    float z[2 * DIM] = {0, 0, 0, 0, 0, NAN, 0, 0};
    CHECK(through_begin(&quantizer, CODEBOOK_EMA));
    CHECK(!quantizer_search(&quantizer, workers, z, 2, id, NULL, &failure));
    CHECK(strstr(failure.text, "not numbers"));
    quantizer_free(&quantizer);
}

static void a_start_needs_enough_finite_latents(void)
{
    static const float x[CODES * DIM] = {1, 2, 3, INFINITY};
    struct vector_quantizer quantizer;
    CHECK(through_begin(&quantizer, CODEBOOK_EMA));
    CHECK(!quantizer_begin(&quantizer, workers, x, 0, &failure));
    CHECK_STR(failure.text,
              "0 latents are too few for 6 codes; give more data, or fewer codes with -k");
    CHECK(!quantizer_begin(&quantizer, workers, x, CODES, &failure));
    CHECK(strstr(failure.text, "not numbers"));
    quantizer_free(&quantizer);
}

int main(void)
{
    if (!workers_new(&workers, 1, &failure)) return 1;
    RUN(residual_units_are_those_of_pytorch);
    RUN(gradients_pass_the_search_as_in_pytorch);
    RUN(gradients_are_the_slopes_of_the_losses);
    RUN(averages_move_as_in_vector_quantize_pytorch);
    RUN(smoothed_averages_move_as_in_vector_quantize_pytorch);
    RUN(threads_change_nothing);
    RUN(every_codebook_starts_where_the_latents_are);
    RUN(every_codebook_learns_what_the_ones_before_it_leave);
    RUN(a_start_from_many_latents_takes_a_sample);
    RUN(a_code_that_loses_its_latents_stays_where_it_was);
    RUN(averages_are_of_the_residuals_that_were_quantized);
    RUN(with_the_codebook_loss_averages_move_no_codeword);
    RUN(a_code_that_nothing_chooses_stays_where_it_is);
    RUN(restarts_choose_other_latents_every_time);
    RUN(latents_that_are_not_numbers_are_refused);
    RUN(a_start_needs_enough_finite_latents);
    workers_free(workers);
    return check_done();
}
