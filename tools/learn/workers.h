/* SPDX-License-Identifier: MIT */
/* Threads that stay alive between calls, for learning: thousands of short pieces of work a second.
   No item may depend on another, so that results do not depend on the number of threads. */
#ifndef VOQ_LEARN_WORKERS_H
#define VOQ_LEARN_WORKERS_H

#include "tools/base/failure.h"
#include "tools/learn/lane_table.h"

#include <stddef.h>

struct workers;

/* Does one item; thread, below workers_count(), selects scratch memory. */
typedef void workers_work(void *context, size_t thread, size_t item);

bool workers_new(struct workers **workers, size_t n_thread, struct failure *failure);
void workers_free(struct workers *workers); /* NULL is allowed */

/* Does items 0 to n_item-1, each once, in any order, and returns when all are done. Only the thread
   that made the workers may call it, and not from within an item. */
void workers_run(struct workers *workers, size_t n_item, workers_work *work, void *context);

size_t workers_count(const struct workers *workers);

/* The inner loops in use: the fastest of this CPU. workers_use_lanes is for tests that compare. */
const struct lane_table *workers_lanes(const struct workers *workers);
void workers_use_lanes(struct workers *workers, const struct lane_table *lanes);

/* Memory of one thread for packed matrices: WORKERS_SCRATCH floats, aligned to 64 bytes. */
enum { WORKERS_SCRATCH = 1 << 18 };
float *workers_scratch(struct workers *workers, size_t thread);

/* Memory for one sum over rows (tree_sum.h). */
double *workers_partial(struct workers *workers);

#endif
