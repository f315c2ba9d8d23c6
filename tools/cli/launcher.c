/* SPDX-License-Identifier: MIT */
#include "tools/cli/launcher.h"

#include "tools/base/number.h"

#include <stdlib.h>

bool launcher_is_mpi(void)
{
    return getenv("PMIX_RANK") || getenv("OMPI_COMM_WORLD_SIZE");
}

uint32_t launcher_size(const char **variable)
{
    /* Open MPI; MPICH and Intel MPI; MVAPICH. */
    static const char *const size[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MV2_COMM_WORLD_SIZE"};
    for (size_t i = 0; i < sizeof size / sizeof *size; i++) {
        const char *text = getenv(*variable = size[i]);
        uint32_t n = 0;
        if (text && parse_u32(text, &n) && n > 0) return n;
    }
    *variable = "PMIX_RANK";
    return getenv(*variable) ? UINT32_MAX : 1;
}
