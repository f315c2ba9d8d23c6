/* SPDX-License-Identifier: MIT */
/* Any bytes as a shard of fairseq: a .len, and behind a line of "%" the .npy. The utterances cover
   the array without a gap, and each has the frames that it was said to have. */
#define _GNU_SOURCE
#include "tests/fuzz/linked_file.h"
#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_shard.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_part(const char *path, const struct feature_shard_part *part)
{
    struct feature_reader_options options = {0};
    struct feature_reader *reader;
    const struct feature_utterance *utterance;
    struct failure failure;
    if (!feature_format_find("npy", &options.format, &failure) ||
        !feature_reader_open(&reader, path, &options, &failure))
        return;
    if (feature_reader_next(reader, &utterance, &failure) && utterance && utterance->dim < 64 &&
        feature_reader_part(reader, part->first, part->n_frame, &failure)) {
        float x[64 * 8];
        uint64_t n_all = 0;
        size_t n_read = 1;
        bool good = true;
        for (; good && n_read > 0; n_all += n_read)
            good = feature_reader_read(reader, x, 8, &n_read, &failure);
        if (good && n_all != part->n_frame) abort();
    }
    feature_reader_close(reader);
}

static void read_shard(const char *path)
{
    struct feature_shard shard;
    struct failure failure;
    uint64_t end = 0;
    if (!feature_shard_list(&shard, path, NULL, false, &failure)) return;
    for (size_t i = 0; i < shard.n; i++) {
        if (shard.part[i].first != end || !*shard.part[i].name) abort();
        end += shard.part[i].n_frame;
        if (i < 4) read_part(path, &shard.part[i]);
    }
    feature_shard_free(&shard);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *stop = memmem(data, n, "%\n", 2);
    if (!stop) return 0;
    struct memory_file lengths = memory_file_open(data, (size_t)(stop - data));
    struct memory_file array = memory_file_open(stop + 2, n - (size_t)(stop + 2 - data));
    linked_file(0, "s_0_1.len", &lengths);
    read_shard(linked_file(1, "s_0_1.npy", &array));
    memory_file_close(&lengths);
    memory_file_close(&array);
    return 0;
}
