/* SPDX-License-Identifier: MIT */
/* What a device gives, from its callback into two rings: the frames, and a note of every call. One
   capture is one open stream; a device that is opened anew gets a new capture, so that a stream
   that was given up and comes back late writes where nobody reads. */
#ifndef VOQ_TOOLS_CAPTURE_H
#define VOQ_TOOLS_CAPTURE_H

#include "tools/live/ring.h"

#include <portaudio.h>
#include <stdint.h>

/* A call of the callback. Times are seconds of the host API's clock, whichever that is. */
struct capture_block {
    uint64_t lost;    /* frames that found the rings full before this block */
    uint32_t n_frame; /* frames in the ring */
    bool overflow;    /* PortAudio: frames were lost before this block, it does not say how many */
    double at_s;      /* when the first frame was sampled */
    double given_s;   /* when the block was given */
};

struct capture {
    struct ring block; /* struct capture_block */
    struct ring frame; /* float [channels] */
    uint32_t rate_hz, channels;
    PaStream *stream;
    double device_latency_s; /* by PortAudio: how long a sample may wait in the device's buffer */

    /* The callback's own. */
    uint64_t lost;
    bool overflow;

    _Atomic uint64_t n_call;
    _Atomic uint64_t most_filled; /* frames: the ring's high-water mark */
    _Atomic bool retired;         /* given up: the callback ends the stream */
    _Atomic int holders;          /* the last one to release it frees it */
};

/* Rings for four seconds, nothing opened; two holders: whoever reads it and whoever closes the
   stream. NULL: no memory. */
struct capture *capture_new(uint32_t rate_hz, uint32_t channels);
void capture_release(struct capture *capture);

/* A PaStreamCallback; `capture` is its user data. It copies and counts: no lock, no memory, no
   system call, no clock. */
int capture_callback(const void *input, void *output, unsigned long n_frame,
                     const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                     void *capture);

#endif
