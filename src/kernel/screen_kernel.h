/* SPDX-License-Identifier: MIT */
/* The screen of the search: scores of all codewords in integers, which leave few codewords for the
   definition in float. src/quantize/README.md proves that the nearest one is among them. */
#ifndef VOQ_SCREEN_KERNEL_H
#define VOQ_SCREEN_KERNEL_H

#include "src/kernel/kernel.h"

/* Vectors are padded with zeros to a multiple of SCREEN_PAD. In steps, the norm of a vector or
   codeword is at most SCREEN_NORM. */
enum { SCREEN_PAD = 16, SCREEN_NORM = 32767, SCREEN_LEAST_LANES = 4 };
#define SCREEN_WIDTH(dim) (((size_t)(dim) + SCREEN_PAD - 1) / SCREEN_PAD * SCREEN_PAD)

/* One codebook, centred and rounded to whole steps. */
struct screen {
    const int16_t *packed; /* negated: [n_group][n_pair of dimensions][CODE_GROUP][2] */
    const int32_t *start;  /* [n_group*CODE_GROUP]: half_norm, in squared steps; else INT32_MAX */
    size_t n_code, n_group, n_pair;
    size_t width;   /* of a padded vector */
    float per_step; /* 1/step, a power of two */
    int place_bits; /* the low bits of a score in which its place is kept */
    int32_t margin; /* a codeword this far above the least score is not the nearest */
};

/* Rounded vectors, and those of them that are searched. */
struct rounded {
    const int16_t *x;
    size_t stride;
    const int32_t *shift; /* a step of a vector is 2^shift steps; -1: it is not screened */
    const uint32_t *row;  /* [n]: vector i begins at x + row[i]*stride and has shift[row[i]] */
    size_t n;
};

/* The codewords that may be nearest, in any order. n is 0 if the screen cannot tell: the vector is
   not screened, or too many are left. */
struct survivors {
    uint32_t n, id[MAX_LANES];
    int32_t least; /* score in steps of codeword times vector; INT32_MIN: unknown */
};

/* The screen of an instruction set. */
struct screen_kernel {
    const char *name;
    size_t lanes;

    /* Rounds x[n][width] in place: each row becomes `width` 16-bit numbers at its start. */
    void (*round)(const struct screen *screen, float *x, size_t n, int32_t *shift);

    void (*search)(const struct screen *screen, const struct rounded *rounded,
                   struct survivors *survivors);
};

extern const struct screen_kernel voq_screen_sse2, voq_screen_avx2, voq_screen_vnni;

#endif
