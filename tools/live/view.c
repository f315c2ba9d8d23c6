/* SPDX-License-Identifier: MIT */
#include "tools/live/view.h"

#include "tools/base/utf8.h"
#include "tools/live/host_clock.h"
#include "tools/live/interrupt.h"
#include "tools/live/ring.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    MOST_RECENT = 512,
    MOST_COLUMNS = 400,
    SCREEN_BYTES = 32768,
    LABEL_BYTES = 32, /* of a label that is shown */
    ITEM_BYTES = LABEL_BYTES + 16
};

/* Switch to the alternate screen without a cursor, and back. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"

#define CLIP_HELD_S 1.5
#define QUIETEST_DB (-60)

struct view {
    struct view_state state;
    struct messages *messages;
    FILE *terminal;
    bool was_terminal;
    FILE *said; /* writes into said_text */
    char *said_text;
    size_t said_size;

    struct ring units; /* uint32_t, from the worker */
    _Atomic float peak;
    _Atomic bool clipped;

    uint32_t recent[MOST_RECENT];
    double clipped_until_s;
};

/* ---- the text -------------------------------------------------------------------------------- */

/* A screen that is written line by line; lines are cut to the width. */
struct screen {
    char *text;
    size_t size, n;
    unsigned columns, rows, row;
};

static void put(struct screen *s, const char *text, size_t n)
{
    if (s->n + n + 1 > s->size) return;
    memcpy(s->text + s->n, text, n);
    s->n += n;
    s->text[s->n] = 0;
}

static void put_text(struct screen *s, const char *text)
{
    put(s, text, strlen(text));
}

/* The line must have no escape sequences; each UTF-8 character counts as one column. */
static void put_line(struct screen *s, const char *line)
{
    if (s->row++ >= s->rows) return;
    size_t n = 0;
    for (unsigned column = 0; line[n]; n++) {
        if (((unsigned char)line[n] & 0xC0) == 0x80) continue;
        if (column++ == s->columns) break;
    }
    put(s, line, n);
    put_text(s, "\033[K\r\n");
}

static void put_level(struct screen *s, const struct view_state *state)
{
    char line[MOST_COLUMNS + 32];
    double db = state->peak > 0 ? 20 * log10((double)state->peak) : QUIETEST_DB;
    if (db < QUIETEST_DB) db = QUIETEST_DB;
    unsigned width = s->columns > 24 ? s->columns - 18 : 6;
    if (width > 60) width = 60;
    unsigned filled = (unsigned)lround((1 - db / QUIETEST_DB) * width);
    if (filled > width) filled = width;
    unsigned n = 0;
    line[n++] = '[';
    for (unsigned i = 0; i < width; i++) line[n++] = i < filled ? '#' : '.';
    snprintf(line + n, sizeof line - n, "] %4ld dB%s", lround(db), state->clipped ? " CLIP" : "");
    put_line(s, line);
}

/* Columns of the line's first n bytes; each UTF-8 character counts as one. */
static unsigned columns_of(const char *line, size_t n)
{
    unsigned n_column = 0;
    for (size_t i = 0; i < n; i++) n_column += ((unsigned char)line[i] & 0xC0) != 0x80;
    return n_column;
}

/* Writes "37 ", or "37 (AH) " with labels, and returns its columns. A long label is cut. */
static unsigned write_item(char item[ITEM_BYTES], const struct view_state *state, uint32_t id)
{
    if (id == VIEW_GAP) return (unsigned)snprintf(item, ITEM_BYTES, "-- ");
    char label[LABEL_BYTES] = "";
    if (state->label) snprintf(label, sizeof label, "%s", state->label[id]);
    utf8_make_harmless(label);
    int n = label[0] ? snprintf(item, ITEM_BYTES, "%" PRIu32 " (%s) ", id, label)
                     : snprintf(item, ITEM_BYTES, "%" PRIu32 " ", id);
    return columns_of(item, (size_t)n);
}

/* The newest units are at the right; runs of equal units are shown once. */
static void put_units(struct screen *s, const struct view_state *state)
{
    char item[ITEM_BYTES];
    size_t first = state->n_recent;
    unsigned column = 0;
    if (s->row++ >= s->rows) return;
    while (first > 0) {
        uint32_t id = state->recent[first - 1];
        bool repeated = first < state->n_recent && state->recent[first] == id;
        unsigned n = repeated ? 0 : write_item(item, state, id);
        if (column + n > s->columns) break;
        column += n;
        first--;
    }
    for (size_t i = first; i < state->n_recent; i++) {
        uint32_t id = state->recent[i];
        if (i + 1 < state->n_recent && state->recent[i + 1] == id) continue;
        char colour[24];
        write_item(item, state, id);
        /* Bright colours of the 6 x 6 x 6 cube; consecutive ids get distant colours. */
        snprintf(colour, sizeof colour, "\033[38;5;%um", 16 + 43 + id * 71 % 173);
        if (state->colour) put_text(s, colour);
        put_text(s, item);
    }
    put_text(s, state->colour ? "\033[0m\033[K\r\n" : "\033[K\r\n");
}

static void put_figures(struct screen *s, const struct stats *stats)
{
    char line[256];
    struct stats_summary summary;
    stats_summarize(stats, &summary);
    unsigned time = (unsigned)summary.elapsed_s;
    snprintf(line, sizeof line, "%u:%02u:%02u  %" PRIu64 " units  %.1f Hz", time / 3600,
             time / 60 % 60, time % 60, stats->n_unit, stats->device_hz);
    put_line(s, line);
    snprintf(line, sizeof line, "delay %.0f ms  CPU %.1f %%", stats_delay_ms(stats),
             100 * summary.cpu_share);
    put_line(s, line);
    snprintf(line, sizeof line, "device %.0f  resampler %.0f  look-ahead %.1f  latency p99 %.1f ms",
             (double)stats->device_ms, (double)stats->resampler_ms, stats->look_ahead_ms,
             latency_quantile_ms(&stats->latency, 0.99));
    put_line(s, line);
    snprintf(line, sizeof line, "overruns %" PRIu64 "  gaps %" PRIu64 "  lost %" PRIu64 "%s",
             stats->n_overrun, stats->n_gap, stats->lost, stats->n_dropped ? "  reader slow" : "");
    put_line(s, line);
}

size_t view_text(char *text, size_t size, unsigned columns, unsigned rows,
                 const struct view_state *state, const struct stats *stats)
{
    char line[600];
    if (columns > MOST_COLUMNS) columns = MOST_COLUMNS;
    /* The last row stays empty, since a newline there would scroll. */
    struct screen s = {text, size, 0, columns, rows > 1 ? rows - 1 : 1, 0};
    text[0] = 0;
    snprintf(line, sizeof line, "voq live  %s  %u Hz", state->model, state->rate_hz);
    put_line(&s, line);
    put_line(&s, state->device[0] ? state->device : "waiting for the device");
    put_level(&s, state);
    put_units(&s, state);
    put_figures(&s, stats);
    put_line(&s, state->message);
    put_text(&s, "\033[J");
    return s.n;
}

/* ---- the terminal ---------------------------------------------------------------------------- */

static void take_terminal(struct view *view)
{
    interrupt_restores(fileno(view->terminal), LEAVE);
    fputs(ENTER, view->terminal);
    fflush(view->terminal);
}

static void give_terminal_back(struct view *view)
{
    fputs(LEAVE, view->terminal);
    fflush(view->terminal);
    interrupt_restores(-1, NULL);
}

bool view_open(struct view **out, const struct view_options *options, struct messages *messages,
               struct failure *failure)
{
    struct view *view = calloc(1, sizeof *view);
    if (!view) return fail_memory(failure);
    view->said = open_memstream(&view->said_text, &view->said_size);
    if (!view->said || !ring_make(&view->units, MOST_RECENT, sizeof(uint32_t))) {
        if (view->said) fclose(view->said);
        free(view->said_text);
        free(view);
        return fail_memory(failure);
    }
    view->state = (struct view_state){.model = options->model,
                                      .rate_hz = options->rate_hz,
                                      .label = options->label,
                                      .colour = messages->colour};
    view->messages = messages;
    view->terminal = messages->file;
    view->was_terminal = messages->terminal;
    messages->file = view->said;
    messages->terminal = false;
    take_terminal(view);
    *out = view;
    return true;
}

void view_suspend(struct view *view)
{
    give_terminal_back(view);
    interrupt_suspend();
    take_terminal(view);
}

void view_close(struct view *view)
{
    if (!view) return;
    give_terminal_back(view);
    view->messages->file = view->terminal;
    view->messages->terminal = view->was_terminal;
    fclose(view->said);
    fwrite(view->said_text, 1, view->said_size, view->terminal);
    fflush(view->terminal);
    free(view->said_text);
    ring_free(&view->units);
    free(view);
}

/* ---- contents -------------------------------------------------------------------------------- */

void view_unit(struct view *view, uint32_t id)
{
    if (ring_space(&view->units) > 0) ring_write(&view->units, &id, 1);
}

void view_gap(struct view *view)
{
    view_unit(view, VIEW_GAP);
}

void view_level(struct view *view, float peak, bool clipped)
{
    float shown = view->peak;
    while (peak > shown && !atomic_compare_exchange_weak(&view->peak, &shown, peak)) continue;
    if (clipped) view->clipped = true;
}

static void take_units(struct view *view)
{
    struct view_state *state = &view->state;
    size_t n = ring_filled(&view->units);
    if (n > MOST_RECENT) n = MOST_RECENT;
    size_t kept = state->n_recent + n > MOST_RECENT ? MOST_RECENT - n : state->n_recent;
    memmove(view->recent, view->recent + state->n_recent - kept, kept * sizeof view->recent[0]);
    ring_peek(&view->units, 0, view->recent + kept, n);
    ring_forget(&view->units, n);
    state->n_recent = kept + n;
    state->recent = view->recent;
}

static void take_level(struct view *view)
{
    view->state.peak = atomic_exchange(&view->peak, 0.0f);
    if (atomic_exchange(&view->clipped, false)) view->clipped_until_s = monotonic_s() + CLIP_HELD_S;
    view->state.clipped = monotonic_s() < view->clipped_until_s;
}

/* Copies the last line of the messages. */
static void take_message(struct view *view, char *text, size_t size)
{
    pthread_mutex_lock(&view->messages->lock);
    const char *said = view->said_text ? view->said_text : "";
    size_t end = view->said_size > 0 ? view->said_size - 1 : 0, begin = end;
    while (begin > 0 && said[begin - 1] != '\n') begin--;
    snprintf(text, size, "%.*s", (int)(end - begin), said + begin);
    pthread_mutex_unlock(&view->messages->lock);
}

void view_draw(struct view *view, const char *device, const struct stats *stats)
{
    char text[SCREEN_BYTES], message[512];
    struct winsize size;
    if (ioctl(fileno(view->terminal), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        size = (struct winsize){.ws_col = 80, .ws_row = 24};
    take_units(view);
    take_level(view);
    take_message(view, message, sizeof message);
    view->state.device = device;
    view->state.message = message;
    view_text(text, sizeof text, size.ws_col, size.ws_row, &view->state, stats);
    fputs("\033[H", view->terminal);
    fputs(text, view->terminal);
    fflush(view->terminal);
}
