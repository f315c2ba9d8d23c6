/* SPDX-License-Identifier: MIT */
/* Turns frames of a device into units: channel, gain, resampling, recording, stream, output. Every
   sample of the stream is in the recording and every gap in its list, so that `voq encode` makes
   the same units from the recording. One thread. */
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
    uint64_t most_samples; /* length of the stream, gaps included; UINT64_MAX: unlimited */
    struct record *record; /* NULL: none */
    struct live_output *output;
    struct view *view; /* NULL: none */
    struct stats *stats;
};

struct analysis;

/* NULL: no memory. */
struct analysis *analysis_new(const struct analysis_options *options, struct failure *failure);
void analysis_free(struct analysis *analysis); /* NULL is allowed */

/* The following frames come from this device. Its first frame is lost_s seconds after the last
   sample so far (0 at the beginning). */
bool analysis_device(struct analysis *analysis, uint32_t rate_hz, uint32_t channels, double lost_s,
                     struct failure *failure);

/* Analyses n frames x[n][channels], which were delivered at this time of the monotonic clock. */
bool analysis_frames(struct analysis *analysis, const float *x, size_t n, double given_s,
                     struct failure *failure);

/* n frames of the device are missing here. */
bool analysis_gap(struct analysis *analysis, uint64_t n, const char *why, struct failure *failure);

/* Writes the units so far. */
void analysis_flush(struct analysis *analysis);

/* The first returns the seconds of audio up to most_samples; the second reports them as lost. */
double analysis_left_s(const struct analysis *analysis);
bool analysis_rest_is_lost(struct analysis *analysis, const char *why, struct failure *failure);

/* Call after the last audio: writes the last units. */
bool analysis_finish(struct analysis *analysis, struct failure *failure);

/* Whether most_samples is reached; further audio is ignored. */
bool analysis_is_full(const struct analysis *analysis);

#endif
