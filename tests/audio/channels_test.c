/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"
#include "tools/audio/channels.h"

static struct failure failure;

static void the_mean_is_the_sum_in_channel_order_times_one_over_n(void)
{
    struct sound sound;
    const char *path = sound_write("8.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 16000, 8, 5000);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path}, 160, &failure));
    CHECK_EQ(sound.facts.channels, 8);
    CHECK_EQ(sound.n, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        float sum = sound_noise(8 * i);
        for (uint32_t c = 1; c < 8; c++) sum = sum + sound_noise(8 * i + c);
        float mean = sum * 0.125f;
        CHECK_BITS(&sound.x[i], &mean, 1);
    }
    sound_free(&sound);
}

static void each_of_eight_channels_can_be_picked(void)
{
    const char *path = sound_write("8.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 16000, 8, 5000);
    for (int channel = 1; channel <= 8; channel++) {
        struct sound sound;
        CHECK(sound_read(&sound, &(struct audio_request){.path = path, .channel = channel}, 160,
                         &failure));
        CHECK_EQ(sound.n, 5000);
        for (uint32_t i = 0; i < 5000; i++)
            CHECK(sound.x[i] == sound_noise(8 * i + (uint32_t)channel - 1));
        sound_free(&sound);
    }
}

static void a_channel_that_is_not_there_is_refused(void)
{
    struct sound sound;
    const char *path = sound_write("2.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 2, 10);
    CHECK(!sound_read(&sound, &(struct audio_request){.path = path, .channel = 3}, 10, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path), ": has no channel 3, only 2");
}

static void a_segment_without_channel_needs_a_file_of_one(void)
{
    struct sound sound;
    struct audio_request request = {.channel = AUDIO_CHANNEL_ONLY};
    request.path = sound_write("2.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 2, 10);
    CHECK(!sound_read(&sound, &request, 10, &failure));
    CHECK_STR(failure.text + strlen(request.path),
              ": has 2 channels, but the segment names none; add the channel to the segment");
    request.path = sound_write("1.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1, 10);
    CHECK(sound_read(&sound, &request, 10, &failure));
    CHECK_EQ(sound.n, 10);
    sound_free(&sound);
}

static void a_thousand_channels_are_read_in_the_same_memory(void)
{
    enum { CHANNELS = 1000, FRAMES = 50 };
    static unsigned char wav[44 + 2 * CHANNELS * FRAMES];
    struct sound sound;
    sound_wav_header(wav, 16000, CHANNELS, 16, sizeof wav - 8, sizeof wav - 44);
    for (int i = 0; i < FRAMES; i++) wav[44 + 2 * (CHANNELS * i + CHANNELS - 1) + 1] = 0x40;
    const char *path = scratch_write("1000.wav", wav, sizeof wav);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path, .channel = CHANNELS}, 4096,
                     &failure));
    CHECK_EQ(sound.n, FRAMES);
    for (int i = 0; i < FRAMES; i++) CHECK(sound.x[i] == 0.5f);
    sound_free(&sound);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(the_mean_is_the_sum_in_channel_order_times_one_over_n);
    RUN(each_of_eight_channels_can_be_picked);
    RUN(a_channel_that_is_not_there_is_refused);
    RUN(a_segment_without_channel_needs_a_file_of_one);
    RUN(a_thousand_channels_are_read_in_the_same_memory);
    return check_done();
}
