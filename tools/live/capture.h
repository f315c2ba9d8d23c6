/* SPDX-License-Identifier: MIT */
/* The callback of a device writes into two rings: the frames, and a note per call. Each open stream
   has its own capture, so that an abandoned stream that wakes up late writes where nobody reads. */
#ifndef VOQ_TOOLS_CAPTURE_H
#define VOQ_TOOLS_CAPTURE_H

#include "tools/live/ring.h"

#include <portaudio.h>
#include <stdint.h>

/* One call of the callback. Times are in seconds of the host API's own clock. */
struct capture_block {
    uint64_t lost;    /* frames that found the rings full before this block */
    uint32_t n_frame; /* frames in the ring */
    bool overflow;    /* PortAudio: an unknown number of frames was lost before this block */
    double at_s;      /* when the first frame was sampled */
    double given_s;   /* when the block was delivered */
};

struct capture {
    struct ring block; /* struct capture_block */
    struct ring frame; /* float [channels] */
    uint32_t rate_hz, channels;
    PaStream *stream;
    double device_latency_s; /* from PortAudio: the longest wait in the device's buffer */

    /* Used only by the callback. */
    uint64_t lost;
    bool overflow;

    _Atomic uint64_t n_call;
    _Atomic uint64_t most_filled; /* frames: the ring's high-water mark */
    _Atomic bool retired;         /* abandoned: the callback ends the stream */
    _Atomic int holders;          /* the last one to release it frees it */
};

/* Makes rings for four seconds without opening a stream. It has two holders: the reader, and the
   thread that closes the stream. NULL: no memory. */
struct capture *capture_new(uint32_t rate_hz, uint32_t channels);
void capture_release(struct capture *capture);

/* A PaStreamCallback whose user data is `capture`. It only copies and counts: no lock, no
   allocation, no system call, no clock. */
int capture_callback(const void *input, void *output, unsigned long n_frame,
                     const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags,
                     void *capture);

#endif
