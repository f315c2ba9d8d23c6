/* SPDX-License-Identifier: MIT */
#include "tools/live/picture.h"

#include <inttypes.h>
#include <math.h>

#define QUIETEST_DB (-60)

enum {
    ROWS_PER_LINE = 4, /* of the screen, for one line below the history */
    WIDEST_LEVEL = 60,
    ITEM_BYTES = 160
};

/* The lines below the history, the most important one last. */
enum line { LINE_MESSAGE, LINE_MODEL, LINE_DELAY, LINE_LEVEL, LINE_STATUS, N_LINE };

/* A line of items; an item that does not fit whole is left out, with those after it. */
struct line_end {
    struct screen *screen;
    unsigned row, column;
    bool full;
};

static void put_item(struct line_end *end, const char *text, uint32_t style)
{
    struct screen *screen = end->screen;
    unsigned column = end->column > 0 ? end->column + 2 : 0;
    if (column > 0 && column + screen_columns(screen, text) > screen->columns) end->full = true;
    if (end->full || !text[0]) return;
    end->column = screen_put(screen, end->row, column, screen->columns, text, style);
}

/* The last item of a line may be cut. */
static void put_last(struct line_end *end, const char *text, uint32_t style)
{
    unsigned column = end->column > 0 ? end->column + 2 : 0;
    if (!end->full) screen_put(end->screen, end->row, column, end->screen->columns, text, style);
}

/* ---- the level ------------------------------------------------------------------------------- */

static double level_db(const struct picture *picture)
{
    double db = picture->peak > 0 ? 20 * log10((double)picture->peak) : QUIETEST_DB;
    return db < QUIETEST_DB ? QUIETEST_DB : db;
}

static void put_level_item(struct line_end *end, const struct picture *picture)
{
    char text[ITEM_BYTES];
    snprintf(text, sizeof text, "%3ld dB", lround(level_db(picture)));
    put_item(end, text, STYLE_PLAIN);
    if (picture->clipped) put_item(end, "CLIP", STYLE_ALARM);
}

static void put_level(struct line_end *end, const struct picture *picture)
{
    char bar[WIDEST_LEVEL + 3];
    unsigned columns = end->screen->columns, width = columns > 24 ? columns - 18 : 6, n = 0;
    if (width > WIDEST_LEVEL) width = WIDEST_LEVEL;
    long filled = lround((1 - level_db(picture) / QUIETEST_DB) * width);
    bar[n++] = '[';
    for (unsigned i = 0; i < width; i++) bar[n++] = i < filled ? '#' : '.';
    bar[n++] = ']';
    bar[n] = 0;
    put_item(end, bar, STYLE_PLAIN);
    put_level_item(end, picture);
}

/* ---- figures --------------------------------------------------------------------------------- */

static void put_time(struct line_end *end, double elapsed_s, double duration_s)
{
    char text[ITEM_BYTES];
    unsigned s = (unsigned)elapsed_s, whole = (unsigned)ceil(duration_s);
    int n = snprintf(text, sizeof text, "%u:%02u:%02u", s / 3600, s / 60 % 60, s % 60);
    if (whole > 0)
        snprintf(text + n, sizeof text - (size_t)n, " of %u:%02u:%02u", whole / 3600,
                 whole / 60 % 60, whole % 60);
    put_item(end, text, STYLE_PLAIN);
}

static void put_losses(struct line_end *end, const struct stats *stats, uint32_t rate_hz)
{
    char text[ITEM_BYTES];
    uint64_t n_gap = stats->n_gap, n_overrun = stats->n_overrun;
    if (n_gap == 0) {
        put_item(end, "nothing lost", STYLE_PLAIN);
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64 " gap%s, %.2f s lost", n_gap, n_gap == 1 ? "" : "s",
             (double)stats->lost / rate_hz);
    put_item(end, text, STYLE_ALARM);
    snprintf(text, sizeof text, "%" PRIu64 " overrun%s", n_overrun, n_overrun == 1 ? "" : "s");
    if (n_overrun > 0) put_item(end, text, STYLE_PLAIN);
}

static void put_status(struct line_end *end, const struct picture *picture,
                       const struct stats *stats, bool with_level)
{
    char text[ITEM_BYTES];
    struct stats_summary summary;
    stats_summarize(stats, &summary);
    put_time(end, summary.elapsed_s, picture->duration_s);
    put_item(end, "Ctrl-C ends it", STYLE_PLAIN);
    if (!picture->device[0]) put_item(end, "waiting for the device", STYLE_ALARM);
    if (with_level) put_level_item(end, picture);
    put_losses(end, stats, picture->rate_hz);
    snprintf(text, sizeof text, "%" PRIu64 " units", stats->n_unit);
    put_item(end, text, STYLE_PLAIN);
    snprintf(text, sizeof text, "delay %.0f ms", stats_delay_ms(stats));
    put_item(end, text, STYLE_PLAIN);
}

static void put_delay(struct line_end *end, const struct stats *stats)
{
    char text[ITEM_BYTES];
    struct stats_summary summary;
    stats_summarize(stats, &summary);
    snprintf(text, sizeof text, "latency p99 %.1f ms",
             latency_quantile_ms(&stats->latency, 0.99));
    put_item(end, text, STYLE_FAINT);
    snprintf(text, sizeof text, "look-ahead %.1f", stats->look_ahead_ms);
    put_item(end, text, STYLE_FAINT);
    snprintf(text, sizeof text, "device %.0f", (double)stats->device_ms);
    put_item(end, text, STYLE_FAINT);
    snprintf(text, sizeof text, "resampler %.0f", (double)stats->resampler_ms);
    put_item(end, text, STYLE_FAINT);
    snprintf(text, sizeof text, "CPU %.1f %%", 100 * summary.cpu_share);
    put_item(end, text, STYLE_FAINT);
}

static void put_model(struct line_end *end, const struct picture *picture,
                      const struct stats *stats)
{
    char text[ITEM_BYTES];
    snprintf(text, sizeof text, "%s, %u Hz", picture->model, picture->rate_hz);
    put_item(end, text, STYLE_FAINT);
    snprintf(text, sizeof text, "device %.1f Hz", (double)stats->device_hz);
    if (picture->device[0] && stats->device_hz > 0) put_item(end, text, STYLE_FAINT);
    put_last(end, picture->device, STYLE_FAINT);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* The lines below the history: one in a low window, none in a window of one row. */
static unsigned lines_below(unsigned rows)
{
    unsigned n = rows / ROWS_PER_LINE;
    if (rows < 2) return 0;
    return n < 1 ? 1 : n > N_LINE ? N_LINE : n;
}

void picture_draw(struct screen *screen, const struct picture *picture, struct history *history,
                  const struct stats *stats, FILE *terminal)
{
    unsigned n_line = lines_below(screen->rows);
    screen_blank(screen);
    history_draw(history, screen, screen->rows - n_line, terminal);
    for (unsigned i = 0; i < n_line; i++) {
        struct line_end end = {.screen = screen, .row = screen->rows - n_line + i};
        switch ((enum line)(N_LINE - n_line + i)) {
        case LINE_MESSAGE: put_last(&end, picture->message, STYLE_FAINT); break;
        case LINE_MODEL: put_model(&end, picture, stats); break;
        case LINE_DELAY: put_delay(&end, stats); break;
        case LINE_LEVEL: put_level(&end, picture); break;
        case LINE_STATUS: put_status(&end, picture, stats, n_line < N_LINE - LINE_LEVEL); break;
        case N_LINE: break;
        }
    }
}
