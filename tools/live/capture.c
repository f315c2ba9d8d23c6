/* SPDX-License-Identifier: MIT */
#include "tools/live/capture.h"

#include <stdlib.h>

#define RING_SECONDS 4
#define LEAST_BLOCKS 4096 /* least number of calls in the ring of notes */

struct capture *capture_new(uint32_t rate_hz, uint32_t channels)
{
    struct capture *capture = calloc(1, sizeof *capture);
    if (!capture) return NULL;
    capture->rate_hz = rate_hz;
    capture->channels = channels;
    atomic_init(&capture->holders, 2);
    if (ring_make(&capture->frame, (size_t)rate_hz * RING_SECONDS, channels * sizeof(float)) &&
        ring_make(&capture->block, LEAST_BLOCKS, sizeof(struct capture_block)))
        return capture;
    ring_free(&capture->frame);
    ring_free(&capture->block);
    free(capture);
    return NULL;
}

void capture_release(struct capture *capture)
{
    if (!capture || atomic_fetch_sub(&capture->holders, 1) > 1) return;
    ring_free(&capture->frame);
    ring_free(&capture->block);
    free(capture);
}

static void note_most_filled(struct capture *capture)
{
    uint64_t filled = capture->frame.capacity - ring_space(&capture->frame);
    if (filled > atomic_load_explicit(&capture->most_filled, memory_order_relaxed))
        atomic_store_explicit(&capture->most_filled, filled, memory_order_relaxed);
}

int capture_callback(const void *input, void *output, unsigned long n_frame,
                     const PaStreamCallbackTimeInfo *time, PaStreamCallbackFlags flags, void *user)
{
    struct capture *capture = user;
    (void)output;
    if (atomic_load_explicit(&capture->retired, memory_order_relaxed)) return paAbort;
    capture->overflow |= (flags & paInputOverflow) != 0;
    if (!input || ring_space(&capture->frame) < n_frame || ring_space(&capture->block) == 0) {
        capture->lost += n_frame;
    } else {
        const struct capture_block block = {.lost = capture->lost,
                                            .n_frame = (uint32_t)n_frame,
                                            .overflow = capture->overflow,
                                            .at_s = time->inputBufferAdcTime,
                                            .given_s = time->currentTime};
        ring_write(&capture->frame, input, n_frame);
        ring_write(&capture->block, &block, 1);
        capture->lost = 0;
        capture->overflow = false;
    }
    note_most_filled(capture);
    atomic_fetch_add_explicit(&capture->n_call, 1, memory_order_relaxed);
    return paContinue;
}
