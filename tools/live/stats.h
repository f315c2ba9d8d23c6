/* SPDX-License-Identifier: MIT */
/* Counts of a run, and how they are told. One thread writes a counter, any may read it. */
#ifndef VOQ_TOOLS_STATS_H
#define VOQ_TOOLS_STATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Times up to an hour in steps of at most 1/16 of themselves. */
enum { LATENCY_BINS = 29 * 16 };

struct latency {
    _Atomic uint64_t bin[LATENCY_BINS];
    _Atomic uint64_t n, most_us;
};

void latency_add(struct latency *latency, double seconds);

/* The time that `share` of all do not exceed, in milliseconds; 0 where there are none. */
double latency_quantile_ms(const struct latency *latency, double share);

struct stats {
    double began_s; /* monotonic */
    /* of the audio */
    _Atomic uint64_t n_device_frame; /* captured, at the device's rate */
    _Atomic uint64_t n_sample;       /* analysed, at the model's rate */
    _Atomic uint64_t n_unit;
    _Atomic uint64_t n_gap, lost;    /* lost: samples at the model's rate */
    _Atomic uint64_t n_overrun;      /* gaps by which no device was lost */
    _Atomic uint64_t n_reopen;
    _Atomic uint64_t n_dropped;      /* units that a slow reader did not get */
    _Atomic uint64_t ring_most, ring_capacity; /* frames */
    _Atomic uint64_t bad_samples;
    struct latency latency;          /* from the callback to the unit */
    /* of the device and the model, milliseconds */
    _Atomic double device_ms;        /* how long a sample may wait in the device's buffer */
    _Atomic double resampler_ms;
    double look_ahead_ms;
    _Atomic double device_hz;        /* as fitted */
};

/* From a sound to its unit, at most (for 99 of 100 units): what waits in the device's buffer and in
   the resampler, the model's look-ahead, and the time from the device's callback to the unit. */
double stats_delay_ms(const struct stats *stats);

struct stats_summary {
    double elapsed_s, cpu_share; /* of one core */
};

void stats_summarize(const struct stats *stats, struct stats_summary *summary);

/* The end of a run in one line; text without newline. Returns text. */
const char *stats_line(const struct stats *stats, char *text, size_t size);

/* All of it: a line each, or one JSON object. */
void stats_write(const struct stats *stats, bool json, FILE *file);

#endif
