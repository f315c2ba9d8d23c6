/* SPDX-License-Identifier: MIT */
/* A picture that fits the window, whatever its size; colour only where it is wanted. */
#include "tests/support/check.h"

#include "tools/live/picture.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

static struct stats stats;
static struct failure failure;

struct shown {
    struct screen screen;
    struct history history;
    struct picture picture;
    char text[65536]; /* of the screen, rows ended by newlines */
};

/* Three units of each id from 0 on. */
static void show_runs(struct shown *shown, uint32_t n)
{
    *shown = (struct shown){.screen = {.utf8 = true}, .history = {.hop_s = 0.01}};
    shown->picture = (struct picture){.model = "mfcc-100", .rate_hz = 16000, .peak = 0.5f,
                                      .device = "Mikrofon im Arbeitszimmer \xc3\xbc",
                                      .message = ""};
    CHECK(history_make(&shown->history, &failure));
    for (uint32_t i = 0; i < 3 * n; i++)
        history_add(&shown->history, &(struct piece){.place = i, .id = i / 3});
}

static void draw(struct shown *shown, unsigned columns, unsigned rows)
{
    char *at = shown->text;
    if (shown->screen.columns != columns || shown->screen.rows != rows)
        CHECK(screen_resize(&shown->screen, columns, rows, &failure));
    picture_draw(&shown->screen, &shown->picture, &shown->history, &stats, NULL);
    for (size_t i = 0; i < (size_t)shown->screen.columns * shown->screen.rows; i++) {
        at = stpcpy(at, shown->screen.cell[i].text);
        if ((i + 1) % shown->screen.columns == 0) at = stpcpy(at, "\n");
    }
}

/* What is written to the terminal. */
static size_t write_screen(struct shown *shown, char *text, size_t size)
{
    FILE *file = fmemopen(text, size, "w");
    if (!file) return 0;
    screen_show(&shown->screen, file);
    size_t n = (size_t)ftell(file);
    fclose(file);
    return n;
}

static void forget(struct shown *shown)
{
    history_free(&shown->history);
    screen_free(&shown->screen);
}

static void every_window_is_filled_with_the_newest_units(void)
{
    static struct shown shown;
    static char written[1 << 20];
    static const unsigned size[][2] = {{1, 1}, {2, 3}, {20, 5}, {29, 2}, {30, 2}, {37, 12},
                                       {80, 24}, {200, 60}, {1000, 3}, {5000, 2000}};
    show_runs(&shown, 4000);
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        if (size[i][0] < 5000) draw(&shown, size[i][0], size[i][1]);
        if (size[i][0] == 5000) CHECK(screen_resize(&shown.screen, 5000, 2000, &failure));
        picture_draw(&shown.screen, &shown.picture, &shown.history, &stats, NULL);
        CHECK(write_screen(&shown, written, sizeof written) > 0);
        CHECK(size[i][0] < 20 || size[i][0] == 5000 || strstr(shown.text, "3999 ") != NULL);
        CHECK(shown.text[0] != ' ' || size[i][0] >= 30);
    }
    forget(&shown);
}

static void runs_are_shown_once_and_their_rows_have_their_time(void)
{
    static struct shown shown;
    show_runs(&shown, 100);
    draw(&shown, 40, 24);
    CHECK(strstr(shown.text, " 97 98 99 ") != NULL);
    CHECK(strstr(shown.text, "99 99") == NULL);
    CHECK(strstr(shown.text, "\n  0:02.70 90 91 92") != NULL);
    history_add(&shown.history,
                &(struct piece){.place = 300, .id = PIECE_OVERRUN, .lost_s = 0.25f});
    history_add(&shown.history, &(struct piece){.place = 325, .id = 99});
    history_add(&shown.history, &(struct piece){.place = 326, .id = 99});
    history_add(&shown.history, &(struct piece){.place = 6000, .id = 99});
    history_add(&shown.history,
                &(struct piece){.place = 6001, .id = PIECE_DEVICE_LOST, .lost_s = 1e-4f});
    history_add(&shown.history, &(struct piece){.place = 6002, .id = 99});
    history_add(&shown.history, &(struct piece){.place = 6000012, .id = 99});
    draw(&shown, 60, 24);
    CHECK(strstr(shown.text, " 99 [250 ms lost: overrun] ") != NULL);
    CHECK(strstr(shown.text, "\n  0:03.25 99  ") != NULL);
    CHECK(strstr(shown.text, "\n  1:00.00 99 [0.1 ms lost: device]  ") != NULL);
    CHECK(strstr(shown.text, "\n  1:00.02 99  ") != NULL);
    CHECK(strstr(shown.text, "\n1000:00.1 99  ") != NULL);
    forget(&shown);
}

static void a_run_is_as_wide_as_it_is_long_or_states_its_seconds(void)
{
    static const uint32_t length[] = {1, 5, 16, 17, 500, 1};
    static struct shown shown;
    show_runs(&shown, 0);
    for (uint64_t i = 0, id = 6, end = 0; id < 12; id++)
        for (end += length[id - 6]; i < end; i++)
            history_add(&shown.history, &(struct piece){.place = i, .id = (uint32_t)id});
    draw(&shown, 80, 4);
    CHECK(strstr(shown.text, " 6 7    8               9 0.17 s        10 5.00 s       11 "));
    forget(&shown);
}

static void labels_stand_behind_their_units(void)
{
    static const char *label[100];
    static struct shown shown;
    show_runs(&shown, 100);
    for (uint32_t i = 0; i < 100; i++) label[i] = "";
    label[97] = "\311\231\314\203"; /* one column, of a letter and its tilde */
    label[98] = "A\033[2J\302\233H";
    label[99] = "a label of a length that no line of a view has room for";
    shown.history.label = label;
    setlocale(LC_CTYPE, "C.UTF-8");
    draw(&shown, 100, 24);
    CHECK(strstr(shown.text, " 97 (\311\231\314\203) 98 (A?[2J?H) 99 (a label of") != NULL);
    shown.screen.utf8 = false;
    draw(&shown, 99, 24);
    CHECK(strstr(shown.text, " 97 (?") != NULL && strstr(shown.text, "Arbeitszimmer ?") != NULL);
    for (const char *at = shown.text; *at; at++) CHECK((unsigned char)*at < 0x80);
    forget(&shown);
}

static void wide_characters_take_two_columns(void)
{
    static struct shown shown;
    show_runs(&shown, 1);
    setlocale(LC_CTYPE, "C.UTF-8");
    shown.picture.message = "\351\272\246\345\205\213\351\243\216 mic";
    draw(&shown, 30, 20);
    CHECK(screen_columns(&shown.screen, shown.picture.message) == 10);
    CHECK(strstr(shown.text, "\351\272\246\345\205\213\351\243\216 mic") != NULL);
    draw(&shown, 3, 20); /* half a character has no place */
    CHECK(strstr(shown.text, "\n\351\272\246 \n") != NULL);
    forget(&shown);
}

static void clipping_is_marked_and_silence_is_calm(void)
{
    static struct shown shown;
    show_runs(&shown, 1);
    for (unsigned rows = 4; rows <= 24; rows += 20) {
        shown.picture.clipped = false;
        shown.picture.peak = 0.5f;
        draw(&shown, 80, rows);
        CHECK(strstr(shown.text, " -6 dB") != NULL && strstr(shown.text, "CLIP") == NULL);
        shown.picture.clipped = true;
        shown.picture.peak = 0;
        draw(&shown, 80, rows);
        CHECK(strstr(shown.text, "-60 dB  CLIP") != NULL);
    }
    forget(&shown);
}

static void only_what_differs_is_written(void)
{
    static struct shown shown;
    char text[4096];
    show_runs(&shown, 300);
    draw(&shown, 60, 20);
    CHECK(write_screen(&shown, text, sizeof text) > 300);
    draw(&shown, 60, 20);
    CHECK(write_screen(&shown, text, sizeof text) == 0);
    shown.picture.message = "x";
    draw(&shown, 60, 20);
    CHECK(write_screen(&shown, text, sizeof text) == strlen("\033[16;1Hx"));
    CHECK(strncmp(text, "\033[16;1Hx", 8) == 0);
    forget(&shown);
}

static void colours_are_of_the_kind_that_the_terminal_has(void)
{
    static const uint32_t red = STYLE_FILL | STYLE_BLACK_INK | 0xff0000;
    static struct shown shown;
    static const char *const sequence[] = {"\033", "\033[48;5;196m", "\033[48;2;255;0;0m"};
    char text[4096];
    for (enum colours colours = COLOURS_NONE; colours <= COLOURS_ALL; colours++) {
        show_runs(&shown, 1);
        shown.screen.colours = colours;
        shown.history.style = &red;
        draw(&shown, 60, 1);
        text[write_screen(&shown, text, sizeof text)] = 0;
        const char *coloured = strstr(text, sequence[colours]);
        CHECK(colours == COLOURS_NONE || (coloured && strstr(coloured, "m0  \033[m")));
        CHECK(colours != COLOURS_NONE || strcmp(text, "\033[1;3H0:00.00\033[1;11H0") == 0);
        forget(&shown);
    }
}

static void the_delay_that_is_told_is_the_whole(void)
{
    static struct stats told;
    static struct shown shown;
    char line[256];
    told.device_ms = 80;
    told.resampler_ms = 40;
    told.look_ahead_ms = 57.5;
    latency_add(&told.latency, 0.0025);
    CHECK(stats_delay_ms(&told) >= 180 && stats_delay_ms(&told) < 180.3);
    stats_line(&told, line, sizeof line);
    CHECK(strstr(line, "delay up to 180 ms: device 80, resampler 40, look-ahead 57.5") != NULL);
    show_runs(&shown, 1);
    stats = told;
    draw(&shown, 120, 24);
    CHECK(strstr(shown.text, "delay 180 ms") != NULL);
    forget(&shown);
}

static void quantiles_of_latency_are_those_of_the_list(void)
{
    static struct latency latency;
    for (int i = 1; i <= 10000; i++) latency_add(&latency, i * 1e-5);
    CHECK(latency_quantile_ms(&latency, 0.50) >= 50 && latency_quantile_ms(&latency, 0.50) <= 54);
    CHECK(latency_quantile_ms(&latency, 0.99) >= 99 && latency_quantile_ms(&latency, 0.99) <= 100);
    CHECK(latency_quantile_ms(&latency, 1) >= 100 && latency_quantile_ms(&latency, 1) <= 100.001);
}

int main(void)
{
    RUN(every_window_is_filled_with_the_newest_units);
    RUN(runs_are_shown_once_and_their_rows_have_their_time);
    RUN(a_run_is_as_wide_as_it_is_long_or_states_its_seconds);
    RUN(labels_stand_behind_their_units);
    RUN(wide_characters_take_two_columns);
    RUN(clipping_is_marked_and_silence_is_calm);
    RUN(only_what_differs_is_written);
    RUN(colours_are_of_the_kind_that_the_terminal_has);
    RUN(the_delay_that_is_told_is_the_whole);
    RUN(quantiles_of_latency_are_those_of_the_list);
    return check_done();
}
