/* SPDX-License-Identifier: MIT */
/* Counts the allocations of a program linked with -Wl,--wrap=malloc and so on, and fails one. */
#ifndef VOQ_TESTS_ALLOCATIONS_H
#define VOQ_TESTS_ALLOCATIONS_H

#include <stddef.h>

/* Calls so far, and blocks that were not freed. */
size_t allocations_made(void);
long allocations_live(void);

/* The n-th call from now on gives NULL (1 is the next); 0: none. */
void allocations_fail(size_t n);

#endif
