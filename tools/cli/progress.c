/* SPDX-License-Identifier: MIT */
#include "tools/cli/progress.h"

#include "tools/base/monotonic.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define TERMINAL_INTERVAL_S 0.1
#define PLAIN_INTERVAL_S 10.0
#define BAR_CELLS 24

void progress_start(struct progress *progress, struct messages *messages, const char *rate_unit)
{
    double now = monotonic_s();
    *progress = (struct progress){
        .messages = messages, .rate_unit = rate_unit, .start_s = now, .shown_s = now};
}

static void duration_text(char *text, size_t capacity, double seconds)
{
    if (!(seconds < 360000)) {
        snprintf(text, capacity, "days");
        return;
    }
    uint32_t s = (uint32_t)(seconds + 0.5);
    if (s >= 3600)
        snprintf(text, capacity, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
    else
        snprintf(text, capacity, "%u:%02u", s / 60, s % 60);
}

/* Formats numbers independently of the locale: one decimal below 10, none from 10 on. */
static void rate_text(char *text, size_t capacity, double rate, const char *unit)
{
    if (!(rate >= 0 && rate < 1e15)) rate = 0;
    uint64_t tenths = (uint64_t)(rate * 10 + 0.5);
    const char *space = unit[0] == 'x' ? "" : " ";
    if (tenths >= 100)
        snprintf(text, capacity, "%llu%s%s", (unsigned long long)(tenths / 10), space, unit);
    else
        snprintf(text, capacity, "%llu.%llu%s%s", (unsigned long long)(tenths / 10),
                 (unsigned long long)(tenths % 10), space, unit);
}

static void bar_text(char bar[BAR_CELLS + 3], double fraction)
{
    int filled = (int)(fraction * BAR_CELLS);
    bar[0] = '[';
    for (int i = 0; i < BAR_CELLS; i++) bar[i + 1] = i < filled ? '=' : i == filled ? '>' : ' ';
    memcpy(bar + BAR_CELLS + 1, "]", 2);
}

/* Seconds that the rest will take, as far as the work since the first update tells. */
static void left_text(char *text, size_t capacity, const struct progress *progress,
                      double fraction)
{
    char time[24] = "-:--";
    double done = fraction - progress->first_fraction;
    double elapsed = progress->shown_s - progress->first_s;
    if (done > 0 && elapsed > 0) duration_text(time, sizeof time, elapsed * (1 - fraction) / done);
    snprintf(text, capacity, "%s left", time);
}

/* In a narrow window the least important parts are dropped first: bar, rate, detail, percent. */
static void make_line(char *line, size_t capacity, const struct progress *progress,
                      double fraction, double amount, const char *detail)
{
    char bar[BAR_CELLS + 3] = "", percent[8] = "", left[32], speed[64];
    double elapsed = progress->shown_s - progress->start_s;
    struct messages *messages = progress->messages;
    unsigned columns = messages->terminal ? messages_columns(messages) : 120;
    if (fraction >= 0) {
        if (fraction > 1) fraction = 1;
        bar_text(bar, fraction);
        snprintf(percent, sizeof percent, "%3d%%", (int)(fraction * 100));
        left_text(left, sizeof left, progress, fraction);
    } else {
        duration_text(left, sizeof left, elapsed);
    }
    rate_text(speed, sizeof speed, elapsed > 0 ? amount / elapsed : 0, progress->rate_unit);
    const char *part[] = {percent, bar, detail, speed, left};
    static const int sacrifice[] = {1, 3, 2, 0};
    for (size_t drop = 0;; drop++) {
        size_t n = 0;
        line[0] = 0;
        for (size_t i = 0; i < sizeof part / sizeof part[0]; i++)
            if (part[i][0] && n < capacity)
                n += (size_t)snprintf(line + n, capacity - n, "%s%s", n ? "  " : "", part[i]);
        if (n < columns || drop == sizeof sacrifice / sizeof sacrifice[0]) return;
        part[sacrifice[drop]] = "";
    }
}

static void show(struct progress *progress, double fraction, double amount, const char *detail)
{
    char line[512];
    struct messages *messages = progress->messages;
    make_line(line, sizeof line, progress, fraction, amount, detail);
    progress->ever_shown = true;
    if (messages->terminal)
        messages_status(messages, line);
    else
        messages_note(messages, "%s", line);
}

void progress_update(struct progress *progress, double fraction, double amount, const char *detail)
{
    if (progress->messages->quiet) return;
    double now = monotonic_s();
    if (!progress->ever_updated) {
        progress->first_s = now;
        progress->first_fraction = fraction > 0 ? fraction : 0;
        progress->ever_updated = true;
    }
    double interval = progress->messages->terminal ? TERMINAL_INTERVAL_S : PLAIN_INTERVAL_S;
    if (now - progress->shown_s < interval) return;
    progress->shown_s = now;
    show(progress, fraction, amount, detail);
}

void progress_finish(struct progress *progress, double amount, const char *detail)
{
    messages_status(progress->messages, NULL);
    if (!progress->ever_shown) return;
    char rate[64], time[24];
    double elapsed = monotonic_s() - progress->start_s;
    rate_text(rate, sizeof rate, elapsed > 0 ? amount / elapsed : 0, progress->rate_unit);
    duration_text(time, sizeof time, elapsed);
    messages_note(progress->messages, "%s  %s  %s", detail, rate, time);
}
