/* SPDX-License-Identifier: MIT */
/* Any bytes as PCM without a header, as a file and from a pipe: whole frames get one answer. The
   first four bytes choose the encoding, the channels, the rates and the part that is read. */
#define _GNU_SOURCE
#include "tests/fuzz/audio_input.h"
#include "tools/audio/pcm.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const uint32_t rate[] = {16000, 8000, 44100, AUDIO_MAX_RATE};
    if (n < 4) return 0;
    struct audio_raw raw = {.encoding = (enum audio_encoding)(data[0] % (AUDIO_U8 + 1)),
                            .rate_hz = rate[data[2] & 3],
                            .channels = 1 + data[1] % 7u,
                            .force = data[0] & 128};
    double begin_s = (data[3] & 15) / 1000.0, span_s = (data[3] >> 4) / 500.0;
    struct memory_file file = memory_file_open(data + 4, n - 4);
    struct audio_request request = {.path = file.path,
                                    .raw = &raw,
                                    .rate_hz = data[2] & 4 ? 16000 : 0,
                                    .channel = data[1] & 128 ? 2 : AUDIO_CHANNEL_MEAN,
                                    .begin_s = begin_s,
                                    .end_s = span_s > 0 ? begin_s + span_s : 0,
                                    .label = "x"};
    struct answer answer;
    if ((n - 4) % (raw.channels * pcm_bytes(raw.encoding)) == 0)
        compare_file_and_pipe(&request, data + 4, n - 4);
    else if (n - 4 <= PIPE_BYTES)
        ask_pipe(&request, data + 4, n - 4, &answer);
    memory_file_close(&file);
    return 0;
}
