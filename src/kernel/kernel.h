/* SPDX-License-Identifier: MIT */
/* The inner loops, compiled once per instruction set from one template each. Shared with training.
   They take floats and sizes and know nothing about models or streams. All variants compute the
   same bits.

   Front-end kernels work on a group of frames, one per lane: an array "[n][lane]" holds value n of
   every frame side by side. Buffers in that layout are aligned to 32 bytes. */
#ifndef VOQ_KERNEL_H
#define VOQ_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_LANES = 16, CODE_GROUP = 32, ROW_GROUP = 16 };

/* How samples become a windowed frame. */
struct frame_spec {
    const float *window; /* [n_window] */
    size_t n_window, n_fft;
    float scale, preemphasis;
    bool remove_dc;
};

/* Mel filters as runs of neighbouring bins: filter m sums weight[k] * power[first[m] + k]. */
struct mel_spec {
    size_t n_mel;
    const uint32_t *first, *count; /* [n_mel] */
    const float *weight;           /* the runs one after another */
};

struct encoder_kernel;
struct screen_kernel;

/* x becomes max(log(max(x, floor)) * scale, lowest), with adds_floor the log of x + floor. */
struct log_spec {
    float floor; /* a normal number above 0 */
    bool adds_floor;
    float scale, lowest;
};

struct kernel {
    const char *name;
    size_t lanes;
    const struct encoder_kernel *encoder; /* encoder_kernel.h */
    const struct screen_kernel *screen;   /* screen_kernel.h; NULL where it would not be faster */
    const struct kernel *alone;           /* the table with the kernels for one frame */

    /* Frames to lanes: scale, DC removal, pre-emphasis, window, zeros to n_fft.
       frame[i] points at n_window samples; lanes past n_frame repeat the first. x[n_fft][lane].
       energy_raw[lane] before pre-emphasis and window, energy_windowed[lane] after: sums of
       squares; NULL for energy_raw: neither. */
    void (*frames)(const struct frame_spec *spec, const float *const *frame, size_t n_frame,
                   float *x, float *energy_raw, float *energy_windowed);

    /* A plan of the real FFT holds tables and scratch; it is placed in memory aligned to 32 bytes
       and used by one thread at a time. n has factors 2, 3, 5 and is even. */
    size_t (*fft_plan_size)(size_t n);
    void (*fft_plan_place)(void *plan, size_t size, size_t n);

    /* power[n/2+1][lane] of the bins of x[n][lane], re^2 + im^2; with `magnitude` its square root.
       scratch[n/2+1][2][lane]. x, scratch and power do not overlap, but power may be x. */
    void (*power)(void *plan, const float *x, bool magnitude, float *scratch, float *power);

    /* The same for one frame, x[n_fft] and power[n/2+1], in tables of four lanes. The plan is one
       of the scalar table; scratch[2 * n]. */
    void (*frame_alone)(const struct frame_spec *spec, const float *frame, float *x,
                        float *energy_raw, float *energy_windowed);
    void (*power_alone)(void *plan, const float *x, bool magnitude, float *scratch, float *power);

    void (*mel)(const struct mel_spec *spec, const float *power, float *mel); /* mel[n_mel][lane] */

    /* The logarithm of x[n][lane], which is 0 or more with adds_floor, in place. NaN and infinity
       become NaN. */
    void (*log)(float *x, size_t n, const struct log_spec *spec);

    /* y[n_row][lane] = matrix[n_row][n_column] * x[n_column][lane] */
    void (*matrix)(const float *matrix, size_t n_row, size_t n_column, const float *x, float *y);

    /* y[n_row] = bias[n_row] + matrix * x[n_column]; lanes are rows. The matrix is packed as
       [row group of ROW_GROUP][n_column][row in group], bias and y have whole groups. */
    void (*affine)(const float *packed, const float *bias, size_t n_group, size_t n_column,
                   const float *x, float *y);

    /* Nearest codewords, lanes are codewords: the smallest of half_norm[k] - x.c[k], d ascending,
       lowest k among equals. packed is [code group of CODE_GROUP][dim][code in group], half_norm
       has whole groups, infinity in the padding. x[n_frame][dim] and codewords are centred.
       score[n_frame]: the winner's, infinite or NaN if none is finite. */
    void (*nearest)(const float *packed, const float *half_norm, size_t n_group, size_t dim,
                    const float *x, size_t n_frame, uint32_t *id, float *score);
};

/* The table for an instruction set (enum voq_cpu's numbers); NULL if it is not compiled in or this
   machine lacks it. 0 is the best that it has. */
const struct kernel *voq_kernel_for(int cpu);

/* Copies that table and puts faster kernels of this machine in their places: the encoder's, and for
   0 each one that measured faster in another table. False where there is no such table. */
bool voq_kernel_choose(int cpu, struct kernel *kernel);

extern const struct kernel voq_kernel_scalar;

#endif
