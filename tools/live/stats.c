/* SPDX-License-Identifier: MIT */
#include "tools/live/stats.h"

#include "tools/base/json_writer.h"
#include "tools/live/host_clock.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <sys/resource.h>

/* Below 16 us a bin is a microsecond; above, each doubling has 16 bins. */
static size_t bin_of(uint64_t us)
{
    if (us < 16) return (size_t)us;
    int octave = 63 - __builtin_clzll(us);
    size_t bin = (size_t)(octave - 3) * 16 + (size_t)((us >> (octave - 4)) & 15);
    return bin < LATENCY_BINS ? bin : LATENCY_BINS - 1;
}

/* The largest time in a bin. */
static uint64_t bin_end_us(size_t bin)
{
    if (bin < 16) return bin;
    return ((bin % 16 + 17) << (bin / 16 - 1)) - 1;
}

static void add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_fetch_add_explicit(counter, n, memory_order_relaxed);
}

void latency_add(struct latency *latency, double seconds)
{
    uint64_t us = seconds > 0 ? (uint64_t)(seconds * 1e6) : 0;
    add(&latency->bin[bin_of(us)], 1);
    add(&latency->n, 1);
    if (us > latency->most_us) latency->most_us = us;
}

double latency_quantile_ms(const struct latency *latency, double share)
{
    uint64_t most = latency->most_us, seen = 0;
    double wanted = ceil(share * (double)latency->n);
    for (size_t i = 0; i < LATENCY_BINS; i++) {
        seen += latency->bin[i];
        if (seen > 0 && (double)seen >= wanted)
            return (double)(bin_end_us(i) < most ? bin_end_us(i) : most) / 1e3;
    }
    return (double)most / 1e3;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

void stats_summarize(const struct stats *stats, struct stats_summary *summary)
{
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    summary->elapsed_s = monotonic_s() - stats->began_s;
    summary->cpu_share = summary->elapsed_s > 0
                             ? (seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime)) /
                                   summary->elapsed_s
                             : 0;
}

double stats_delay_ms(const struct stats *stats)
{
    return stats->device_ms + stats->resampler_ms + stats->look_ahead_ms +
           latency_quantile_ms(&stats->latency, 0.99);
}

const char *stats_line(const struct stats *stats, char *text, size_t size)
{
    struct stats_summary summary;
    stats_summarize(stats, &summary);
    int n = snprintf(text, size, "%.1f s, %" PRIu64 " units, ", summary.elapsed_s, stats->n_unit);
    if (stats->n_gap)
        n += snprintf(text + n, size - (size_t)n, "%" PRIu64 " gap%s (%" PRIu64 " samples lost), ",
                      stats->n_gap, stats->n_gap == 1 ? "" : "s", stats->lost);
    else
        n += snprintf(text + n, size - (size_t)n, "nothing lost, ");
    if (stats->n_dropped)
        n += snprintf(text + n, size - (size_t)n, "%" PRIu64 " units not read by the reader, ",
                      stats->n_dropped);
    snprintf(text + n, size - (size_t)n,
             "delay up to %.0f ms: device %.0f, resampler %.0f, look-ahead %.1f, computing %.1f "
             "(p99)",
             stats_delay_ms(stats), (double)stats->device_ms, (double)stats->resampler_ms,
             stats->look_ahead_ms, latency_quantile_ms(&stats->latency, 0.99));
    return text;
}

struct figure {
    const char *key, *name, *unit;
    double value;
    int decimals;
};

void stats_write(const struct stats *stats, bool json, FILE *file)
{
    struct stats_summary summary;
    stats_summarize(stats, &summary);
    const struct latency *latency = &stats->latency;
    const struct figure figure[] = {
        {"elapsed_s", "time", "s", summary.elapsed_s, 3},
        {"frames", "frames captured", "", (double)stats->n_device_frame, 0},
        {"samples", "samples analysed", "", (double)stats->n_sample, 0},
        {"units", "units", "", (double)stats->n_unit, 0},
        {"gaps", "gaps", "", (double)stats->n_gap, 0},
        {"lost_samples", "samples lost", "", (double)stats->lost, 0},
        {"overruns", "overruns", "", (double)stats->n_overrun, 0},
        {"reopened", "device reopened", "", (double)stats->n_reopen, 0},
        {"dropped_units", "units not read by the reader", "", (double)stats->n_dropped, 0},
        {"bad_samples", "samples not finite", "", (double)stats->bad_samples, 0},
        {"ring_most_frames", "ring, fullest", "frames", (double)stats->ring_most, 0},
        {"ring_frames", "ring, size", "frames", (double)stats->ring_capacity, 0},
        {"cpu_percent", "CPU", "% of a core", 100 * summary.cpu_share, 2},
        {"device_hz", "device's rate, measured", "Hz", stats->device_hz, 2},
        {"latency_p50_ms", "latency, sample arrival to unit: p50", "ms",
         latency_quantile_ms(latency, 0.50), 3},
        {"latency_p99_ms", "p99", "ms", latency_quantile_ms(latency, 0.99), 3},
        {"latency_p999_ms", "p99.9", "ms", latency_quantile_ms(latency, 0.999), 3},
        {"latency_max_ms", "max", "ms", (double)latency->most_us / 1e3, 3},
        {"look_ahead_ms", "algorithmic delay: look-ahead of the model", "ms",
         stats->look_ahead_ms, 3},
        {"resampler_ms", "resampler", "ms", stats->resampler_ms, 3},
        {"device_ms", "the device's buffer, at most", "ms", stats->device_ms, 3},
        {"delay_ms", "total delay, from sound to unit, at most (p99)", "ms",
         stats_delay_ms(stats), 3},
    };
    size_t n = sizeof figure / sizeof figure[0];
    struct json_writer writer = {.file = file, .layout = JSON_COMPACT};
    if (json) json_open(&writer, NULL, '{');
    for (size_t i = 0; i < n; i++) {
        const struct figure *f = &figure[i];
        if (json)
            json_decimals(&writer, f->key, f->value, f->decimals);
        else
            fprintf(file, "%-46s %14.*f%s%s\n", f->name, f->decimals, f->value,
                    f->unit[0] ? " " : "", f->unit);
    }
    if (json) json_close(&writer, '}');
    fflush(file);
}
