/* SPDX-License-Identifier: MIT */
/* Any bytes as an ABX item file. What is read has frames within the utterance at any hop. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/eval/item.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check(const struct item_list *list, const struct item *item)
{
    static const uint32_t grid[][2] = {{160, 16000}, {1, 192000}, {441, 44100}, {1 << 20, 8000}};
    if (item->file >= list->files.n || item->phone >= list->phones.n ||
        item->context >= list->contexts.n || item->speaker >= list->speakers.n)
        abort();
    for (size_t i = 0; i < sizeof grid / sizeof *grid; i++) {
        size_t first, end;
        item_frames(item, grid[i][0], grid[i][1], 1000, &first, &end);
        if (first > end || end > 1000) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file file = memory_file_open(data, n);
    struct item_list list;
    struct failure failure;
    if (item_list_read(&list, file.path, &failure)) {
        for (size_t i = 0; i < list.n; i++) check(&list, &list.item[i]);
        item_list_clear(&list);
    }
    memory_file_close(&file);
    return 0;
}
