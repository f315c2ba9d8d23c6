/* SPDX-License-Identifier: MIT */
/* Samples to windows: where each window lies, what stands outside the signal, and how many frames
   a signal of n samples has, so far and in all. */
#ifndef VOQ_FRAMING_H
#define VOQ_FRAMING_H

#include "src/base/arena.h"

#include "voq.h"

#include <stdbool.h>

/* The frame grid of a front end. Window i covers samples [i*hop - lead, i*hop - lead + window). */
struct grid {
    uint32_t kind; /* enum voq_grid */
    int64_t window, hop, lead;
};

struct grid voq_grid_of(const voq_frontend *frontend);

/* Frames whose windows are all there after n samples, and frames when the signal ends there. */
uint64_t voq_grid_frames_so_far(const struct grid *grid, uint64_t n_sample);
uint64_t voq_grid_frames_in_all(const struct grid *grid, uint64_t n_sample);

/* Samples beyond the end of its own hop that a frame needs, at least 0. */
uint32_t voq_grid_look_ahead(const struct grid *grid);

/* Samples on their way in: floats, or int16 that count as x/32768. */
struct samples {
    const float *x;
    const int16_t *x_i16; /* where x is NULL */
    size_t n;
};

/* One run of samples without gaps, cut into windows. The buffer holds the samples from a little
   before the next window on, with those that the grid makes up before and behind the signal. */
struct framing {
    struct grid grid;
    float *buffer;
    size_t capacity, n_buffered;
    int64_t start;     /* sample number of buffer[0] */
    int64_t next;      /* sample number where the next window starts */
    uint64_t n_sample; /* real samples so far */
    uint64_t n_frame;  /* windows given so far */
    uint64_t n_bad;    /* of them not finite, counted as 0; over all runs */
    bool lead_filled;
};

/* Lays out the buffer: at least `block` windows fit at a time. */
void voq_framing_place(struct framing *framing, const struct grid *grid, size_t block,
                       struct arena *arena);
void voq_framing_reset(struct framing *framing);

/* Drops n samples from the front of *in, which belong to no window; bad ones count. */
void voq_framing_skip(struct framing *framing, struct samples *in, size_t n);

/* Takes from the front of *in what fits, at most all. */
void voq_framing_take(struct framing *framing, struct samples *in);

/* After the last sample: makes up the samples that the last windows need. */
void voq_framing_end(struct framing *framing);

/* Gives up to n_max whole windows as pointers into the buffer, valid until voq_framing_drop, which
   lets go of them. */
size_t voq_framing_windows(struct framing *framing, const float **window, size_t n_max);
void voq_framing_drop(struct framing *framing, size_t n_window);

#endif
