/* SPDX-License-Identifier: MIT */
/* ABX item files (libri-light): a header line, then
   "file onset offset phone prev-phone next-phone speaker", seconds. */
#ifndef VOQ_TOOLS_ITEM_H
#define VOQ_TOOLS_ITEM_H

#include "tools/base/failure.h"
#include "tools/base/name_index.h"

#include <stddef.h>
#include <stdint.h>

struct item {
    int64_t onset_us, offset_us;
    uint32_t file, phone, context, speaker; /* indices into the tables of the list */
};

struct item_list {
    struct item *item; /* [n], in the order of the file */
    size_t n, capacity;
    struct name_index files, phones, contexts, speakers; /* by bytes; a context is "prev next" */
};

/* Stops at the first bad line: EXIT_INPUT, "FILE:LINE: ..."; *list is then empty. */
bool item_list_read(struct item_list *list, const char *path, struct failure *failure);
void item_list_clear(struct item_list *list);

/* Frames [*first, *end) whose centres are in [onset, offset], both ends included, limited to
   n_frame. *first == *end: none. */
void item_frames(const struct item *item, uint32_t hop_samples, uint32_t rate_hz, size_t n_frame,
                 size_t *first, size_t *end);

#endif
