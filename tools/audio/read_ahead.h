/* SPDX-License-Identifier: MIT */
/* Audio in blocks, read by the caller's thread or by a thread of its own a few blocks ahead, so
   that decoding and the caller's work overlap. The caller sees the same blocks, losses and failures
   in the same order either way, and memory does not grow with the file. */
#ifndef VOQ_TOOLS_READ_AHEAD_H
#define VOQ_TOOLS_READ_AHEAD_H

#include "tools/audio/audio.h"

struct audio_block {
    const float *x; /* valid until the next block is read */
    size_t n;       /* 0: a gap, or the end if `gap` is 0 */
    uint64_t gap;   /* samples missing before the next ones */
    uint64_t read_frames; /* of the file, up to the end of this block */
};

struct read_ahead;

/* Reads blocks of n_sample samples; NULL: no memory. */
struct read_ahead *read_ahead_new(struct audio *audio, size_t n_sample);

/* Starts the thread, for blocks that have not been read yet. Until the end or a failure it alone
   uses the audio; the caller may look only at those facts that reading does not change. Does
   nothing if no thread can be had. */
void read_ahead_start(struct read_ahead *ahead);

/* Not to be called after the end or a failure. */
bool read_ahead_next(struct read_ahead *ahead, struct audio_block *block, struct failure *failure);

/* Ends the thread, which finishes the block that it reads; NULL is allowed. */
void read_ahead_free(struct read_ahead *ahead);

#endif
