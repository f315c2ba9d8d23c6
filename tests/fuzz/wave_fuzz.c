/* SPDX-License-Identifier: MIT */
/* Any bytes as a WAV of linear PCM, as a file and from a pipe: both get one answer. What libsndfile
   would read is left alone. */
#define _GNU_SOURCE
#include "tests/fuzz/audio_input.h"
#include "tools/audio/wave_header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool is_ours(const struct audio_request *request)
{
    struct byte_source *source;
    struct wave_header header;
    struct failure failure;
    if (!byte_source_open(&source, request, &failure)) abort();
    bool good = wave_header_read(source, &header, &failure) && header.is_wave && header.is_pcm;
    byte_source_close(source);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct memory_file file = memory_file_open(data, n);
    struct audio_request request = {.path = file.path, .label = "x"};
    if (is_ours(&request)) compare_file_and_pipe(&request, data, n);
    memory_file_close(&file);
    return 0;
}
