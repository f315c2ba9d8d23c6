/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TESTS_MUST_H
#define VOQ_TESTS_MUST_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends a benchmark that cannot go on. */
static inline void must(bool good, const char *what)
{
    if (good) return;
    printf("Bail out! %s\n", what);
    exit(1);
}

#endif
