/* SPDX-License-Identifier: MIT */
/* If this fails, training leaks, or dies where memory ends instead of saying so. */
#include "tests/fault/allocations.h"
#include "tests/learn/small_network.h"
#include "tests/support/check.h"

static const struct layer_spec encoder[] = {
    {.kind = LAYER_CONV, .in_dim = 5, .out_dim = 8, .taps = 3, .right = 1, .relu = true,
     .norm = true},
    {.kind = LAYER_GRU, .in_dim = 8, .out_dim = 6, .dropout = 0.1f},
    {.kind = LAYER_SPEAKER, .in_dim = 6, .out_dim = 6, .taps = 3},
    {.kind = LAYER_LATENT, .in_dim = 6, .out_dim = 4},
};
enum { N_LAYER = sizeof encoder / sizeof *encoder };

static void a_second_batch_needs_no_memory(void)
{
    struct small s = small_new(encoder, N_LAYER, 2);
    small_forward(&s);
    small_backward(&s);
    size_t before = allocations_made();
    small_forward(&s);
    small_backward(&s);
    s.pass.n_step = SMALL_STEPS / 2;
    s.pass.n_piece = 2;
    small_forward(&s);
    CHECK_EQ(allocations_made() - before, 0);
    small_free(&s);
}

/* One batch with a network that is made for it; false with a failure that is set. */
static bool one_batch(struct workers *workers, const struct pass *pass, struct failure *failure)
{
    struct network *network;
    if (!network_new(&network, encoder, N_LAYER, 1, failure)) return false;
    bool done = network_forward(network, workers, pass, failure) != NULL;
    network_free(network);
    return done;
}

static void wherever_memory_ends_training_says_so(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    long live = allocations_live();
    bool done = false;
    for (size_t n = 1; !done; n++) {
        struct failure failure = {.code = EXIT_FINE};
        CHECK(n < 200);
        allocations_fail(n);
        done = one_batch(s.workers, &s.pass, &failure);
        allocations_fail(0);
        CHECK_EQ(failure.code, done ? EXIT_FINE : EXIT_INTERNAL);
        CHECK_EQ(allocations_live(), live);
    }
    small_free(&s);
}

static void a_network_survives_a_batch_that_was_too_large(void)
{
    struct small s = small_new(encoder, N_LAYER, 1);
    struct failure failure;
    size_t n_failed = 0;
    for (size_t n = 1; n_failed + 1 == n; n++) {
        allocations_fail(n);
        n_failed += network_forward(s.network, s.workers, &s.pass, &failure) == NULL;
        allocations_fail(0);
    }
    CHECK(n_failed > 5);
    small_forward(&s);
    small_backward(&s);
    small_free(&s);
}

static void workers_say_that_memory_ends(void)
{
    long live = allocations_live();
    for (size_t n = 1; n <= 4; n++) {
        struct workers *workers;
        struct failure failure;
        allocations_fail(n);
        CHECK(!workers_new(&workers, 2, &failure) && !workers);
        allocations_fail(0);
        CHECK_EQ(failure.code, EXIT_INTERNAL);
        CHECK_EQ(allocations_live(), live);
    }
}

int main(void)
{
    RUN(a_second_batch_needs_no_memory);
    RUN(wherever_memory_ends_training_says_so);
    RUN(a_network_survives_a_batch_that_was_too_large);
    RUN(workers_say_that_memory_ends);
    return check_done();
}
