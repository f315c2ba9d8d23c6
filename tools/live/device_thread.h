/* SPDX-License-Identifier: MIT */
/* One attempt to open a device, in its own thread, since each step may hang: close the previous
   stream, start PortAudio, find the device, open it. */
#ifndef VOQ_TOOLS_DEVICE_THREAD_H
#define VOQ_TOOLS_DEVICE_THREAD_H

#include "tools/base/failure.h"
#include "tools/live/capture.h"

#include <stddef.h>

enum device_thread_state {
    DEVICE_CLOSING,  /* closing the previous stream */
    DEVICE_OPENING,
    DEVICE_OPEN,     /* `capture` and `name` are set */
    DEVICE_FAILED,   /* `failure` is set */
    DEVICE_ABANDONED /* by the caller, while closing */
};

struct device_thread {
    /* request */
    struct capture *close; /* the previous stream, or NULL */
    bool initialize;       /* start PortAudio first */
    bool open;             /* false: only close */
    bool by_name;          /* `wanted` is a name, else as in device_find */
    bool fallback;         /* the default device if `wanted` cannot be opened */
    bool list_again;       /* before failing; only if no stream was abandoned */
    char wanted[256];      /* "": the default */
    uint32_t rate_hz;
    double latency_s;
    /* result */
    _Atomic int state;
    struct capture *capture;
    char name[256];
    struct failure failure;
};

/* Starts a copy of *wanted; NULL: no thread. The caller frees it once its state is OPEN or FAILED.
   */
struct device_thread *device_thread_start(const struct device_thread *wanted);

/* Abandons a thread that is still CLOSING, with its old stream, and returns true. False: the thread
   has just got past closing. */
bool device_thread_abandon(struct device_thread *thread);

#endif
