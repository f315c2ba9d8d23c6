/* SPDX-License-Identifier: MIT */
#include "tools/live/view.h"

#include "tools/base/growing.h"
#include "tools/live/host_clock.h"
#include "tools/live/interrupt.h"
#include "tools/live/picture.h"
#include "tools/live/ring.h"
#include "tools/live/terminal.h"
#include "tools/live/unit_style.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_WAITING = 1024 }; /* units for which the first thread has had no time */

#define CLIP_HELD_S 1.5

struct view {
    voq_info info;
    struct messages *messages;
    struct terminal terminal;
    bool was_terminal;
    FILE *said; /* writes into said_text */
    char *said_text;
    size_t said_size;

    struct ring pieces; /* struct piece, from the worker */
    _Atomic float peak;
    _Atomic bool clipped;

    struct picture picture;
    struct history history;
    struct screen screen;
    uint32_t *style;
    double clipped_until_s;
    unsigned columns, rows; /* of the terminal for which the screen was made */
    bool spoiled;           /* the terminal does not show the picture */
};

/* ---- opening and closing --------------------------------------------------------------------- */

static enum colours colours_of(const struct messages *messages)
{
    const char *depth = getenv("COLORTERM");
    if (!messages->colour) return COLOURS_NONE;
    bool all = depth && (strcmp(depth, "truecolor") == 0 || strcmp(depth, "24bit") == 0);
    return all ? COLOURS_ALL : COLOURS_256;
}

static bool make(struct view *view, const struct view_options *options, struct failure *failure)
{
    view->info.struct_size = sizeof view->info;
    if (voq_model_describe(options->model, &view->info) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the model cannot be described");
    view->said = open_memstream(&view->said_text, &view->said_size);
    if (!view->said || !ring_make(&view->pieces, MOST_WAITING, sizeof(struct piece)))
        return fail_memory(failure);
    view->screen.utf8 = setlocale(LC_CTYPE, "") && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    view->screen.colours = colours_of(view->messages);
    view->style = unit_styles(options->model, failure);
    view->history.hop_s = (double)view->info.hop_samples / view->info.rate_hz;
    view->history.label = options->label;
    view->history.style = view->style;
    view->picture.model = view->info.name;
    view->picture.rate_hz = view->info.rate_hz;
    view->picture.duration_s = options->duration_s;
    return view->style && history_make(&view->history, failure);
}

static void free_view(struct view *view)
{
    if (view->said) fclose(view->said);
    free(view->said_text);
    free(view->style);
    history_free(&view->history);
    screen_free(&view->screen);
    ring_free(&view->pieces);
    free(view);
}

bool view_open(struct view **out, const struct view_options *options, struct messages *messages,
               struct failure *failure)
{
    struct view *view = zeroed(1, sizeof *view, failure);
    if (!view) return false;
    view->messages = messages;
    if (!make(view, options, failure)) {
        free_view(view);
        return false;
    }
    view->terminal.file = messages->file;
    view->was_terminal = messages->terminal;
    messages->file = view->said;
    messages->terminal = false;
    terminal_take(&view->terminal);
    *out = view;
    return true;
}

void view_suspend(struct view *view)
{
    terminal_give_back(&view->terminal);
    interrupt_suspend();
    terminal_take(&view->terminal);
    view->spoiled = true;
}

void view_continue(struct view *view)
{
    terminal_retake(&view->terminal);
    view->spoiled = true;
}

void view_close(struct view *view)
{
    if (!view) return;
    FILE *file = view->terminal.file;
    terminal_give_back(&view->terminal);
    view->messages->file = file;
    view->messages->terminal = view->was_terminal;
    fflush(view->said);
    fwrite(view->said_text, 1, view->said_size, file);
    fflush(file);
    free_view(view);
}

/* ---- contents -------------------------------------------------------------------------------- */

static void give_piece(struct view *view, const struct piece *piece)
{
    if (ring_space(&view->pieces) > 0) ring_write(&view->pieces, piece, 1);
}

void view_unit(struct view *view, uint64_t place, uint32_t id)
{
    give_piece(view, &(struct piece){.place = place, .id = id});
}

void view_gap(struct view *view, uint64_t place, double lost_s, bool is_overrun)
{
    give_piece(view, &(struct piece){.place = place,
                                     .id = is_overrun ? PIECE_OVERRUN : PIECE_DEVICE_LOST,
                                     .lost_s = (float)lost_s});
}

void view_level(struct view *view, float peak, bool clipped)
{
    float shown = view->peak;
    while (peak > shown && !atomic_compare_exchange_weak(&view->peak, &shown, peak)) continue;
    if (clipped) view->clipped = true;
}

static void take_pieces(struct view *view)
{
    for (size_t n = ring_filled(&view->pieces); n > 0; n--) {
        struct piece piece;
        ring_peek(&view->pieces, 0, &piece, 1);
        ring_forget(&view->pieces, 1);
        history_add(&view->history, &piece);
    }
}

static void take_level(struct view *view)
{
    view->picture.peak = atomic_exchange(&view->peak, 0.0f);
    if (atomic_exchange(&view->clipped, false)) view->clipped_until_s = monotonic_s() + CLIP_HELD_S;
    view->picture.clipped = monotonic_s() < view->clipped_until_s;
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

/* ---- drawing --------------------------------------------------------------------------------- */

/* On a terminal of another size, or one that others wrote on, everything is drawn again. */
static bool fit_screen(struct view *view, struct failure *failure)
{
    unsigned columns, rows;
    terminal_size(&view->terminal, &columns, &rows);
    bool resized = columns != view->columns || rows != view->rows;
    if (!resized && !view->spoiled) return true;
    if (!view->spoiled) terminal_retake(&view->terminal);
    view->spoiled = false;
    view->columns = columns;
    view->rows = rows;
    return screen_resize(&view->screen, columns, rows, failure);
}

bool view_draw(struct view *view, const char *device, const struct stats *stats,
               struct failure *failure)
{
    char message[512];
    take_pieces(view);
    take_level(view);
    take_message(view, message, sizeof message);
    if (!fit_screen(view, failure)) return false;
    view->picture.device = device;
    view->picture.message = message;
    picture_draw(&view->screen, &view->picture, &view->history, stats, view->terminal.file);
    screen_show(&view->screen, view->terminal.file);
    fflush(view->terminal.file);
    return true;
}
