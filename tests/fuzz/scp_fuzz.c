/* SPDX-License-Identifier: MIT */
/* Any bytes as Kaldi's tables: a wav.scp, and, each behind a line of "%", segments and utt2spk. */
#define _GNU_SOURCE
#include "tests/fuzz/corpus_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_tables(const char *table, const char *segments, const char *speakers)
{
    struct corpus_options options = {.segments = segments, .speakers = speakers,
                                     .allow_pipes = true, .allow_equal_names = true};
    struct corpus *corpus = calloc(1, sizeof *corpus);
    struct name_index names = {0};
    struct failure failure;
    if (!corpus) abort();
    corpus->options = options;
    if (kaldi_table_read(corpus, table, &failure) &&
        (!segments || kaldi_segments_read(corpus, segments, &failure))) {
        check_corpus(corpus, false);
        for (size_t i = 0; i < corpus_size(corpus); i++) {
            uint32_t id, n_before = names.n;
            if (!name_index_add(&names, corpus_get(corpus, i)->name, &id, &failure)) abort();
            if (id == n_before) names.value[id] = (uint32_t)i;
        }
        kaldi_speakers_read(corpus, speakers, &names, &failure);
    }
    name_index_clear(&names);
    corpus_close(corpus);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file part[3];
    for (int i = 0; i < 3; i++) part[i] = memory_file_part(&data, &n);
    read_tables(part[0].path, NULL, part[2].path);
    read_tables(part[0].path, part[1].path, part[2].path);
    for (int i = 0; i < 3; i++) memory_file_close(&part[i]);
    return 0;
}
