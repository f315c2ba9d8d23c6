/* SPDX-License-Identifier: MIT */
/* Independent pieces of work on several threads, and how many threads there are by default. */
#ifndef VOQ_TOOLS_PARALLEL_H
#define VOQ_TOOLS_PARALLEL_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define PARALLEL_MOST 256 /* jobs of one command */

/* Does piece i; worker, below the number of threads, selects the scratch memory to use. */
typedef bool parallel_work(void *context, size_t worker, size_t i, struct failure *failure);

/* Does pieces 0 to n-1, each once, in any order. A piece that fails stops the rest; the failure of
   the lowest piece that failed is reported. Results must not depend on the order. */
bool parallel_for(size_t n, size_t n_thread, parallel_work *work, void *context,
                  struct failure *failure);

/* The number of jobs that -j asks for. 0, which is the default of every command, stands for the
   processors that this process may use: its affinity mask, and the quota of its control group. */
size_t parallel_jobs(uint32_t asked);

/* Processors that a control group's cpu.max allows, rounded up; 0: no limit, or no such file. */
size_t parallel_quota(const char *path);

#endif
