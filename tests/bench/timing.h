/* SPDX-License-Identifier: MIT */
/* Times of benchmarks, by the processor time of this process, so that other programs do not
   count. */
#ifndef VOQ_TESTS_TIMING_H
#define VOQ_TESTS_TIMING_H

#include <stdlib.h>
#include <time.h>

static inline double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the n times and returns that which `percent` of them do not pass. */
static inline double percentile(double *ns, size_t n, size_t percent)
{
    qsort(ns, n, sizeof *ns, by_value);
    return ns[(n - 1) * percent / 100];
}

/* Returns the time of a piece of work per item that `percent` of its repetitions do not pass. */
static inline double percent_ns(void (*work)(void), double n_item, size_t percent)
{
    enum { N_REPEAT = 31 };
    double ns[N_REPEAT];
    work();
    for (int i = 0; i < N_REPEAT; i++) {
        double start = now_ns();
        work();
        ns[i] = (now_ns() - start) / n_item;
    }
    return percentile(ns, N_REPEAT, percent);
}

static inline double median_ns(void (*work)(void), double n_item)
{
    return percent_ns(work, n_item, 50);
}

#endif
