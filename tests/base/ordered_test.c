/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/ordered.h"

#include <sched.h>

enum { ITEMS = 500 };

struct log {
    uint64_t item[ITEMS];
    size_t n;
    uint64_t bad_from; /* items from here on fail */
};

static bool note_item(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                      struct failure *failure)
{
    struct log *log = context;
    (void)worker;
    if (item % 7 == 0) sched_yield();
    if (item >= log->bad_from)
        return fail(failure, EXIT_INPUT, "item %d", (int)item);
    if (!ordered_turn(ordered, item)) return false;
    log->item[log->n++] = item;
    return true;
}

static void results_come_in_order_with_any_number_of_threads(void)
{
    for (size_t n_thread = 1; n_thread <= 9; n_thread += 4) {
        struct log log = {.bad_from = ITEMS};
        struct failure failure;
        CHECK(ordered_run(n_thread, ITEMS, note_item, &log, &failure));
        CHECK_EQ(log.n, ITEMS);
        for (size_t i = 0; i < ITEMS; i++) CHECK_EQ(log.item[i], i);
    }
}

/* Otherwise the message would differ from run to run. */
static void the_first_failure_is_the_one_reported(void)
{
    for (size_t n_thread = 1; n_thread <= 8; n_thread++) {
        struct log log = {.bad_from = 123};
        struct failure failure;
        CHECK(!ordered_run(n_thread, ITEMS, note_item, &log, &failure));
        CHECK_STR(failure.text, "item 123");
        CHECK_EQ(log.n, 123);
    }
}

static void nothing_to_do_is_fine(void)
{
    struct log log = {.bad_from = 0};
    struct failure failure;
    CHECK(ordered_run(4, 0, note_item, &log, &failure));
}

int main(void)
{
    RUN(results_come_in_order_with_any_number_of_threads);
    RUN(the_first_failure_is_the_one_reported);
    RUN(nothing_to_do_is_fine);
    return check_done();
}
