/* SPDX-License-Identifier: MIT */
/* Plain C tests that print TAP. A program is a list of claims:

       static void silence_gives_units(void) { CHECK_EQ(n, 3); }
       int main(void) { RUN(silence_gives_units); return check_done(); }

   A claim ends at its first failed check. SKIP("why") ends it as skipped. */
#ifndef VOQ_TESTS_CHECK_H
#define VOQ_TESTS_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct check_state {
    int n_claim, n_failed;
    bool failed, skipped;
    char reason[256];
};
static struct check_state check_state;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);                               \
            check_state.failed = true;                                                             \
            return;                                                                                \
        }                                                                                          \
    } while (0)

#define CHECK_EQ(got, expected)                                                                    \
    do {                                                                                           \
        long long got_ = (long long)(got), expected_ = (long long)(expected);                      \
        if (got_ != expected_) {                                                                   \
            printf("# %s:%d: %s is %lld, expected %lld\n", __FILE__, __LINE__, #got, got_,         \
                   expected_);                                                                     \
            check_state.failed = true;                                                             \
            return;                                                                                \
        }                                                                                          \
    } while (0)

#define CHECK_STR(got, expected)                                                                   \
    do {                                                                                           \
        const char *got_ = (got), *expected_ = (expected);                                         \
        if (strcmp(got_, expected_) != 0) {                                                        \
            printf("# %s:%d: %s is \"%s\", expected \"%s\"\n", __FILE__, __LINE__, #got, got_,     \
                   expected_);                                                                     \
            check_state.failed = true;                                                             \
            return;                                                                                \
        }                                                                                          \
    } while (0)

/* Compares the bytes of n 32-bit values (floats, ids). */
#define CHECK_BITS(got, expected, n)                                                               \
    do {                                                                                           \
        if (!check_bits(__FILE__, __LINE__, #got, (got), (expected), (n))) return;                 \
    } while (0)

#define SKIP(why)                                                                                  \
    do {                                                                                           \
        check_state.skipped = true;                                                                \
        snprintf(check_state.reason, sizeof check_state.reason, "%s", (why));                      \
        return;                                                                                    \
    } while (0)

#define RUN(claim) check_run(#claim, claim)

static inline bool check_bits(const char *file, int line, const char *what, const void *got,
                              const void *expected, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t a, b;
        memcpy(&a, (const char *)got + i * 4, 4);
        memcpy(&b, (const char *)expected + i * 4, 4);
        if (a != b) {
            float fa, fb;
            memcpy(&fa, &a, 4);
            memcpy(&fb, &b, 4);
            printf("# %s:%d: %s[%zu] is %08" PRIx32 " (%.9g), expected %08" PRIx32 " (%.9g)\n",
                   file, line, what, i, a, (double)fa, b, (double)fb);
            check_state.failed = true;
            return false;
        }
    }
    return true;
}

static inline void check_run(const char *name, void (*claim)(void))
{
    check_state.failed = check_state.skipped = false;
    claim();
    check_state.n_claim++;
    check_state.n_failed += check_state.failed;
    printf("%sok %d - %s%s%s\n", check_state.failed ? "not " : "", check_state.n_claim, name,
           check_state.skipped ? " # SKIP " : "", check_state.skipped ? check_state.reason : "");
    fflush(stdout);
}

static inline int check_done(void)
{
    printf("1..%d\n", check_state.n_claim);
    return check_state.n_failed ? 1 : 0;
}

#endif
