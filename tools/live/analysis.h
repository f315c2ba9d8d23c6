/* SPDX-License-Identifier: MIT */
/* Frames of a device become units: mixed or picked, gain, another rate, the recording, the
   library's stream, the output. Every sample of the stream is in the recording, every gap in its
   list, so that `voq encode` of the recording gives the same units. One thread. */
#ifndef VOQ_TOOLS_ANALYSIS_H
#define VOQ_TOOLS_ANALYSIS_H

#include "tools/live/live_output.h"
#include "tools/live/record.h"
#include "tools/live/stats.h"
#include "tools/live/view.h"
#include "voq.h"

struct analysis_options {
    const voq_model *model;
    uint32_t channel;      /* from 1; 0: the mean of all */
    double gain_db;
    uint64_t most_samples; /* the stream ends here, gaps counted; UINT64_MAX: never */
    struct record *record; /* NULL: none */
    struct live_output *output;
    struct view *view; /* NULL: none */
    struct stats *stats;
};

struct analysis;

/* NULL: no memory. */
struct analysis *analysis_new(const struct analysis_options *options, struct failure *failure);
void analysis_free(struct analysis *analysis); /* NULL is fine */

/* The frames that follow come from this device. Its first frame lies lost_s seconds behind the last
   sample so far (0 at the very beginning). */
bool analysis_device(struct analysis *analysis, uint32_t rate_hz, uint32_t channels, double lost_s,
                     struct failure *failure);

/* n frames x[n][channels], which were given at this time of the monotonic clock. */
bool analysis_frames(struct analysis *analysis, const float *x, size_t n, double given_s,
                     struct failure *failure);

/* n frames of the device are missing here. */
bool analysis_gap(struct analysis *analysis, uint64_t n, const char *why, struct failure *failure);

/* The units so far go out. */
void analysis_flush(struct analysis *analysis);

/* Seconds of audio that are still wanted; and: none of them will come, a gap up to the end. */
double analysis_left_s(const struct analysis *analysis);
bool analysis_rest_is_lost(struct analysis *analysis, const char *why, struct failure *failure);

/* The audio is over: the last units. */
bool analysis_finish(struct analysis *analysis, struct failure *failure);

/* most_samples is reached: what comes is not taken. */
bool analysis_is_full(const struct analysis *analysis);

#endif
