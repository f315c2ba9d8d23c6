/* SPDX-License-Identifier: MIT */
/* What a user recorded can be read, whatever happened to the program. */
#include "tests/support/check.h"

#include "tools/audio/audio.h"
#include "tools/live/record.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/voq-record-XXXXXX";
static char path[64], gaps_path[64];

static uint64_t frames_in_file(void)
{
    const struct audio_request request = {.path = path};
    struct audio_facts facts;
    struct failure failure;
    if (!audio_probe(&request, &facts, &failure)) return AUDIO_UNKNOWN;
    return facts.rate_hz == 16000 && facts.channels == 1 ? facts.declared_frames : AUDIO_UNKNOWN;
}

static void the_file_is_valid_at_any_time_and_lacks_little(void)
{
    enum { N = 20000 };
    struct record *record;
    struct failure failure;
    static float x[N], y[N + 1000];
    for (size_t i = 0; i < N; i++) x[i] = (float)i / 32768;
    CHECK(record_open(&record, path, 16000, &failure));
    for (uint64_t n = 1000; n <= N; n += 1000) {
        CHECK(record_samples(record, x + n - 1000, 1000, &failure));
        uint64_t n_there = frames_in_file();
        CHECK(n_there <= n && n_there + RECORD_WAITING > n);
    }
    CHECK(record_close(record, &failure));

    const struct audio_request request = {.path = path};
    struct audio *audio;
    size_t n = 0, n_read;
    CHECK(audio_open(&audio, &request, &failure));
    do {
        CHECK(audio_read(audio, y + n, N + 1000 - n, &n_read, &failure));
        n += n_read;
    } while (n_read > 0);
    CHECK_EQ(audio_facts(audio)->warnings, 0);
    audio_close(audio);
    CHECK_EQ(n, N);
    CHECK_BITS(y, x, N);
}

static void gaps_are_listed_and_those_of_an_earlier_recording_are_not(void)
{
    struct record *record;
    struct failure failure;
    float x[10] = {0};
    char text[64] = "";
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_samples(record, x, 10, &failure));
    CHECK(access(gaps_path, F_OK) != 0);
    CHECK(record_gap(record, 7, "overrun", &failure));
    CHECK(record_gap(record, 8, "device", &failure));
    FILE *file = fopen(gaps_path, "r");
    CHECK(file != NULL);
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    CHECK_STR(text, "10\t7\toverrun\n10\t8\tdevice\n");
    CHECK(record_close(record, &failure));
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_samples(record, x, 1, &failure));
    CHECK(access(gaps_path, F_OK) != 0);
    CHECK(record_close(record, &failure));
}

static void a_run_that_hears_nothing_changes_no_file(void)
{
    struct record *record;
    struct failure failure;
    float x[10] = {0};
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_samples(record, x, 10, &failure));
    CHECK(record_gap(record, 7, "device", &failure));
    CHECK(record_close(record, &failure));
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_close(record, &failure));
    CHECK_EQ(frames_in_file(), 10);
    CHECK(access(gaps_path, F_OK) == 0);
    unlink(path);
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_close(record, &failure));
    CHECK(access(path, F_OK) != 0);
}

/* A file with a hole: its length is that of ten hours or a year, its blocks are not. */
static bool make_long_file(uint64_t n_sample)
{
    unsigned char header[RECORD_HEADER_BYTES];
    record_header(header, n_sample, 16000);
    FILE *file = fopen(path, "wb");
    if (!file) return false;
    bool good = fwrite(header, 1, sizeof header, file) == sizeof header && fflush(file) == 0 &&
                ftruncate(fileno(file), (off_t)(RECORD_HEADER_BYTES + 4 * n_sample)) == 0;
    fclose(file);
    return good;
}

static void past_4_gb_it_is_rf64_and_every_sample_counts(void)
{
    static const uint64_t n_sample[] = {1000000000, 1073741801, 1073741802, 1073741803, 2000000000};
    for (size_t i = 0; i < sizeof n_sample / sizeof n_sample[0]; i++) {
        unsigned char header[RECORD_HEADER_BYTES];
        record_header(header, n_sample[i], 16000);
        bool large = RECORD_HEADER_BYTES - 8 + 4 * n_sample[i] > UINT32_MAX;
        CHECK(memcmp(header, large ? "RF64" : "RIFF", 4) == 0);
        if (!make_long_file(n_sample[i])) SKIP("no room for a sparse file of 8 GB");
        CHECK_EQ(frames_in_file(), n_sample[i]);
    }
}

static void a_full_disk_is_told(void)
{
    struct record *record;
    struct failure failure;
    float x[1] = {0};
    CHECK(record_open(&record, "/dev/full", 16000, &failure));
    CHECK(!record_samples(record, x, 1, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
    CHECK(record_close(record, &failure));
    CHECK(!record_open(&record, "/nowhere/x.wav", 16000, &failure));
    CHECK_EQ(failure.code, EXIT_OUTPUT);
}

static void what_finds_no_room_at_the_end_is_told(void)
{
    struct record *record;
    struct failure failure;
    float x[100] = {0};
    struct rlimit limit, before;
    signal(SIGXFSZ, SIG_IGN);
    CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
    limit = before;
    limit.rlim_cur = RECORD_HEADER_BYTES + 200;
    CHECK(record_open(&record, path, 16000, &failure));
    CHECK(record_samples(record, x, 100, &failure));
    CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    bool good = record_close(record, &failure);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(!good);
    CHECK_EQ(failure.code, EXIT_OUTPUT);
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/x.wav", folder);
    snprintf(gaps_path, sizeof gaps_path, "%s/x.wav.gaps", folder);
    RUN(the_file_is_valid_at_any_time_and_lacks_little);
    RUN(gaps_are_listed_and_those_of_an_earlier_recording_are_not);
    RUN(a_run_that_hears_nothing_changes_no_file);
    RUN(past_4_gb_it_is_rf64_and_every_sample_counts);
    RUN(a_full_disk_is_told);
    RUN(what_finds_no_room_at_the_end_is_told);
    unlink(path);
    unlink(gaps_path);
    rmdir(folder);
    return check_done();
}
