/* SPDX-License-Identifier: MIT */
/* Where windows are placed, and a buffer that holds the samples of the next ones.

   Window i covers the samples [i*hop - lead, i*hop - lead + window); grids differ in `lead`, in the
   number of frames, and in how they pad. The buffer is a piece of the padded signal, and `start` is
   the sample number of its first value: negative while it holds padding. Padding before the signal
   may depend on samples that come later (mirror, reflect), so its place is kept free and is filled
   when the first window is complete. Padding after it is appended once, at the end.

   The caller takes windows as pointers into the buffer and then drops them, which moves the rest to
   the front and keeps HISTORY samples more: mirroring at the end may need them. Where the hop is
   longer than the window, samples between windows are skipped and never enter the buffer. */
#include "src/frontend/framing.h"

#include "src/base/finite.h"

#include <string.h>

struct grid voq_grid_of(const voq_frontend *f)
{
    struct grid grid = {f->grid, f->window_samples, f->hop_samples, 0};
    if (f->grid == VOQ_GRID_MIRROR)
        grid.lead = grid.window / 2 - grid.hop / 2;
    else if (f->grid != VOQ_GRID_SNIP) /* librosa centres its FFT, and the window within the FFT */
        grid.lead = f->fft_samples / 2 - (f->fft_samples - grid.window) / 2;
    return grid;
}

/* How many samples the first window needs: its own, and those that its padding copies. */
static int64_t samples_before_first(const struct grid *grid)
{
    int64_t need = grid->window - grid->lead, made_up_from = 0;
    if (grid->kind == VOQ_GRID_MIRROR) made_up_from = grid->lead;
    if (grid->kind == VOQ_GRID_REFLECT) made_up_from = grid->lead + 1;
    return need > made_up_from ? need : made_up_from;
}

uint64_t voq_grid_frames_so_far(const struct grid *grid, uint64_t n_sample)
{
    if (n_sample < (uint64_t)samples_before_first(grid)) return 0;
    return (n_sample - (uint64_t)(grid->window - grid->lead)) / (uint64_t)grid->hop + 1;
}

uint64_t voq_grid_frames_in_all(const struct grid *grid, uint64_t n_sample)
{
    uint64_t hop = (uint64_t)grid->hop, window = (uint64_t)grid->window;
    if (n_sample == 0) return 0;
    if (grid->kind == VOQ_GRID_SNIP) return n_sample < window ? 0 : 1 + (n_sample - window) / hop;
    if (grid->kind == VOQ_GRID_MIRROR) return (n_sample + hop / 2) / hop;
    return 1 + n_sample / hop;
}

uint32_t voq_grid_look_ahead(const struct grid *grid)
{
    int64_t beyond = samples_before_first(grid) - grid->hop;
    return beyond > 0 ? (uint32_t)beyond : 0;
}

/* How many samples before the next window the padding at the end may read. */
enum { HISTORY = 2 };

void voq_framing_place(struct framing *framing, const struct grid *grid, size_t block,
                       struct arena *arena)
{
    /* Room for `block` windows, a hop of new samples beside them, and the padding of the end. */
    size_t capacity = HISTORY + 2 * (size_t)grid->window + (size_t)grid->hop * (block + 1);
    float *buffer = ARENA_TAKE(arena, capacity, float);
    if (!arena->base) return;
    *framing = (struct framing){.grid = *grid, .buffer = buffer, .capacity = capacity};
    voq_framing_reset(framing);
}

void voq_framing_reset(struct framing *framing)
{
    int64_t lead = framing->grid.lead;
    framing->next = -lead;
    framing->start = lead > 0 ? -lead : -lead > HISTORY ? -lead - HISTORY : 0;
    framing->n_buffered = lead > 0 ? (size_t)lead : 0;
    framing->lead_filled = lead <= 0;
    framing->n_sample = framing->n_frame = 0;
}

/* Copies x[n]; returns whether all of it is finite. */
static bool copy(float *restrict to, const float *restrict x, size_t n)
{
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++) {
        to[i] = x[i];
        any |= not_finite(x[i]);
    }
    return any == 0;
}

static uint64_t clear_not_finite(float *x, size_t n)
{
    uint64_t n_bad = 0;
    for (size_t i = 0; i < n; i++)
        if (not_finite(x[i])) {
            x[i] = 0.0f;
            n_bad++;
        }
    return n_bad;
}

static void advance(struct samples *in, size_t n)
{
    if (in->x)
        in->x += n;
    else if (in->x_i16)
        in->x_i16 += n;
    in->n -= n;
}

void voq_framing_skip(struct framing *framing, struct samples *in, size_t n)
{
    for (size_t i = 0; in->x && i < n; i++) framing->n_bad += not_finite(in->x[i]) ? 1 : 0;
    advance(in, n);
}

void voq_framing_take(struct framing *framing, struct samples *in)
{
    /* Where the hop is longer than the window, samples between windows are not kept. */
    int64_t between = framing->start - (int64_t)framing->n_sample;
    if (framing->n_buffered == 0 && between > 0) {
        size_t skipped = (uint64_t)between < in->n ? (size_t)between : in->n;
        voq_framing_skip(framing, in, skipped);
        framing->n_sample += skipped;
    }
    size_t room = framing->capacity - (size_t)framing->grid.window - framing->n_buffered;
    size_t n = in->n < room ? in->n : room;
    float *end = framing->buffer + framing->n_buffered;
    if (in->x && n) {
        if (!copy(end, in->x, n)) framing->n_bad += clear_not_finite(end, n);
    } else {
        for (size_t i = 0; i < n; i++) end[i] = (float)in->x_i16[i] / 32768.0f;
    }
    advance(in, n);
    framing->n_buffered += n;
    framing->n_sample += n;
}

/* Returns sample s of the padded signal. */
static float sample_at(const struct framing *framing, int64_t s)
{
    int64_t n = (int64_t)framing->n_sample;
    uint32_t kind = framing->grid.kind;
    if (kind == VOQ_GRID_ZERO && (s < 0 || s >= n)) return 0.0f;
    if (n == 1 || (kind == VOQ_GRID_EDGE && s < 0)) s = 0;
    if (kind == VOQ_GRID_EDGE && s >= n) s = n - 1;
    int64_t repeat = kind == VOQ_GRID_MIRROR ? 1 : 0;
    while (s < 0 || s >= n) s = s < 0 ? -repeat - s : 2 * n - 2 + repeat - s;
    return framing->buffer[s - framing->start];
}

static void fill_lead(struct framing *framing)
{
    for (int64_t s = framing->start; s < 0; s++)
        framing->buffer[s - framing->start] = sample_at(framing, s);
    framing->lead_filled = true;
}

void voq_framing_end(struct framing *framing)
{
    const struct grid *grid = &framing->grid;
    uint64_t n_frame = voq_grid_frames_in_all(grid, framing->n_sample);
    if (n_frame <= framing->n_frame) return;
    int64_t end = (int64_t)(n_frame - 1) * grid->hop - grid->lead + grid->window;
    if (!framing->lead_filled) fill_lead(framing);
    for (int64_t s = framing->start + (int64_t)framing->n_buffered; s < end; s++)
        framing->buffer[framing->n_buffered++] = sample_at(framing, s);
}

size_t voq_framing_windows(struct framing *framing, const float **window, size_t n_max)
{
    const struct grid *grid = &framing->grid;
    if (!framing->lead_filled) {
        if (voq_grid_frames_so_far(grid, framing->n_sample) == 0) return 0;
        fill_lead(framing);
    }
    size_t n = 0, at = (size_t)(framing->next - framing->start);
    while (n < n_max && at + (size_t)grid->window <= framing->n_buffered) {
        window[n++] = framing->buffer + at;
        at += (size_t)grid->hop;
    }
    return n;
}

void voq_framing_drop(struct framing *framing, size_t n_window)
{
    framing->next += (int64_t)n_window * framing->grid.hop;
    framing->n_frame += n_window;
    int64_t start = framing->next - HISTORY;
    if (start <= framing->start) return;
    size_t past = (size_t)(start - framing->start);
    size_t dropped = past < framing->n_buffered ? past : framing->n_buffered;
    framing->n_buffered -= dropped;
    memmove(framing->buffer, framing->buffer + dropped, framing->n_buffered * sizeof(float));
    framing->start = start;
}
