/* SPDX-License-Identifier: MIT */
/* Log mel energies of an utterance as ink, by the library's own features. */
#ifndef VOQ_TOOLS_SPECTROGRAM_H
#define VOQ_TOOLS_SPECTROGRAM_H

#include "tools/eval/samples.h"
#include "voq.h"

#include <stdio.h>

enum { SPECTROGRAM_RATE = 16000, SPECTROGRAM_HOP = 160 };

struct spectrogram {
    unsigned char *ink; /* [n_column][n_mel] as png.h has it, low frequencies first */
    size_t n_column, n_mel;
};

/* Makes the front end whose features are drawn; the caller closes it. */
bool spectrogram_model(voq_model **model, struct failure *failure);

/* The samples are at SPECTROGRAM_RATE. The caller frees ink. */
bool spectrogram_make(struct spectrogram *spectrogram, const voq_model *model,
                      const struct samples *samples, struct failure *failure);

/* Writes columns [first, first + n) as the address of a picture. */
bool spectrogram_write(FILE *file, const struct spectrogram *spectrogram, size_t first, size_t n,
                       struct failure *failure);

#endif
