/* SPDX-License-Identifier: MIT */
#include "tools/learn/lane_table.h"

#include "src/kernel/kernel.h"

#include "voq.h"

#include <stdatomic.h>

extern const struct lane_table lane_table_of_baseline;
#if defined(__x86_64__)
extern const struct lane_table lane_table_of_avx2;
#endif

const struct lane_table *lane_table_baseline(void)
{
    return &lane_table_of_baseline;
}

static const struct lane_table *choose(void)
{
#if defined(__x86_64__)
    if (voq_kernel_for(VOQ_CPU_AVX2)) return &lane_table_of_avx2;
#endif
    return &lane_table_of_baseline;
}

/* To ask the CPU can take 20 us in a virtual machine. */
const struct lane_table *lane_table_best(void)
{
    static _Atomic(const struct lane_table *) best;
    if (!atomic_load(&best)) atomic_store(&best, choose());
    return atomic_load(&best);
}
