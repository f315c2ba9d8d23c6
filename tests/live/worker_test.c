/* SPDX-License-Identifier: MIT */
/* From the callback to the units, without a device: a thread plays one, and says what time it is.
   Every sample is analysed once, and what is missing is a gap of the right place and length. */
#include "tests/support/check.h"
#include "tests/support/models.h"

#include "tools/live/host_clock.h"
#include "tools/live/worker.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

enum { RATE = 16000, BLOCK = 160 };

static char folder[] = "/tmp/voq-worker-XXXXXX";
static char path[64];

struct bench {
    voq_model *model;
    struct stats *stats;
    struct live_output *output;
    struct record *record;
    struct analysis *analysis;
    struct worker *worker;
    struct failure failure;
    double began_s;
};

static bool set_up(struct bench *b)
{
    struct recipe recipe = small_recipe();
    *b = (struct bench){.model = model_of(&recipe), .stats = calloc(1, sizeof *b->stats)};
    voq_info info = info_of(b->model);
    struct live_output_options how = {.name = "mic", .facts = {.n_code = info.n_code}};
    how.facts.n_codebook = info.n_codebook;
    if (!b->stats || !live_output_open(&b->output, &how, &b->failure) ||
        !record_open(&b->record, path, RATE, &b->failure))
        return false;
    const struct analysis_options options = {.model = b->model,
                                             .most_samples = UINT64_MAX,
                                             .record = b->record,
                                             .output = b->output,
                                             .stats = b->stats};
    b->analysis = analysis_new(&options, &b->failure);
    b->began_s = wall_s();
    return b->analysis && worker_start(&b->worker, b->analysis, b->stats, &b->failure);
}

/* The end of the audio: what is in the rings is read. */
static bool finish(struct bench *b)
{
    bool good = worker_stop(b->worker, &b->failure);
    good = live_output_close(b->output, &b->failure) && good;
    return record_close(b->record, &b->failure) && good;
}

static void tear_down(struct bench *b)
{
    analysis_free(b->analysis);
    voq_model_close(b->model);
    free(b->stats);
}

static struct capture *device(struct bench *b)
{
    struct capture *capture = capture_new(RATE, 1);
    worker_capture(b->worker, capture);
    return capture;
}

/* Plays frames first .. first+n, whose value is their number / 2^20; stamped late_s after their
   time. */
static void play(struct bench *b, struct capture *capture, uint64_t first, uint64_t n,
                 PaStreamCallbackFlags flags, double late_s, bool wait)
{
    float x[BLOCK];
    for (uint64_t i = first; i < first + n; i += BLOCK, flags = 0) {
        const PaStreamCallbackTimeInfo time = {
            .inputBufferAdcTime = b->began_s + (double)i / RATE + late_s,
            .currentTime = b->began_s + (double)(i + BLOCK) / RATE + late_s};
        for (uint64_t k = 0; k < BLOCK; k++) x[k] = (float)(i + k) / 1048576;
        while (wait && ring_space(&capture->frame) < 4 * BLOCK) sched_yield();
        capture_callback(x, NULL, BLOCK, &time, flags, capture);
    }
}

/* Until the worker has taken every block; Meson ends what takes for ever. */
static void wait_until_read(const struct capture *capture)
{
    while (ring_filled(&capture->block) > 0) usleep(1000);
}

static size_t read_recording(float **x)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) return 0;
    size_t n = ((size_t)ftell(file) - RECORD_HEADER_BYTES) / 4;
    *x = malloc(n * 4 + 1);
    if (fseek(file, RECORD_HEADER_BYTES, SEEK_SET) != 0 || fread(*x, 4, n, file) != n) n = 0;
    fclose(file);
    return n;
}

/* Frames of the recording whose neighbour before is not the frame before, and the last one. */
static size_t count_jumps(size_t *n, size_t *place, uint64_t *missing)
{
    float *x = NULL;
    size_t n_jump = 0;
    *n = read_recording(&x);
    for (size_t i = 1; i < *n; i++) {
        uint64_t step = (uint64_t)((x[i] - x[i - 1]) * 1048576 + 0.5f);
        if (step == 1) continue;
        n_jump++;
        *place = i;
        *missing = step - 1;
    }
    free(x);
    return n_jump;
}

static void a_minute_passes_whole(void)
{
    struct bench b;
    size_t n, place;
    uint64_t missing;
    CHECK(set_up(&b));
    struct capture *capture = device(&b);
    play(&b, capture, 0, 60 * RATE, 0, 0, true);
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_sample, 60 * RATE);
    CHECK_EQ(b.stats->n_gap, 0);
    CHECK_EQ(count_jumps(&n, &place, &missing), 0);
    CHECK_EQ(n, 60 * RATE);
    capture_release(capture);
    tear_down(&b);
}

/* Nobody waits for room: frames are lost, and counted to the last one. */
static void a_worker_that_is_too_slow_knows_exactly_what_it_missed(void)
{
    struct bench b;
    size_t n, place;
    uint64_t missing;
    CHECK(set_up(&b));
    struct capture *capture = capture_new(RATE, 1);
    play(&b, capture, 0, 6 * RATE, 0, 0, false);
    size_t n_kept = ring_filled(&capture->frame);
    worker_capture(b.worker, capture);
    wait_until_read(capture);
    play(&b, capture, 6 * RATE, RATE, 0, 0, false);
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_gap, 1);
    CHECK_EQ(b.stats->n_overrun, 1);
    CHECK_EQ(b.stats->lost, 6 * RATE - n_kept);
    CHECK_EQ(count_jumps(&n, &place, &missing), 1);
    CHECK_EQ(place, n_kept);
    CHECK_EQ(missing, 6 * RATE - n_kept);
    capture_release(capture);
    tear_down(&b);
}

static void an_overflow_is_measured_by_its_time_stamps(void)
{
    struct bench b;
    size_t n, place;
    uint64_t missing;
    CHECK(set_up(&b));
    struct capture *capture = device(&b);
    play(&b, capture, 0, RATE, 0, 0, true);
    play(&b, capture, RATE + 1600, RATE, paInputOverflow, 0, true);
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_gap, 1);
    CHECK(b.stats->lost >= 1599 && b.stats->lost <= 1601);
    CHECK_EQ(count_jumps(&n, &place, &missing), 1);
    CHECK_EQ(place, RATE);
    capture_release(capture);
    tear_down(&b);
}

static void a_stamp_that_is_late_alone_is_no_gap(void)
{
    struct bench b;
    CHECK(set_up(&b));
    struct capture *capture = device(&b);
    play(&b, capture, 0, RATE, 0, 0, true);
    play(&b, capture, RATE, 2 * BLOCK, 0, 0.2, true);
    play(&b, capture, RATE + 2 * BLOCK, RATE, 0, 0, true);
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_gap, 0);
    capture_release(capture);
    tear_down(&b);
}

/* A period so long that the ring is full before the step can be confirmed must not stop the worker
   for ever. */
static void a_step_is_decided_before_the_ring_is_full(void)
{
    struct bench b;
    CHECK(set_up(&b));
    struct capture *capture = device(&b);
    play(&b, capture, 0, RATE, 0, 0, true);
    wait_until_read(capture);
    for (uint64_t i = 0; i < 6 * RATE; i += BLOCK) {
        double late_s = 0.3 - (double)i / RATE; /* all of it stamped within a moment */
        play(&b, capture, RATE + i, BLOCK, 0, late_s, true);
    }
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_sample, 7 * RATE);
    capture_release(capture);
    tear_down(&b);
}

static void a_device_opened_anew_goes_on_behind_a_gap(void)
{
    struct bench b;
    CHECK(set_up(&b));
    struct capture *first = device(&b), *second = NULL;
    play(&b, first, 0, RATE, 0, 0, true);
    wait_until_read(first);
    first->retired = true;
    second = device(&b);
    play(&b, second, 2 * RATE, RATE, 0, 0, true);
    CHECK(finish(&b));
    CHECK_EQ(b.stats->n_gap, 1);
    CHECK_EQ(b.stats->n_overrun, 0);
    CHECK(b.stats->lost >= RATE - 2 && b.stats->lost <= RATE + 2);
    CHECK_EQ(b.stats->n_sample, 2 * RATE);
    capture_release(first);
    capture_release(second);
    tear_down(&b);
}

/* The ring is full, something was dropped, and the thread that writes was never told. */
static void what_was_not_flushed_is_written_at_the_end(void)
{
    struct live_output *output;
    struct failure failure;
    const struct live_output_options how = {.name = "mic", .facts = {.n_code = 2, .n_codebook = 1}};
    const uint32_t id = 1;
    CHECK(live_output_open(&output, &how, &failure));
    for (int i = 0; i < 5000; i++) live_output_unit(output, &id, 0);
    for (int i = 0; i < 100; i++) {
        live_output_gap(output, 1, 160, "overrun", 0);
        live_output_unit(output, &id, 0);
    }
    CHECK(live_output_dropped(output) > 0);
    alarm(30);
    CHECK(live_output_close(output, &failure));
    alarm(0);
}

int main(void)
{
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/x.wav", folder);
    RUN(a_minute_passes_whole);
    RUN(a_worker_that_is_too_slow_knows_exactly_what_it_missed);
    RUN(an_overflow_is_measured_by_its_time_stamps);
    RUN(a_stamp_that_is_late_alone_is_no_gap);
    RUN(a_step_is_decided_before_the_ring_is_full);
    RUN(a_device_opened_anew_goes_on_behind_a_gap);
    RUN(what_was_not_flushed_is_written_at_the_end);
    char gaps[80];
    snprintf(gaps, sizeof gaps, "%s.gaps", path);
    unlink(gaps);
    unlink(path);
    rmdir(folder);
    return check_done();
}
