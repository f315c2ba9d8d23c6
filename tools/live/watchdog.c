/* SPDX-License-Identifier: MIT */
#include "tools/live/watchdog.h"

#include "tools/live/device_thread.h"
#include "tools/live/host_clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SILENCE_S 0.5      /* without a callback: the device is dead */
#define CLOSING_S 2.0      /* the longest wait for closing a dead stream */
#define LEAVING_S 0.5      /* the same at the end of the run */
#define FIRST_PAUSE_S 0.1  /* between two attempts to open, doubled each time */
#define LONGEST_PAUSE_S 5.0
#define LONGEST_LOOK_S 0.2 /* the most that one look counts: the process was held up */

struct watchdog {
    struct watchdog_options options;
    struct device_thread *thread; /* the current attempt; NULL: none */
    double thread_began_s;
    struct capture *capture;      /* open; NULL: none */
    struct capture *dead;         /* to be closed by the next attempt */
    char name[256];               /* of the device; "": none has been open yet */
    bool lost;                    /* the loss of the device was reported */
    bool replaced;                /* by another one */
    bool abandoned;               /* PortAudio still has a stream that hangs */
    double pause_s, next_try_s;
    uint64_t n_call;
    double looked_s, silent_s;
};

static bool try(struct watchdog *w, struct failure *failure)
{
    struct device_thread wanted = {.close = w->dead,
                                   .initialize = !w->name[0],
                                   .open = true,
                                   .by_name = w->name[0] != 0,
                                   .fallback = w->options.fallback && w->name[0],
                                   .list_again = w->name[0] && !w->abandoned,
                                   .rate_hz = w->options.rate_hz,
                                   .latency_s = w->options.latency_s};
    const char *name = w->name[0] ? w->name : w->options.device ? w->options.device : "";
    snprintf(wanted.wanted, sizeof wanted.wanted, "%s", name);
    w->thread = device_thread_start(&wanted);
    w->thread_began_s = monotonic_s();
    w->dead = NULL;
    return w->thread || fail(failure, EXIT_INTERNAL, "no thread for the device");
}

bool watchdog_start(struct watchdog **out, const struct watchdog_options *options,
                    struct failure *failure)
{
    struct watchdog *w = calloc(1, sizeof *w);
    if (!w) return fail_memory(failure);
    w->options = *options;
    w->pause_s = FIRST_PAUSE_S;
    w->looked_s = monotonic_s();
    if (!try(w, failure)) {
        free(w);
        return false;
    }
    *out = w;
    return true;
}

static void take(struct watchdog *w)
{
    struct device_thread *thread = w->thread;
    bool first = !w->name[0];
    w->replaced = !first && strcmp(w->name, thread->name) != 0;
    w->capture = thread->capture;
    memcpy(w->name, thread->name, sizeof w->name);
    free(thread);
    w->thread = NULL;
    w->n_call = 0;
    w->silent_s = 0;
    if (first || w->replaced)
        messages_note(w->options.messages, "listening to \"%s\", %u Hz, %u channel%s", w->name,
                      w->capture->rate_hz, w->capture->channels,
                      w->capture->channels == 1 ? "" : "s");
    worker_capture(w->options.worker, w->capture);
}

static bool look_at_thread(struct watchdog *w, struct failure *failure)
{
    double now = monotonic_s();
    int state = w->thread->state;
    if (state == DEVICE_CLOSING && now - w->thread_began_s > CLOSING_S &&
        device_thread_abandon(w->thread)) {
        w->thread = NULL;
        w->abandoned = true;
        return true;
    }
    if (state == DEVICE_OPEN) take(w);
    if (state != DEVICE_FAILED) return true;
    if (!w->name[0]) {
        *failure = w->thread->failure;
        return false;
    }
    free(w->thread);
    w->thread = NULL;
    w->next_try_s = now + w->pause_s;
    w->pause_s = fmin(2 * w->pause_s, LONGEST_PAUSE_S);
    return true;
}

/* The worker still reads what is in the rings. */
static bool give_up(struct watchdog *w, struct failure *failure)
{
    w->capture->retired = true;
    w->dead = w->capture;
    w->capture = NULL;
    w->next_try_s = monotonic_s() + (w->lost ? w->pause_s : 0);
    if (w->lost) w->pause_s = fmin(2 * w->pause_s, LONGEST_PAUSE_S);
    if (w->options.once)
        return fail(failure, EXIT_DEVICE, "\"%s\" no longer delivers sound", w->name);
    if (!w->lost)
        messages_warn(w->options.messages, "\"%s\" no longer delivers sound; reopening it",
                      w->name);
    w->lost = true;
    return true;
}

static bool look_at_capture(struct watchdog *w, double passed_s, struct failure *failure)
{
    uint64_t n_call = w->capture->n_call;
    if (n_call == w->n_call) {
        w->silent_s += passed_s;
        return w->silent_s < SILENCE_S || give_up(w, failure);
    }
    w->n_call = n_call;
    w->silent_s = 0;
    w->pause_s = FIRST_PAUSE_S;
    if (w->lost) {
        w->options.stats->n_reopen++;
        if (!w->replaced) messages_note(w->options.messages, "\"%s\" is back", w->name);
    }
    w->lost = false;
    return true;
}

bool watchdog_look(struct watchdog *w, struct failure *failure)
{
    double now = monotonic_s(), passed_s = fmin(now - w->looked_s, LONGEST_LOOK_S);
    w->looked_s = now;
    if (w->capture) return look_at_capture(w, passed_s, failure);
    if (w->thread) return look_at_thread(w, failure);
    return now < w->next_try_s || try(w, failure);
}

const char *watchdog_device(const struct watchdog *w)
{
    return w->capture && !w->lost ? w->name : "";
}

void watchdog_end(struct watchdog *w)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    const struct device_thread wanted = {.close = w->capture ? w->capture : w->dead};
    if (!wanted.close) return;
    wanted.close->retired = true;
    struct device_thread *thread = device_thread_start(&wanted);
    double until_s = monotonic_s() + LEAVING_S;
    while (thread && thread->state != DEVICE_OPEN && monotonic_s() < until_s)
        nanosleep(&moment, NULL);
}
