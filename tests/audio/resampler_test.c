/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"

#define TURN 6.28318530717958647692

static struct failure failure;

static const char *write_sine(int rate_hz, size_t n, double frequency_hz)
{
    SF_INFO info = {
        .samplerate = rate_hz, .channels = 1, .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT};
    SNDFILE *file = sf_open(scratch("sine.wav"), SFM_WRITE, &info);
    for (size_t i = 0; i < n; i++) {
        float x = (float)(0.5 * sin(TURN * frequency_hz * (double)i / rate_hz));
        if (sf_writef_float(file, &x, 1) != 1) abort();
    }
    sf_close(file);
    return scratch("sine.wav");
}

/* Largest distance from the sine, the first and last `edge` samples left out. */
static double error_of_sine(const struct sound *sound, int rate_hz, double frequency_hz,
                            size_t edge)
{
    double worst = 0;
    for (size_t i = edge; i + edge < sound->n; i++) {
        double wanted = 0.5 * sin(TURN * frequency_hz * (double)i / rate_hz);
        worst = fmax(worst, fabs((double)sound->x[i] - wanted));
    }
    return worst;
}

static void a_sine_keeps_time_frequency_and_level(void)
{
    static const int rates[] = {8000, 11025, 22050, 44100, 48000, 96000, 192000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct sound sound;
        const char *path = write_sine(rates[i], (size_t)rates[i], 1000);
        CHECK(sound_read(&sound, &(struct audio_request){.path = path, .rate_hz = 16000}, 160,
                         &failure));
        CHECK(sound.facts.resampled);
        CHECK_EQ(sound.n, 16000);
        CHECK_EQ(sound.facts.given_samples, 16000);
        CHECK(error_of_sine(&sound, 16000, 1000, 400) < 2e-5);
        sound_free(&sound);
    }
}

static void the_length_is_rounded_whatever_the_rates(void)
{
    static const int rates[] = {8000, 11025, 44100, 192000};
    static const size_t lengths[] = {1, 2, 7, 100, 441, 12345};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            struct sound sound;
            const char *path = write_sine(rates[i], lengths[k], 100);
            CHECK(sound_read(&sound, &(struct audio_request){.path = path, .rate_hz = 16000}, 333,
                             &failure));
            CHECK_EQ(sound.n, llround((double)lengths[k] * 16000 / rates[i]));
            sound_free(&sound);
        }
    }
}

static void the_size_of_reads_changes_no_bit(void)
{
    static const size_t pieces[] = {1, 7, 160, 4096, 100000};
    struct sound whole;
    const char *path = sound_write("noise.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 44100, 1, 44100);
    struct audio_request request = {.path = path, .rate_hz = 16000};
    CHECK(sound_read(&whole, &request, 1000000, &failure));
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct sound cut;
        CHECK(sound_read(&cut, &request, pieces[i], &failure));
        CHECK_EQ(cut.n, whole.n);
        CHECK_BITS(cut.x, whole.x, whole.n);
        sound_free(&cut);
    }
    sound_free(&whole);
}

static void the_same_rate_is_not_touched(void)
{
    struct sound sound;
    const char *path = sound_write("same.wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 16000, 1, 1000);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path, .rate_hz = 16000}, 160,
                     &failure));
    CHECK(!sound.facts.resampled);
    CHECK_EQ(sound.n, 1000);
    for (uint32_t i = 0; i < 1000; i++) CHECK(sound.x[i] == sound_noise(i));
    sound_free(&sound);
}

static void one_nan_does_not_spoil_what_is_resampled(void)
{
    float x[4800] = {0};
    unsigned char bytes[sizeof x];
    struct sound sound;
    struct audio_raw raw = {.encoding = AUDIO_F32LE, .rate_hz = 48000, .channels = 1};
    x[1000] = NAN;
    x[2000] = INFINITY;
    memcpy(bytes, x, sizeof x);
    const char *path = scratch_write("nan.raw", bytes, sizeof bytes);
    struct audio_request request = {.path = path, .raw = &raw, .rate_hz = 16000};
    CHECK(sound_read(&sound, &request, 160, &failure));
    CHECK_EQ(sound.n, 1600);
    for (size_t i = 0; i < sound.n; i++) CHECK(sound.x[i] == 0);
    CHECK_EQ(sound.facts.not_finite, 2);
    CHECK_STR(sound.warnings + strlen(path), ": 2 samples are not finite and read as 0\n");
    sound_free(&sound);

    request.rate_hz = 48000; /* nothing spreads: the library counts them */
    CHECK(sound_read(&sound, &request, 160, &failure));
    CHECK(isnan(sound.x[1000]) && isinf(sound.x[2000]));
    CHECK_EQ(sound.facts.not_finite, 0);
    sound_free(&sound);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_sine_keeps_time_frequency_and_level);
    RUN(the_length_is_rounded_whatever_the_rates);
    RUN(the_size_of_reads_changes_no_bit);
    RUN(the_same_rate_is_not_touched);
    RUN(one_nan_does_not_spoil_what_is_resampled);
    return check_done();
}
