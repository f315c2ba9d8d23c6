/* SPDX-License-Identifier: MIT */
/* Samples to windows: where each window is placed, how the signal is padded, and how many frames a
   signal of n samples has, so far and in all. */
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

/* Return how many windows are complete after n samples, and how many frames a signal of n samples
   has. */
uint64_t voq_grid_frames_so_far(const struct grid *grid, uint64_t n_sample);
uint64_t voq_grid_frames_in_all(const struct grid *grid, uint64_t n_sample);

/* Returns how many samples after the end of its own hop a frame needs, at least 0. */
uint32_t voq_grid_look_ahead(const struct grid *grid);

/* Samples not read yet: floats, or int16 that count as x/32768. */
struct samples {
    const float *x;
    const int16_t *x_i16; /* where x is NULL */
    size_t n;
};

/* One run of samples without gaps, cut into windows. The buffer holds the padded signal from a
   little before the next window on. */
struct framing {
    struct grid grid;
    float *buffer;
    size_t capacity, n_buffered;
    int64_t start;     /* sample number of buffer[0] */
    int64_t next;      /* sample number where the next window starts */
    uint64_t n_sample; /* real samples so far */
    uint64_t n_frame;  /* windows dropped so far */
    uint64_t n_bad;    /* samples that were not finite and count as 0; over all runs */
    bool lead_filled;
};

/* Lays out the buffer: at least `block` windows fit at a time. */
void voq_framing_place(struct framing *framing, const struct grid *grid, size_t block,
                       struct arena *arena);
void voq_framing_reset(struct framing *framing);

/* Drops n samples from the front of *in, which belong to no window, and counts bad ones. */
void voq_framing_skip(struct framing *framing, struct samples *in, size_t n);

/* Takes as many samples from the front of *in as fit into the buffer. */
void voq_framing_take(struct framing *framing, struct samples *in);

/* Call after the last sample. Appends the padding that the last windows need. */
void voq_framing_end(struct framing *framing);

/* Returns up to n_max whole windows as pointers into the buffer, which are valid until
   voq_framing_drop removes the windows. */
size_t voq_framing_windows(struct framing *framing, const float **window, size_t n_max);
void voq_framing_drop(struct framing *framing, size_t n_window);

#endif
