/* SPDX-License-Identifier: MIT */
/* A sample that a ring loses, doubles or tears is a wrong unit that nobody can explain. */
#include "tests/support/check.h"
#include "tests/support/random.h"

#include "tools/live/ring.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

struct pair {
    uint64_t number, check;
};

enum { N_PAIR = 400000, MOST = 97 };

static struct pair pair_of(uint64_t i)
{
    return (struct pair){i, i * 0x9E3779B97F4A7C15u};
}

static void *write_pairs(void *context)
{
    struct ring *ring = context;
    struct pair pair[MOST];
    uint64_t seed = 7;
    for (uint64_t i = 0; i < N_PAIR;) {
        size_t n = 1 + random_below(&seed, MOST);
        if (n > N_PAIR - i) n = N_PAIR - i;
        for (size_t k = 0; k < n; k++) pair[k] = pair_of(i + k);
        while (ring_space(ring) < n) sched_yield();
        ring_write(ring, pair, n);
        i += n;
    }
    return NULL;
}

static void two_threads_see_every_element_once_and_whole(void)
{
    struct ring ring;
    struct pair pair[MOST];
    pthread_t writer;
    uint64_t seed = 11, wrong = 0;
    CHECK(ring_make(&ring, 100, sizeof(struct pair)));
    CHECK(pthread_create(&writer, NULL, write_pairs, &ring) == 0);
    for (uint64_t i = 0; i < N_PAIR;) {
        size_t n = 1 + random_below(&seed, MOST), filled = ring_filled(&ring);
        if (n > filled) n = filled;
        if (n == 0) sched_yield();
        ring_peek(&ring, 0, pair, n);
        ring_forget(&ring, n);
        for (size_t k = 0; k < n; k++) {
            struct pair expected = pair_of(i + k);
            wrong += pair[k].number != expected.number || pair[k].check != expected.check;
        }
        i += n;
    }
    pthread_join(writer, NULL);
    ring_free(&ring);
    CHECK_EQ(wrong, 0);
}

static void a_ring_fills_to_the_last_place_and_looks_ahead(void)
{
    struct ring ring;
    uint32_t in[8] = {0, 1, 2, 3, 4, 5, 6, 7}, out[3];
    CHECK(ring_make(&ring, 8, sizeof in[0]));
    ring_write(&ring, in, 5);
    ring_forget(&ring, 5);
    ring_write(&ring, in, 8);
    CHECK_EQ(ring_space(&ring), 0);
    CHECK_EQ(ring_filled(&ring), 8);
    ring_peek(&ring, 4, out, 3);
    CHECK_BITS(out, in + 4, 3);
    ring_free(&ring);
}

static void a_size_that_overflows_is_refused(void)
{
    struct ring ring;
    CHECK(!ring_make(&ring, SIZE_MAX / 4, 16));
    CHECK(!ring_make(&ring, SIZE_MAX, 1));
}

int main(void)
{
    RUN(two_threads_see_every_element_once_and_whole);
    RUN(a_ring_fills_to_the_last_place_and_looks_ahead);
    RUN(a_size_that_overflows_is_refused);
    return check_done();
}
