/* SPDX-License-Identifier: MIT */
/* Any bytes as a list of labels, one per 10 ms. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/base/line_reader.h"
#include "tools/eval/alignment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file file = memory_file_open(data, n);
    struct line_reader *reader;
    struct failure failure;
    struct alignment *alignment = calloc(1, sizeof *alignment);
    if (!alignment || !line_reader_open(&reader, file.path, &failure)) abort();
    frame_labels_read(alignment, reader, &failure);
    for (uint32_t i = 0; i < alignment->utterances.n; i++)
        for (size_t k = 0; k < alignment->utterance[i].n_interval; k++)
            if (alignment->utterance[i].interval[k].label >= alignment->labels.n) abort();
    line_reader_close(reader);
    alignment_free(alignment);
    memory_file_close(&file);
    return 0;
}
