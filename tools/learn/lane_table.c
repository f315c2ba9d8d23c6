/* SPDX-License-Identifier: MIT */
#include "tools/learn/lane_table.h"

#include "src/kernel/kernel.h"

#include "voq.h"

extern const struct lane_table lane_table_of_baseline;
#if defined(__x86_64__)
extern const struct lane_table lane_table_of_avx2;
#endif

const struct lane_table *lane_table_baseline(void)
{
    return &lane_table_of_baseline;
}

const struct lane_table *lane_table_best(void)
{
#if defined(__x86_64__)
    if (voq_kernel_for(VOQ_CPU_AVX2)) return &lane_table_of_avx2;
#endif
    return &lane_table_of_baseline;
}
