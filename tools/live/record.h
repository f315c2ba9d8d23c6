/* SPDX-License-Identifier: MIT */
/* A recording: float32 WAV, one channel. The header is updated after the samples, so that a killed
   run leaves a valid file. Above 4 GB it becomes RF64. FILE.gaps has one line per gap: sample TAB
   samples lost TAB why. */
#ifndef VOQ_TOOLS_RECORD_H
#define VOQ_TOOLS_RECORD_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum {
    RECORD_HEADER_BYTES = 94,
    RECORD_WAITING = 4096 /* the most samples, and at most 1/4 s, that a killed run loses */
};

/* Makes the header of a file of n_sample samples; RF64 if their bytes do not fit into 32 bits. */
void record_header(unsigned char header[RECORD_HEADER_BYTES], uint64_t n_sample, uint32_t rate_hz);

struct record;

/* Failures are EXIT_OUTPUT. An existing file is kept until the first sample or gap; then it is
   overwritten and its FILE.gaps is deleted. */
bool record_open(struct record **record, const char *path, uint32_t rate_hz,
                 struct failure *failure);

/* Appends n samples. */
bool record_samples(struct record *record, const float *x, size_t n, struct failure *failure);

/* Records that `lost` samples are missing before the next sample. */
bool record_gap(struct record *record, uint64_t lost, const char *why, struct failure *failure);

bool record_close(struct record *record, struct failure *failure); /* NULL is allowed */

#endif
