/* SPDX-License-Identifier: MIT */
/* Items worked on by several threads, whose results are taken in the order of the items: what comes
   out does not depend on the number of threads. */
#ifndef VOQ_TOOLS_ORDERED_H
#define VOQ_TOOLS_ORDERED_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct ordered;

/* Works on one item. `worker` is below n_thread and used by one call at a time, so it can index
   scratch memory. What is done before ordered_turn runs beside other items; what is done after it
   runs alone and in the order of the items. Without a call of ordered_turn the item has none. */
typedef bool ordered_work(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                          struct failure *failure);

/* Runs all items; false with the failure of the first item, in order, that failed. */
bool ordered_run(size_t n_thread, uint64_t n_item, ordered_work *work, void *context,
                 struct failure *failure);

/* Waits until all items before this one are done. False: one of them failed; then return false. */
bool ordered_turn(struct ordered *ordered, uint64_t item);

#endif
