/* SPDX-License-Identifier: MIT */
/* Counters of a run and their report. Each counter has one writing thread; any thread may read. */
#ifndef VOQ_TOOLS_STATS_H
#define VOQ_TOOLS_STATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Bins for times up to an hour, each at most 1/16 of its time wide. */
enum { LATENCY_BINS = 29 * 16 };

struct latency {
    _Atomic uint64_t bin[LATENCY_BINS];
    _Atomic uint64_t n, most_us;
};

void latency_add(struct latency *latency, double seconds);

/* The quantile `share` of all times, in milliseconds; 0 if there are none. */
double latency_quantile_ms(const struct latency *latency, double share);

struct stats {
    double began_s; /* monotonic */
    /* audio */
    _Atomic uint64_t n_device_frame; /* captured, at the device's rate */
    _Atomic uint64_t n_sample;       /* analysed, at the model's rate */
    _Atomic uint64_t n_unit;
    _Atomic uint64_t n_gap, lost;    /* lost: samples at the model's rate */
    _Atomic uint64_t n_overrun;      /* gaps for which no device was lost */
    _Atomic uint64_t n_reopen;
    _Atomic uint64_t n_dropped;      /* units that a slow reader did not get */
    _Atomic uint64_t ring_most, ring_capacity; /* frames */
    _Atomic uint64_t bad_samples;
    struct latency latency;          /* from callback to unit */
    /* device and model, milliseconds */
    _Atomic double device_ms;        /* the longest wait of a sample in the device's buffer */
    _Atomic double resampler_ms;
    double look_ahead_ms;
    _Atomic double device_hz;        /* as fitted */
};

/* The longest delay from sound to unit (for 99 of 100 units): the buffers of device and resampler,
   the model's look-ahead, and the time from the device's callback to the unit. */
double stats_delay_ms(const struct stats *stats);

struct stats_summary {
    double elapsed_s, cpu_share; /* of one core */
};

void stats_summarize(const struct stats *stats, struct stats_summary *summary);

/* Writes the summary of a run as one line without a newline. Returns text. */
const char *stats_line(const struct stats *stats, char *text, size_t size);

/* Writes all counters: one line each, or one JSON object. */
void stats_write(const struct stats *stats, bool json, FILE *file);

#endif
