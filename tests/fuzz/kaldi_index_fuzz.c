/* SPDX-License-Identifier: MIT */
/* Any bytes as an index (scp) of units and of features, and, behind a line of "%", as the archive
   that it points into, which it calls @. It names no other file. */
#define _GNU_SOURCE
#include "tests/fuzz/feature_input.h"
#include "tests/fuzz/linked_file.h"
#include "tests/fuzz/unit_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void read_both(const char *index)
{
    struct unit_reader_options units = {.facts = {.n_code = 100}};
    struct feature_reader_options features = {0};
    struct failure failure;
    if (!unit_format_find("ark", &units.format, &failure) ||
        !feature_format_find("ark", &features.format, &failure))
        abort();
    read_units(index, &units);
    read_features(index, &features);
}

/* The index with the archive's path for each @. */
static struct memory_file with_paths(const uint8_t *data, size_t n, const char *path)
{
    struct memory_file file = memory_file_open(NULL, 0);
    FILE *index = fdopen(dup(file.fd), "wb");
    if (!index) abort();
    for (size_t i = 0; i < n; i++)
        if (data[i] == '@')
            fputs(path, index);
        else
            fputc(data[i], index);
    if (fclose(index) != 0) abort();
    return file;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *stop = memmem(data, n, "%\n", 2);
    if (!stop || memchr(data, '/', (size_t)(stop - data))) return 0;
    size_t n_index = (size_t)(stop - data);
    struct memory_file archive = memory_file_open(stop + 2, n - n_index - 2);
    struct memory_file index = with_paths(data, n_index, archive.path);
    read_both(linked_file(0, "x.scp", &index));
    memory_file_close(&index);
    memory_file_close(&archive);
    return 0;
}
