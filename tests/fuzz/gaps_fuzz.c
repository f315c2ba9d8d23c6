/* SPDX-License-Identifier: MIT */
/* Any bytes as RECORDING.gaps. What is read is in order, and fits the counters of samples. */
#define _GNU_SOURCE
#include "tests/fuzz/linked_file.h"
#include "tools/command/gap_list.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file file = memory_file_open(data, n);
    struct gap_list list;
    struct failure failure;
    char recording[LINK_SIZE];
    snprintf(recording, sizeof recording, "%s", linked_file(0, "x.gaps", &file));
    recording[strlen(recording) - strlen(".gaps")] = '\0';
    if (gap_list_read(&list, recording, &failure)) {
        uint64_t position = 0, lost = 0;
        for (size_t i = 0; i < list.n; i++) {
            if (list.gap[i].sample < position || strlen(list.gap[i].why) == 0) abort();
            position = list.gap[i].sample;
            lost += list.gap[i].lost;
            if (position + lost > UINT64_C(1) << 53) abort();
        }
        gap_list_free(&list);
    } else if (failure.code != EXIT_INPUT) {
        abort();
    }
    memory_file_close(&file);
    return 0;
}
