/* SPDX-License-Identifier: MIT */
/* Independent pieces of work on all cores. */
#ifndef VOQ_TOOLS_PARALLEL_H
#define VOQ_TOOLS_PARALLEL_H

#include "tools/base/failure.h"

#include <stddef.h>

/* Does piece i; worker is below the number of threads and tells whose scratch memory to use. */
typedef bool parallel_work(void *context, size_t worker, size_t i, struct failure *failure);

/* Pieces 0 to n-1, each once, in any order. A piece that fails stops the rest; the failure of the
   lowest piece that failed is reported. Results must not depend on the order. */
bool parallel_for(size_t n, size_t n_thread, parallel_work *work, void *context,
                  struct failure *failure);

/* Cores that this process may use; at least 1. */
size_t parallel_cores(void);

#endif
