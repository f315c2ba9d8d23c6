/* SPDX-License-Identifier: MIT */
/* The worker reads the capture's two rings: notes of blocks, and the frames of these blocks.

     work            repeats steps until the stream is full, is stopped, or fails
     read_block      decides what is missing before the oldest block, and reads the block
     find_lost       finds three kinds of loss: frames that did not fit into the rings (the callback
                     counts them), an overflow that the host reports, and a time stamp later than
                     the line of device_clock.h predicts. A single late stamp may be caused by a
                     busy machine, so later blocks must confirm it; until they come no block is
                     read, unless the ring fills up
     change_capture  continues with the next capture when the device was reopened; the time between
                     the two is a gap

   All times are converted to monotonic time (host_clock.h). Nobody wakes this thread. */
#include "tools/live/worker.h"

#include "tools/live/device_clock.h"
#include "tools/live/host_clock.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { CHUNK_FRAMES = 1024 };

#define LONGEST_EARLY_S 1.0 /* no frame can be earlier than predicted by more than this */

struct worker {
    struct analysis *analysis;
    struct stats *stats;
    pthread_t thread;
    _Atomic(struct capture *) next;
    _Atomic bool stop, ended;
    bool failed;
    struct failure failure;

    struct capture *capture; /* NULL: no capture yet */
    bool begun;              /* a block of this capture was read */
    bool any;                /* a block of any capture was read */
    struct host_clock host;
    struct device_clock clock;
    uint64_t frame;          /* number of the next frame of the capture, lost ones included */
    double end_s;            /* monotonic: end of the last block that was read */
    double next_s;           /* monotonic: when the next block should be here */
    float *x;                /* [CHUNK_FRAMES][channels] */
};

/* ---- lost frames ----------------------------------------------------------------------------- */

/* The least lateness of the oldest block and the later ones up to the next loss. False: more blocks
   are needed to distinguish a late time stamp from a late sample. */
static bool lasting_lateness(const struct worker *w, const struct capture_block *head, bool ending,
                             double *least)
{
    double patience_s = fmax(0.05, 3 * w->clock.period_s);
    size_t n = ring_filled(&w->capture->block);
    uint64_t frame = w->frame + head->lost;
    *least = device_clock_late(&w->clock, frame, head->at_s);
    frame += head->n_frame;
    for (size_t i = 1; i < n; i++) {
        struct capture_block block;
        ring_peek(&w->capture->block, i, &block, 1);
        if (block.overflow) return true;
        frame += block.lost;
        *least = fmin(*least, device_clock_late(&w->clock, frame, block.at_s));
        frame += block.n_frame;
        if (block.at_s - head->at_s > patience_s) return true;
    }
    return ending;
}

/* Counts the frames that are missing before the oldest block. False: not decidable yet. `ending`:
   it must be decided now, since no more blocks come or fit. */
static bool find_lost(const struct worker *w, const struct capture_block *head, bool ending,
                      uint64_t *lost)
{
    double tolerance = device_clock_tolerance(&w->clock), late;
    *lost = head->lost;
    late = device_clock_late(&w->clock, w->frame + head->lost, head->at_s);
    if (!head->overflow && late <= tolerance) return true;
    if (!lasting_lateness(w, head, ending, &late)) return false;
    if (!head->overflow && late <= tolerance) return true;
    double n = floor(late * device_clock_rate(&w->clock) + 0.5);
    *lost += n > 1 ? (uint64_t)n : 1;
    return true;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* A failing device may stamp its last blocks with 0. They are treated as on time. */
static void mend_times(const struct worker *w, struct capture_block *block)
{
    double late = device_clock_late(&w->clock, w->frame + block->lost, block->at_s);
    if (late > -LONGEST_EARLY_S) return;
    block->at_s -= late;
    block->given_s = block->at_s;
}

static bool begin_capture(struct worker *w, const struct capture_block *head)
{
    const struct capture *capture = w->capture;
    double at_s = host_clock_monotonic(&w->host, head->at_s);
    device_clock_start(&w->clock, capture->rate_hz, 0, head->at_s);
    w->frame = 0;
    w->stats->device_ms = 1e3 * capture->device_latency_s;
    w->stats->ring_capacity = capture->frame.capacity;
    return analysis_device(w->analysis, capture->rate_hz, capture->channels,
                           w->any ? at_s - w->end_s : 0, &w->failure);
}

static bool read_frames(struct worker *w, size_t n, double given_s)
{
    while (n > 0) {
        size_t n_part = n < CHUNK_FRAMES ? n : CHUNK_FRAMES;
        ring_peek(&w->capture->frame, 0, w->x, n_part);
        ring_forget(&w->capture->frame, n_part);
        if (!analysis_frames(w->analysis, w->x, n_part, given_s, &w->failure)) return false;
        n -= n_part;
    }
    return true;
}

static void note_block(struct worker *w, const struct capture_block *block)
{
    double hz = w->capture->rate_hz;
    device_clock_learn(&w->clock, w->frame, block->n_frame, block->at_s);
    w->frame += block->n_frame;
    w->end_s = host_clock_monotonic(&w->host, block->at_s + block->n_frame / hz);
    w->next_s = host_clock_monotonic(&w->host, block->given_s + w->clock.period_s);
    w->begun = w->any = true;
    w->stats->device_hz = device_clock_rate(&w->clock);
    if (w->capture->most_filled > w->stats->ring_most)
        w->stats->ring_most = w->capture->most_filled;
}

enum step { STEP_TAKEN, STEP_NOTHING, STEP_FAILED };

static enum step read_block(struct worker *w, bool ending)
{
    struct capture_block block;
    if (ring_filled(&w->capture->block) == 0) return STEP_NOTHING;
    ring_peek(&w->capture->block, 0, &block, 1);
    device_clock_shift(&w->clock, host_clock_note(&w->host, block.given_s));
    if (!w->begun) {
        if (!begin_capture(w, &block)) return STEP_FAILED;
    } else {
        uint64_t lost;
        bool pressed = ring_space(&w->capture->frame) < w->capture->frame.capacity / 2;
        mend_times(w, &block);
        if (!find_lost(w, &block, ending || pressed, &lost)) return STEP_NOTHING;
        if (lost > 0 && !analysis_gap(w->analysis, lost, "overrun", &w->failure))
            return STEP_FAILED;
        w->frame += lost;
    }
    ring_forget(&w->capture->block, 1);
    note_block(w, &block);
    return read_frames(w, block.n_frame, host_clock_monotonic(&w->host, block.given_s))
               ? STEP_TAKEN
               : STEP_FAILED;
}

/* ---- the thread ------------------------------------------------------------------------------ */

static bool change_capture(struct worker *w)
{
    struct capture *next = atomic_exchange(&w->next, NULL);
    capture_release(w->capture);
    free(w->x);
    w->capture = next;
    w->begun = false;
    host_clock_start(&w->host);
    w->x = calloc(CHUNK_FRAMES, next->channels * sizeof(float));
    return w->x || fail_memory(&w->failure);
}

/* The callback must not wake this thread, so it sleeps until the next block is due and then polls.
   Waking up is most of the cost of this program, so it does not poll earlier. */
static void rest(const struct worker *w)
{
    const double margin_s = 0.002, again_s = 0.005, longest_s = 0.025;
    double s = w->next_s + margin_s - monotonic_s();
    s = s > 0 ? fmin(s, longest_s) : again_s;
    const struct timespec time = {.tv_nsec = (long)(s * 1e9)};
    nanosleep(&time, NULL);
}

/* Whether the rest of the wanted audio has passed while there was no device. */
static bool has_passed(const struct worker *w)
{
    return w->any && monotonic_s() - w->end_s >= analysis_left_s(w->analysis);
}

static bool work(struct worker *w)
{
    while (!analysis_is_full(w->analysis)) {
        bool stop = w->stop, retired = w->capture && w->capture->retired;
        enum step step = w->capture ? read_block(w, stop || retired) : STEP_NOTHING;
        if (step == STEP_FAILED) return false;
        if (step == STEP_TAKEN) {
            analysis_flush(w->analysis); /* even if the next block is already there */
            continue;
        }
        bool change = (!w->capture || retired) && w->next;
        if (change && !change_capture(w)) return false;
        if (!change && stop) break;
        if (!change && retired && has_passed(w) &&
            !analysis_rest_is_lost(w->analysis, "device", &w->failure))
            return false;
        if (!change) rest(w);
    }
    return analysis_finish(w->analysis, &w->failure);
}

static void *run(void *context)
{
    struct worker *w = context;
    w->failed = !work(w);
    w->ended = true;
    return NULL;
}

bool worker_start(struct worker **out, struct analysis *analysis, struct stats *stats,
                  struct failure *failure)
{
    struct worker *w = calloc(1, sizeof *w);
    if (!w) return fail_memory(failure);
    w->analysis = analysis;
    w->stats = stats;
    if (pthread_create(&w->thread, NULL, run, w) != 0) {
        free(w);
        return fail(failure, EXIT_INTERNAL, "no thread for the analysis");
    }
    *out = w;
    return true;
}

void worker_capture(struct worker *w, struct capture *capture)
{
    capture_release(atomic_exchange(&w->next, capture));
}

bool worker_has_ended(const struct worker *w)
{
    return w->ended;
}

bool worker_stop(struct worker *w, struct failure *failure)
{
    w->stop = true;
    pthread_join(w->thread, NULL);
    bool good = !w->failed;
    if (!good) *failure = w->failure;
    capture_release(w->next);
    capture_release(w->capture);
    free(w->x);
    free(w);
    return good;
}
