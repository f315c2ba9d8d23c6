/* SPDX-License-Identifier: MIT */
/* A recording: float32 WAV, one channel, whole at every moment: the header follows the samples, so
   that what a killed run leaves is a valid file. Past 4 GB it becomes RF64. Where samples were lost
   a line goes to FILE.gaps: sample TAB samples lost TAB why. */
#ifndef VOQ_TOOLS_RECORD_H
#define VOQ_TOOLS_RECORD_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum {
    RECORD_HEADER_BYTES = 94,
    RECORD_WAITING = 4096 /* samples at most, and a quarter of a second, that a killed run loses */
};

/* The header of a file of n_sample samples; RF64 where their bytes do not fit into 32 bits. */
void record_header(unsigned char header[RECORD_HEADER_BYTES], uint64_t n_sample, uint32_t rate_hz);

struct record;

/* Failures are EXIT_OUTPUT. What is at path stays until the first sample or gap; then it is
   overwritten, and the FILE.gaps of the recording before is deleted. Without one, nothing
   changes. */
bool record_open(struct record **record, const char *path, uint32_t rate_hz,
                 struct failure *failure);

/* n more samples within the file. */
bool record_samples(struct record *record, const float *x, size_t n, struct failure *failure);

/* `lost` samples are missing before the next one. */
bool record_gap(struct record *record, uint64_t lost, const char *why, struct failure *failure);

bool record_close(struct record *record, struct failure *failure); /* NULL is fine */

#endif
