/* SPDX-License-Identifier: MIT */
/* If this fails, a network learns something else than its labels or features. */
#include "tests/learn/near.h"
#include "tests/learn/quantizer_vectors.h"
#include "tests/support/random.h"
#include "tools/learn/loss.h"

static struct workers *workers;
static struct failure failure;

static void cross_entropy_is_that_of_pytorch(void)
{
    const struct loss_rows rows = {.n = 6, .dim = 5, .weight = entropy_weight};
    float gradient[6 * 5];
    struct label_loss result;
    cross_entropy(workers, &rows, entropy_logits, entropy_label, .05f, 1, gradient, &result);
    CHECK_NEAR(result.loss, entropy_loss[0], 1e-6);
    CHECK_ALL_NEAR(gradient, entropy_gradient, 6 * 5, 1e-6);
    CHECK_EQ(result.n_row, 5);
}

static void squared_error_is_that_of_pytorch(void)
{
    const struct loss_rows rows = {.n = 4, .dim = 3};
    float gradient[4 * 3];
    double loss = squared_error(workers, &rows, squares_y, squares_target, 1, gradient);
    CHECK_NEAR(loss, squares_loss[0], 1e-6);
    CHECK_ALL_NEAR(gradient, squares_gradient, 4 * 3, 1e-6);
}

enum { ROWS = 7, CLASSES = 4 };

static const float weight[ROWS] = {1, .5f, 2, 0, 1, .25f, 1};
static const int32_t label[ROWS] = {0, 3, 1, 2, -1, 2, 3};

static double entropy_in_double(const double *x, double smoothing)
{
    double sum = 0, total = 0;
    for (int i = 0; i < ROWS; i++, x += CLASSES) {
        double z = 0, row = 0;
        for (int k = 0; k < CLASSES; k++) z += exp(x[k]);
        for (int k = 0; k < CLASSES; k++)
            row -= ((k == label[i]) * (1 - smoothing) + smoothing / CLASSES) * (x[k] - log(z));
        sum += label[i] < 0 ? 0 : (double)weight[i] * row;
        total += label[i] < 0 ? 0 : (double)weight[i];
    }
    return sum / total;
}

static double squares_in_double(const double *x, double unused)
{
    double sum = 0, total = unused;
    for (int i = 0; i < ROWS; i++)
        for (int k = 0; k < CLASSES; k++) {
            double difference = x[i * CLASSES + k] - (i - k) / 8.;
            sum += (double)weight[i] * difference * difference;
            total += (double)weight[i];
        }
    return sum / total;
}

static double slope(double (*loss)(const double *, double), double *x, size_t at, double extra)
{
    double here = x[at], step = 1e-5;
    x[at] = here + step;
    double above = loss(x, extra);
    x[at] = here - step;
    double below = loss(x, extra);
    x[at] = here;
    return (above - below) / (2 * step);
}

static void gradients_are_the_slopes_of_the_losses(void)
{
    const struct loss_rows rows = {.n = ROWS, .dim = CLASSES, .weight = weight};
    float x[ROWS * CLASSES], target[ROWS * CLASSES], gradient[ROWS * CLASSES];
    double wide[ROWS * CLASSES];
    uint64_t seed = 3;
    struct label_loss result;
    for (int i = 0; i < ROWS * CLASSES; i++) {
        wide[i] = (double)(x[i] = 4 * random_float(&seed));
        target[i] = (float)(i / CLASSES - i % CLASSES) / 8;
    }
    cross_entropy(workers, &rows, x, label, .05f, .5f, gradient, &result);
    CHECK_NEAR(result.loss, entropy_in_double(wide, (double).05f), 1e-6);
    for (size_t i = 0; i < ROWS * CLASSES; i++)
        CHECK_NEAR(gradient[i], .5 * slope(entropy_in_double, wide, i, (double).05f), 1e-7);
    double loss = squared_error(workers, &rows, x, target, .5f, gradient);
    CHECK_NEAR(loss, squares_in_double(wide, 0), 1e-6);
    for (size_t i = 0; i < ROWS * CLASSES; i++)
        CHECK_NEAR(gradient[i], .5 * slope(squares_in_double, wide, i, 0), 1e-7);
}

/* A frame is correct if its label has the largest logit. */
static void frame_accuracy_counts_rows_with_labels(void)
{
    static const float x[] = {1, 2, 0, 5, 4, 3, 0, 0, 0, 7, 1, 1};
    static const int32_t y[] = {1, 1, 0, -1};
    const struct loss_rows rows = {.n = 4, .dim = 3};
    float gradient[12];
    struct label_loss result;
    cross_entropy(workers, &rows, x, y, 0, 1, gradient, &result);
    CHECK_EQ(result.n_row, 3);
    CHECK_EQ(result.n_correct, 2);
}

static void without_labels_there_is_no_loss_and_no_gradient(void)
{
    static const int32_t none[ROWS] = {-1, -1, -1, -1, -1, -1, -1};
    static const float zeros[ROWS * CLASSES];
    const struct loss_rows rows = {.n = ROWS, .dim = CLASSES};
    float x[ROWS * CLASSES] = {1, 2, 3}, gradient[ROWS * CLASSES];
    struct label_loss result;
    cross_entropy(workers, &rows, x, none, .05f, 1, gradient, &result);
    CHECK(result.loss == 0 && result.n_row == 0);
    CHECK_BITS(gradient, zeros, ROWS * CLASSES);
}

static void large_logits_do_not_overflow(void)
{
    static const float x[] = {3e4f, -3e4f, 0};
    static const int32_t y[] = {1};
    const struct loss_rows rows = {.n = 1, .dim = 3};
    float gradient[3];
    struct label_loss result;
    cross_entropy(workers, &rows, x, y, 0, 1, gradient, &result);
    CHECK_NEAR(result.loss, 6e4, 1e-2);
    CHECK(gradient[0] == 1 && gradient[1] == -1 && gradient[2] == 0);
}

static void losses_do_not_depend_on_threads_cpu_or_place(void)
{
    enum { MANY = 20011, WIDTH = 9, SIZE = MANY * WIDTH };
    static float x[SIZE], apart[SIZE], place[SIZE], some[MANY];
    static int32_t y[MANY];
    const struct loss_rows rows = {.n = MANY, .dim = WIDTH, .weight = some};
    struct label_loss one, more;
    uint64_t seed = 5;
    for (size_t i = 0; i < SIZE; i++) x[i] = 8 * random_float(&seed);
    for (size_t i = 0; i < MANY; i++) y[i] = (int32_t)random_below(&seed, WIDTH + 1) - 1;
    for (size_t i = 0; i < MANY; i++) some[i] = 1 + random_float(&seed);
    cross_entropy(workers, &rows, x, y, .05f, 1, apart, &one);
    for (size_t n_thread = 2; n_thread < 6; n_thread++) {
        struct workers *threads;
        CHECK(workers_new(&threads, n_thread, &failure));
        workers_use_lanes(threads, lane_table_baseline());
        memcpy(place, x, sizeof x);
        cross_entropy(threads, &rows, place, y, .05f, 1, place, &more);
        workers_free(threads);
        CHECK(one.loss == more.loss && one.n_correct == more.n_correct);
        CHECK_BITS(place, apart, SIZE);
    }
}

int main(void)
{
    if (!workers_new(&workers, 1, &failure)) return 1;
    RUN(cross_entropy_is_that_of_pytorch);
    RUN(squared_error_is_that_of_pytorch);
    RUN(gradients_are_the_slopes_of_the_losses);
    RUN(frame_accuracy_counts_rows_with_labels);
    RUN(without_labels_there_is_no_loss_and_no_gradient);
    RUN(large_logits_do_not_overflow);
    RUN(losses_do_not_depend_on_threads_cpu_or_place);
    workers_free(workers);
    return check_done();
}
