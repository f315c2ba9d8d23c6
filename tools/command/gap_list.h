/* SPDX-License-Identifier: MIT */
/* RECORDING.gaps: where a recording lost samples, one line per gap: sample of the file TAB samples
   lost TAB why. */
#ifndef VOQ_TOOLS_GAP_LIST_H
#define VOQ_TOOLS_GAP_LIST_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

struct gap {
    uint64_t sample; /* of the file, the first one after the gap */
    uint64_t lost;   /* samples */
    char why[24];    /* "overrun", "device" */
};

struct gap_list {
    struct gap *gap; /* [n], sample ascending */
    size_t n, capacity;
};

/* Reads RECORDING.gaps; the list is empty if there is no such file. EXIT_INPUT "FILE:LINE: ...". */
bool gap_list_read(struct gap_list *list, const char *recording, struct failure *failure);
void gap_list_free(struct gap_list *list);

#endif
