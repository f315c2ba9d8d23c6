/* SPDX-License-Identifier: MIT */
#include "tools/live/device_thread.h"

#include "tools/live/device.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* PortAudio's list of streams has no lock, so a thread that was abandoned must not touch it while
   the next one opens a stream: the first change of the state decides. */
static bool close_stream(struct device_thread *thread)
{
    int closing = DEVICE_CLOSING;
    PaStream *stream = thread->close->stream;
    Pa_AbortStream(stream);
    if (!atomic_compare_exchange_strong(&thread->state, &closing, DEVICE_OPENING)) return false;
    Pa_CloseStream(stream);
    capture_release(thread->close);
    return true;
}

static bool find_and_open(struct device_thread *thread, const char *wanted,
                          struct failure *failure)
{
    PaDeviceIndex device;
    if (!thread->by_name || !wanted) {
        if (!device_find(wanted, &device, failure)) return false;
    } else if (!device_named(wanted, &device)) {
        return fail(failure, EXIT_DEVICE, "%s: the device does not exist", wanted);
    }
    snprintf(thread->name, sizeof thread->name, "%s", device_name(device));
    return device_open(device, thread->rate_hz, thread->latency_s, &thread->capture, failure);
}

static bool open_device(struct device_thread *thread)
{
    struct failure second;
    if (thread->initialize && !device_initialize(&thread->failure)) return false;
    const char *wanted = thread->wanted[0] ? thread->wanted : NULL;
    if (thread->list_again && (find_and_open(thread, wanted, &second) ||
                               !device_list_again(&thread->failure)))
        return thread->capture != NULL;
    return find_and_open(thread, wanted, &thread->failure) ||
           (thread->fallback && find_and_open(thread, NULL, &second));
}

static void *run(void *context)
{
    struct device_thread *thread = context;
    if (thread->close && !close_stream(thread)) return NULL;
    bool good = !thread->open || open_device(thread);
    thread->state = good ? DEVICE_OPEN : DEVICE_FAILED;
    return NULL;
}

struct device_thread *device_thread_start(const struct device_thread *wanted)
{
    pthread_t id;
    struct device_thread *thread = malloc(sizeof *thread);
    if (!thread) return NULL;
    *thread = *wanted;
    thread->state = thread->close ? DEVICE_CLOSING : DEVICE_OPENING;
    if (pthread_create(&id, NULL, run, thread) != 0) {
        free(thread);
        return NULL;
    }
    pthread_detach(id);
    return thread;
}

bool device_thread_abandon(struct device_thread *thread)
{
    int closing = DEVICE_CLOSING;
    return atomic_compare_exchange_strong(&thread->state, &closing, DEVICE_ABANDONED);
}
