/* SPDX-License-Identifier: MIT */
/* Several threads work on items, and results are used in the order of the items, so that they do
   not depend on the number of threads. */
#ifndef VOQ_TOOLS_ORDERED_H
#define VOQ_TOOLS_ORDERED_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct ordered;

/* Works on one item. `worker` is below n_thread and used by one call at a time, so it can index
   scratch memory. Work before ordered_turn runs in parallel with other items; work after it runs
   alone and in the order of the items. An item may leave out ordered_turn. */
typedef bool ordered_work(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                          struct failure *failure);

/* Runs all items; false with the failure of the first item, in order, that failed. */
bool ordered_run(size_t n_thread, uint64_t n_item, ordered_work *work, void *context,
                 struct failure *failure);

/* Waits until all items before this one are done. False: one of them failed; then return false. */
bool ordered_turn(struct ordered *ordered, uint64_t item);

#endif
