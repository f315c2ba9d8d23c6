/* SPDX-License-Identifier: MIT */
#include "tools/train/schedule.h"

#include "tools/base/monotonic.h"
#include "tools/train/learning.h"

#include <stdio.h>

/* Passes over the corpus: the first, those that learn the front half, and one for its vectors. */
static size_t count_passes(const struct settings *settings, size_t n_round, bool resumed)
{
    size_t n_pass = 1;
    if (!settings_changes_front(settings)) return n_pass;
    if (!resumed && settings_has_transform(settings)) n_pass += LEARNING_PASSES;
    return n_pass + n_round * (1 + LEARNING_PASSES) + 1;
}

void schedule_start(struct schedule *schedule, struct messages *messages,
                    const struct settings *settings, uint32_t n_round, const uint32_t *resumed)
{
    size_t n_left = n_round - (resumed ? *resumed : 0);
    *schedule = (struct schedule){
        .planned = {[SCHEDULE_PASS] = count_passes(settings, n_left, resumed != NULL),
                    [SCHEDULE_CLUSTERING] = n_left + settings->codebooks}};
    progress_start(&schedule->progress, messages, "frames/s");
}

void schedule_next(struct schedule *schedule, enum schedule_step step)
{
    double now_s = monotonic_s();
    if (schedule->step_start_s > 0)
        schedule->ended_s[schedule->step] += now_s - schedule->step_start_s;
    schedule->n_frame += schedule->step_frames;
    schedule->step_frames = 0;
    schedule->step = step;
    schedule->step_start_s = now_s;
    schedule->begun[step]++;
}

/* Mean seconds of the finished steps of this kind; 0: none. */
static double mean_s(const struct schedule *schedule, enum schedule_step step)
{
    size_t n_ended = schedule->begun[step] - (schedule->step == step);
    return n_ended > 0 ? schedule->ended_s[step] / (double)n_ended : 0;
}

static double to_come(const struct schedule *schedule, enum schedule_step step)
{
    return schedule->planned[step] > schedule->begun[step]
               ? (double)(schedule->planned[step] - schedule->begun[step]) : 0;
}

double schedule_fraction(const struct schedule *schedule, double fraction, double now_s)
{
    double elapsed_s = now_s - schedule->step_start_s, step_s = elapsed_s, left_s = 0;
    if (fraction > 0) step_s = elapsed_s / fraction;
    for (enum schedule_step kind = 0; kind < SCHEDULE_KINDS; kind++) {
        double seconds = mean_s(schedule, kind);
        if (schedule->step == kind || seconds == 0) seconds = step_s;
        left_s += seconds * to_come(schedule, kind);
    }
    double mean = mean_s(schedule, schedule->step);
    if (fraction <= 0 && mean > elapsed_s) step_s = mean;
    left_s += step_s - elapsed_s;
    double done_s = elapsed_s;
    for (int kind = 0; kind < SCHEDULE_KINDS; kind++) done_s += schedule->ended_s[kind];
    return done_s + left_s > 0 ? done_s / (done_s + left_s) : 0;
}

void schedule_update(struct schedule *schedule, double fraction, double n_frame,
                     const char *detail)
{
    char text[256];
    double whole = schedule_fraction(schedule, fraction, monotonic_s());
    if (fraction > 0 && whole > schedule->fraction) schedule->fraction = whole;
    schedule->step_frames = n_frame;
    if (schedule->step == SCHEDULE_PASS)
        snprintf(text, sizeof text, "pass %zu of %zu, %s", schedule->begun[SCHEDULE_PASS],
                 schedule->planned[SCHEDULE_PASS], detail);
    else
        snprintf(text, sizeof text, "%s", detail);
    progress_update(&schedule->progress, schedule->fraction, schedule->n_frame + n_frame, text);
}
