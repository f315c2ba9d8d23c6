/* SPDX-License-Identifier: MIT */
/* If this fails, a training stops, leaves work out, or depends on the number of threads. */
#include "tests/support/check.h"
#include "tests/support/random.h"
#include "tools/learn/tree_sum.h"

#include <stdatomic.h>
#include <stdlib.h>

static struct workers *some_workers(size_t n_thread)
{
    struct workers *workers;
    struct failure failure;
    if (!workers_new(&workers, n_thread, &failure)) abort();
    return workers;
}

struct tally {
    atomic_int done[300];
    atomic_int wrong_thread;
    size_t n_thread;
};

static void count_item(void *context, size_t thread, size_t item)
{
    struct tally *tally = context;
    atomic_fetch_add(&tally->done[item], 1);
    if (thread >= tally->n_thread) atomic_store(&tally->wrong_thread, 1);
}

static bool each_item_is_done_once(struct workers *workers, size_t n_item)
{
    struct tally tally = {.n_thread = workers_count(workers)};
    workers_run(workers, n_item, count_item, &tally);
    for (size_t i = 0; i < 300; i++)
        if (atomic_load(&tally.done[i]) != (i < n_item)) return false;
    return !atomic_load(&tally.wrong_thread);
}

static void every_item_is_done_once_in_every_run(void)
{
    for (size_t n_thread = 1; n_thread < 6; n_thread++) {
        struct workers *workers = some_workers(n_thread);
        CHECK_EQ(workers_count(workers), n_thread);
        for (size_t n_item = 0; n_item <= 300; n_item++)
            CHECK(each_item_is_done_once(workers, n_item));
        workers_free(workers);
    }
}

static void threads_end_without_any_work(void)
{
    workers_free(some_workers(4));
    workers_free(NULL);
}

struct numbers {
    const float *x;
    size_t n_row, n_column;
};

static struct numbers some_numbers(size_t n_row, size_t n_column)
{
    uint64_t seed = n_row;
    float *x = malloc((n_row * n_column + 1) * sizeof *x);
    if (!x) abort();
    for (size_t i = 0; i < n_row * n_column; i++) x[i] = random_finite(&seed) * 0x1p-30f;
    return (struct numbers){x, n_row, n_column};
}

/* The definition: leaves of equal length, each from its first row on, then two by two. */
static double by_definition(const struct numbers *numbers, size_t column)
{
    double leaf[TREE_LEAVES] = {0};
    size_t size = (numbers->n_row + TREE_LEAVES - 1) / TREE_LEAVES;
    for (size_t row = 0; row < numbers->n_row; row++)
        leaf[row / size] += (double)numbers->x[row * numbers->n_column + column];
    for (size_t n = 1; n < TREE_LEAVES; n *= 2)
        for (size_t i = 0; i + n < TREE_LEAVES; i += 2 * n) leaf[i] += leaf[i + n];
    return leaf[0];
}

static bool sums_agree(struct workers *workers, size_t n_row, size_t n_column)
{
    struct numbers numbers = some_numbers(n_row, n_column);
    double *total = malloc((n_column + 1) * sizeof *total);
    if (!total) abort();
    tree_sum_columns(workers, n_row, n_column, numbers.x, total);
    bool same = true;
    for (size_t i = 0; i < n_column; i++) same &= total[i] == by_definition(&numbers, i);
    free(total);
    free((void *)(uintptr_t)numbers.x);
    return same;
}

static void sums_have_the_order_of_their_definition(void)
{
    static const size_t rows[] = {0, 1, 2, 63, 64, 65, 130, 1000, 4097};
    struct workers *workers = some_workers(3);
    for (int lanes = 0; lanes < 2; lanes++) {
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            CHECK(sums_agree(workers, rows[i], 1));
            CHECK(sums_agree(workers, rows[i], 13));
        }
        CHECK(sums_agree(workers, 70, TREE_VALUES + 5));
        workers_use_lanes(workers, lane_table_baseline());
    }
    workers_free(workers);
}

int main(void)
{
    RUN(every_item_is_done_once_in_every_run);
    RUN(threads_end_without_any_work);
    RUN(sums_have_the_order_of_their_definition);
    return check_done();
}
