/* SPDX-License-Identifier: MIT */
/* Any bytes as PCM without a header, as a file and from a pipe: both get one answer. The first four
   bytes choose the encoding, the channels, the rates and the part that is read. */
#define _GNU_SOURCE
#include "tests/fuzz/audio_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const uint32_t rate[] = {16000, 8000, 44100, AUDIO_MAX_RATE};
    if (n < 4) return 0;
    struct audio_raw raw = {.encoding = (enum audio_encoding)(data[0] % (AUDIO_U8 + 1)),
                            .rate_hz = rate[data[2] & 3],
                            .channels = 1 + data[1] % 7u,
                            .force = data[0] & 128};
    struct memory_file file = memory_file_open(data + 4, n - 4);
    struct audio_request request = {.path = file.path,
                                    .raw = &raw,
                                    .rate_hz = data[2] & 4 ? 16000 : 0,
                                    .channel = data[1] & 128 ? 2 : AUDIO_CHANNEL_MEAN,
                                    .begin_s = (data[3] & 15) / 1000.0,
                                    .end_s = (data[3] >> 4) / 500.0,
                                    .label = "x"};
    compare_file_and_pipe(&request, data + 4, n - 4);
    memory_file_close(&file);
    return 0;
}
