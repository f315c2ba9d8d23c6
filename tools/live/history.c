/* SPDX-License-Identifier: MIT */
#include "tools/live/history.h"

#include "tools/base/growing.h"
#include "tools/base/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_RUNS = 8192,
    WIDEST_RUN = 16,      /* columns; a longer run states its seconds */
    TIME_COLUMNS = 10,
    LEAST_WITH_TIME = 30, /* columns of a screen that has room for the time */
    LABEL_BYTES = 32,     /* of a label that is shown */
    TEXT_BYTES = LABEL_BYTES + 48
};

bool history_make(struct history *history, struct failure *failure)
{
    history->run = zeroed(MOST_RUNS, sizeof *history->run, failure);
    return history->run != NULL;
}

void history_free(struct history *history)
{
    free(history->run);
}

static struct run *run_at(const struct history *history, uint64_t i)
{
    return &history->run[i % MOST_RUNS];
}

static uint64_t first_run(const struct history *history)
{
    return history->n_run > MOST_RUNS ? history->n_run - MOST_RUNS : 0;
}

static bool is_gap(const struct run *run)
{
    return run->piece.id >= PIECE_DEVICE_LOST;
}

/* ---- the text of a run ----------------------------------------------------------------------- */

static void write_gap(char text[TEXT_BYTES], const struct run *run)
{
    const char *why = run->piece.id == PIECE_OVERRUN ? "overrun" : "device";
    double s = (double)run->piece.lost_s;
    if (s < 1)
        snprintf(text, TEXT_BYTES, "[%.3g ms lost: %s] ", 1e3 * s, why);
    else
        snprintf(text, TEXT_BYTES, "[%.2f s lost: %s] ", s, why);
}

/* Writes "37 ", or "37 (AH) " with labels. A long label is cut. */
static void write_unit(char text[TEXT_BYTES], const struct history *history, uint32_t id)
{
    char label[LABEL_BYTES] = "";
    if (history->label) snprintf(label, sizeof label, "%s", history->label[id]);
    utf8_make_harmless(label);
    if (label[0])
        snprintf(text, TEXT_BYTES, "%" PRIu32 " (%s) ", id, label);
    else
        snprintf(text, TEXT_BYTES, "%" PRIu32 " ", id);
}

/* Writes what is shown of the shortest run, and returns its columns. */
static unsigned write_least(char text[TEXT_BYTES], const struct history *history,
                          const struct screen *screen, const struct run *run)
{
    if (is_gap(run))
        write_gap(text, run);
    else
        write_unit(text, history, run->piece.id);
    return screen_columns(screen, text);
}

/* Writes the text of a run, with the seconds of a long one, and returns its columns. */
static unsigned write_run(char text[TEXT_BYTES], const struct history *history,
                          const struct screen *screen, const struct run *run)
{
    char seconds[24];
    unsigned columns = write_least(text, history, screen, run);
    if (run->n <= columns) return columns;
    if (run->n <= WIDEST_RUN) return run->n;
    int n = snprintf(seconds, sizeof seconds, "%.2f s ", run->n * history->hop_s);
    if (columns + (unsigned)n <= WIDEST_RUN) strcat(text, seconds);
    return columns > WIDEST_RUN ? columns : WIDEST_RUN;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static unsigned time_columns(const struct screen *screen)
{
    return screen->columns < LEAST_WITH_TIME ? 0 : TIME_COLUMNS;
}

/* Where the run after `before` begins: in its row, if there is room for the shortest run. A row is
   without a break in time, so that its time is that of all its runs. */
static unsigned next_column(const struct history *history, const struct screen *screen,
                            const struct run *before, const struct run *run)
{
    char text[TEXT_BYTES];
    if (is_gap(before)) return 0;
    if (!is_gap(run) && run->piece.place != before->piece.place + before->n) return 0;
    unsigned column = before->column + write_run(text, history, screen, before);
    unsigned end = column + write_least(text, history, screen, run);
    return end > screen->columns - time_columns(screen) ? 0 : column;
}

static void place_run(struct history *history, const struct screen *screen, uint64_t i)
{
    struct run *run = run_at(history, i);
    run->column = i == first_run(history)
                      ? 0
                      : next_column(history, screen, run_at(history, i - 1), run);
    if (run->column == 0) history->n_row++;
}

/* On a screen of another width all rows are made again. A run has its column as soon as it begins,
   since the run before it has then ended. */
static void make_rows(struct history *history, const struct screen *screen)
{
    if (screen->columns != history->columns) {
        history->columns = screen->columns;
        history->n_placed = first_run(history);
        history->n_row = history->shown_row = 0;
    }
    while (history->n_placed < history->n_run) place_run(history, screen, history->n_placed++);
}

/* The run with which the last so many rows begin. */
static uint64_t first_of_rows(const struct history *history, unsigned rows)
{
    uint64_t i = history->n_run;
    while (rows > 0 && i > first_run(history)) rows -= run_at(history, --i)->column == 0;
    return i;
}

/* ---- adding and drawing ---------------------------------------------------------------------- */

void history_add(struct history *history, const struct piece *piece)
{
    if (history->n_run > 0 && piece->id < PIECE_DEVICE_LOST) {
        struct run *last = run_at(history, history->n_run - 1);
        if (last->piece.id == piece->id && piece->place == last->piece.place + last->n) {
            last->n++;
            return;
        }
    }
    *run_at(history, history->n_run++) = (struct run){.piece = *piece, .n = 1};
}

static void draw_time(const struct history *history, struct screen *screen, unsigned row,
                      const struct run *run)
{
    char text[48];
    uint64_t hundredths = (uint64_t)((double)run->piece.place * history->hop_s * 100 + 0.5);
    snprintf(text, sizeof text, "%3" PRIu64 ":%02u.%02u ", hundredths / 6000,
             (unsigned)(hundredths / 100 % 60), (unsigned)(hundredths % 100));
    text[TIME_COLUMNS - 1] = ' '; /* after 1,000 minutes there is no room for the last digit */
    screen_put(screen, row, 0, time_columns(screen), text, STYLE_FAINT);
}

static void draw_run(const struct history *history, struct screen *screen, unsigned row,
                     const struct run *run)
{
    char text[TEXT_BYTES];
    unsigned column = time_columns(screen) + run->column;
    unsigned end = column + write_run(text, history, screen, run);
    uint32_t style = is_gap(run) ? STYLE_ALARM
                     : history->style ? history->style[run->piece.id]
                                      : STYLE_PLAIN;
    column = screen_put(screen, row, column, end, text, style);
    while (column < end && column < screen->columns)
        column = screen_put(screen, row, column, end, " ", style);
}

void history_draw(struct history *history, struct screen *screen, unsigned rows, FILE *terminal)
{
    make_rows(history, screen);
    uint64_t top = history->n_row > rows ? history->n_row - rows : 0;
    if (terminal && top > history->shown_row)
        screen_scroll(screen, rows, (unsigned)(top - history->shown_row), terminal);
    history->shown_row = top;
    unsigned row = 0;
    for (uint64_t first = first_of_rows(history, rows), i = first; i < history->n_run; i++) {
        const struct run *run = run_at(history, i);
        if (run->column == 0 && i > first) row++;
        if (run->column == 0) draw_time(history, screen, row, run);
        draw_run(history, screen, row, run);
    }
}
