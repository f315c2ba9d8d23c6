/* SPDX-License-Identifier: MIT */
/* Users lose robust units if speech is not changed as the options state. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/audio/audio.h"
#include "tools/learn/band_change.h"
#include "tools/learn/signal_change.h"
#include "tools/learn/speed.h"

#include <math.h>
#include <stdlib.h>

enum { RATE = 16000, MOST = 400000 };

static struct failure failure;
static const char *speech_path;

static size_t read_file(const char *path, float *x)
{
    struct audio_request request = {.path = path, .rate_hz = RATE};
    struct audio *audio;
    size_t n = 0, n_read = 1;
    if (!audio_open(&audio, &request, &failure)) return 0;
    while (n_read > 0 && audio_read(audio, x + n, MOST - n, &n_read, &failure)) n += n_read;
    audio_close(audio);
    return n;
}

static double power(const float *x, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * (double)x[i];
    return sum / (double)n;
}

static double decibels(double ratio)
{
    return 10 * log10(ratio);
}

static void another_speed_is_the_signal_at_other_times(void)
{
    enum { N = 8000 };
    static float x[N], y[2 * N];
    static const uint32_t percent[] = {90, 110, 97, 150};
    const double pi = 3.14159265358979, hz = 1000;
    for (int i = 0; i < N; i++) x[i] = (float)sin(2 * pi * hz * i / RATE);
    for (size_t p = 0; p < 4; p++) {
        struct speed speed;
        CHECK(speed_make(&speed, percent[p], &failure));
        size_t n = speed_length(&speed, N);
        CHECK(fabs((double)n - N * 100.0 / percent[p]) <= .5);
        speed_apply(&speed, x, N, y);
        for (size_t j = 200; j < n - 200; j++)
            CHECK(fabs((double)y[j] - sin(2 * pi * hz * (double)j * percent[p] / 100 / RATE)) <
                  1e-3);
        speed_clear(&speed);
    }
}

/* Faster speech would otherwise mirror what is above the Nyquist frequency into the bands. */
static void faster_speech_has_no_aliases(void)
{
    enum { N = 8000 };
    static float x[N], y[N];
    struct speed speed;
    for (int i = 0; i < N; i++) x[i] = (float)sin(2 * 3.14159265358979 * 7900 * i / RATE);
    CHECK(speed_make(&speed, 110, &failure));
    speed_apply(&speed, x, N, y);
    CHECK(decibels(power(y + 200, 6500) / power(x, N)) < -40);
    speed_clear(&speed);
}

static void every_end_of_a_signal_is_computed(void)
{
    static float x[300], y[400], z[800];
    struct speed speed;
    CHECK(speed_make(&speed, 90, &failure));
    for (size_t n = 0; n < 300; n++) {
        for (size_t i = 0; i < n; i++) x[i] = 1;
        speed_apply(&speed, z + 400, n, y);
        CHECK_BITS(y, z + 400, speed_length(&speed, n)); /* silence, with silence around it */
        for (size_t i = 0; i < 400; i++) z[i] = y[i] = -9;
        speed_apply(&speed, x, n, y);
        size_t n_out = speed_length(&speed, n);
        CHECK_BITS(y + n_out, z + n_out, 400 - n_out);
        for (size_t j = 0; j < n_out; j++) CHECK(y[j] > 0 && y[j] < 1.2f);
        for (size_t j = 40; j + 40 < n_out; j++) CHECK(fabsf(y[j] - 1) < 1e-3f);
    }
    speed_clear(&speed);
}

static void noise_has_the_stated_distance(void)
{
    static float x[MOST], y[MOST], noise[30000];
    static const float snr[] = {-5, 0, 10, 25};
    size_t n = read_file(speech_path, x);
    struct rng rng;
    CHECK(n > 30000);
    rng_start(&rng, 1, RNG_AUGMENT, 0);
    for (size_t i = 0; i < 30000; i++) /* its level changes, so the part that is taken counts */
        noise[i] = (float)((rng_unit(&rng) - .5) * (i < 10000 ? .6 : .1));
    for (uint64_t k = 0; k < 40; k++) {
        size_t n_here = k % 2 ? n : 7000;
        memcpy(y, x, sizeof y);
        signal_add_noise(y, n_here, noise, 30000, k, snr[k / 2 % 4]);
        for (size_t i = 0; i < n_here; i++) y[i] -= x[i];
        double measured = decibels(power(x, n_here) / power(y, n_here));
        CHECK(fabs(measured - (double)snr[k / 2 % 4]) < .1);
    }
}

static void silence_stays_silent(void)
{
    static float x[1000], noise[500], zero[1000];
    noise[3] = 1;
    signal_add_noise(x, 1000, noise, 500, 1, 10);
    CHECK_BITS(x, zero, 1000);
    x[5] = .5f;
    signal_add_noise(x, 1000, zero, 500, 1, 10);
    CHECK(x[5] == .5f && power(x, 1000) * 1000 == .25);
}

/* Energy behind each time of the response to one pulse. */
static void a_room_decays_by_60_db(void)
{
    static float x[20000], y[20000];
    const float rt60_s = .3f, tail_db = -3;
    x[100] = 1;
    CHECK(signal_add_room(y, x, 20000, RATE, 7, rt60_s, tail_db, &failure));
    CHECK(y[100] == 1);
    for (size_t i = 0; i < 132; i++) CHECK(y[i] == x[i]);
    /* pulses may meet, so the energy is not exact */
    CHECK(fabs(decibels(power(y + 101, 19000) * 19000) - (double)tail_db) < .5);
    double late = power(y + 100 + 2400, 2400), early = power(y + 132, 2400);
    CHECK(fabs(decibels(early / late) - 30) < 4); /* half the time, half the decay */
    CHECK(power(y + 100 + 4900, 15000) == 0);
}

static void gain_is_in_decibels(void)
{
    float x[2] = {.1f, -.2f};
    signal_gain(x, 2, 6);
    CHECK(fabs((double)x[0] - .199526) < 1e-5 && fabs((double)x[1] + .399052) < 1e-5);
}

static void bands_are_warped_and_tilted(void)
{
    float frame[40], same[40];
    for (int j = 0; j < 40; j++) same[j] = frame[j] = (float)(3 * j);
    bands_warp(frame, 1, 40, .1f);
    for (int j = 0; j < 40; j++) {
        double at = j * 1.1;
        CHECK(fabs((double)frame[j] - 3 * (at < 39 ? at : 39)) < 1e-3);
    }
    memcpy(frame, same, sizeof frame);
    bands_warp(frame, 1, 40, 0);
    CHECK_BITS(frame, same, 40);
    bands_tilt(frame, 1, 40, .6f);
    for (int j = 0; j < 40; j++)
        CHECK(fabs((double)(frame[j] - same[j]) - (.6 * j / 39 - .3)) < 1e-4);
}

static void masks_have_all_widths_and_stay_inside(void)
{
    const struct augmentation a = augmentation_default();
    int n_width[12] = {0}, n_band_width[8] = {0};
    for (uint32_t piece = 0; piece < 2000; piece++) {
        struct piece_masks masks;
        piece_masks_draw(&a, 5, piece, 100, 40, &masks);
        CHECK_EQ(masks.n_band, 2);
        CHECK_EQ(masks.n_frame, 2);
        for (int k = 0; k < 2; k++) {
            CHECK(masks.band[k].end <= 40 && masks.frame[k].end <= 100);
            n_band_width[masks.band[k].end - masks.band[k].begin]++;
            n_width[masks.frame[k].end - masks.frame[k].begin]++;
        }
    }
    for (int w = 0; w < 12; w++) CHECK(n_width[w] > 250);
    for (int w = 0; w < 8; w++) CHECK(n_band_width[w] > 400);
}

static void masks_set_what_they_cover_to_zero(void)
{
    struct piece_masks masks = {.n_band = 1, .n_frame = 1, .band = {{2, 4}}, .frame = {{5, 6}}};
    float x[5] = {1, 1, 1, 1, 1}, hidden[5] = {0}, seen[5] = {1, 1, 0, 0, 1};
    piece_masks_apply(&masks, 4, x, 5);
    CHECK_BITS(x, seen, 5);
    piece_masks_apply(&masks, 5, x, 5);
    CHECK_BITS(x, hidden, 5);
}

static void draws_follow_the_probabilities(void)
{
    enum { N = 4000 };
    struct augmentation a = augmentation_default();
    int slower = 0, faster = 0, noisy = 0, warped = 0;
    for (uint64_t i = 0; i < N; i++) {
        struct augmentation_draw draw;
        augmentation_draw(&a, 1, 3, i, &draw);
        slower += draw.percent == 90;
        faster += draw.percent == 110;
        noisy += draw.noisy;
        warped += draw.warp > .05f;
        CHECK(!draw.reverberant && draw.gain_db >= -12 && draw.gain_db <= 12);
        CHECK(draw.warp >= -.1f && draw.warp <= .1f && draw.snr_db >= 5 && draw.snr_db <= 25);
    }
    CHECK(slower > 900 && slower < 1100 && faster > 900 && faster < 1100);
    CHECK(noisy > 330 && noisy < 470 && warped > 900 && warped < 1100);
}

static void one_setting_does_not_change_the_others(void)
{
    struct augmentation a = augmentation_default(), b = a;
    struct augmentation_draw x, y;
    b.speed_p = 0;
    b.noise_p = b.room_p = 1;
    augmentation_draw(&a, 1, 0, 7, &x);
    augmentation_draw(&b, 1, 0, 7, &y);
    CHECK(x.warp == y.warp && x.tilt_nats == y.tilt_nats && x.mask_seed == y.mask_seed);
    CHECK(y.percent == 100 && y.noisy && y.reverberant);
    augmentation_draw(&a, 1, 1, 7, &y);
    CHECK(x.warp != y.warp);
    augmentation_draw(&a, 2, 0, 7, &y);
    CHECK(x.warp != y.warp);
    augmentation_draw(&a, 1, 0, 8, &y);
    CHECK(x.warp != y.warp);
}

int main(int argc, char **argv)
{
    static char path[4096];
    if (argc != 2 || !scratch_begin()) return 1;
    snprintf(path, sizeof path, "%s/tests/data/5652-19215-0032.flac", argv[1]);
    speech_path = path;
    RUN(another_speed_is_the_signal_at_other_times);
    RUN(faster_speech_has_no_aliases);
    RUN(every_end_of_a_signal_is_computed);
    RUN(noise_has_the_stated_distance);
    RUN(silence_stays_silent);
    RUN(a_room_decays_by_60_db);
    RUN(gain_is_in_decibels);
    RUN(bands_are_warped_and_tilted);
    RUN(masks_have_all_widths_and_stay_inside);
    RUN(masks_set_what_they_cover_to_zero);
    RUN(draws_follow_the_probabilities);
    RUN(one_setting_does_not_change_the_others);
    return check_done();
}
