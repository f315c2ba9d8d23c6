/* SPDX-License-Identifier: MIT */
/* One try to have a device, on a thread of its own, since each step may never return: give up the
   stream before, start PortAudio, find the device, open it. */
#ifndef VOQ_TOOLS_DEVICE_THREAD_H
#define VOQ_TOOLS_DEVICE_THREAD_H

#include "tools/base/failure.h"
#include "tools/live/capture.h"

#include <stddef.h>

enum device_thread_state {
    DEVICE_CLOSING,  /* giving up the stream before */
    DEVICE_OPENING,
    DEVICE_OPEN,     /* `capture` and `name` hold */
    DEVICE_FAILED,   /* `failure` holds */
    DEVICE_ABANDONED /* by the other side, while closing */
};

struct device_thread {
    /* what is wanted */
    struct capture *close; /* the stream before, or NULL */
    bool initialize;       /* PortAudio first */
    bool open;             /* false: only close */
    bool by_name;          /* `wanted` is a name, else as in device_find */
    bool fallback;         /* the default device if it cannot be had */
    bool list_again;       /* before giving up; no stream was abandoned */
    char wanted[256];      /* "": the default */
    uint32_t rate_hz;
    double latency_s;
    /* what came of it */
    _Atomic int state;
    struct capture *capture;
    char name[256];
    struct failure failure;
};

/* Starts a copy of *wanted; NULL: no thread. Free it once its state is OPEN or FAILED. */
struct device_thread *device_thread_start(const struct device_thread *wanted);

/* While CLOSING: nobody waits any more, the old stream is left as it is; true. False: it has gone
   on in this moment. */
bool device_thread_abandon(struct device_thread *thread);

#endif
