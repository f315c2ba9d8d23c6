/* SPDX-License-Identifier: MIT */
/* A picture that fits the window, whatever its size; colour only where it is wanted. */
#include "tests/support/check.h"

#include "tools/live/view.h"

#include <stdlib.h>

static struct stats stats;
static uint32_t recent[300];

static struct view_state state_of(bool colour)
{
    for (uint32_t i = 0; i < 300; i++) recent[i] = i / 3;
    return (struct view_state){.model = "mfcc-100", .device = "Mikrofon im Arbeitszimmer \xc3\xbc",
                               .message = "", .rate_hz = 16000, .peak = 0.5f, .colour = colour,
                               .recent = recent, .n_recent = 300};
}

/* Columns of the widest line; escapes take none. */
static unsigned widest(const char *text, unsigned *n_line)
{
    unsigned most = 0, column = 0;
    *n_line = 0;
    for (; *text; text++) {
        if (*text == '\033') {
            text += strcspn(text, "mKJ");
        } else if (*text == '\n') {
            column = 0;
            ++*n_line;
        } else if (*text != '\r' && ((unsigned char)*text & 0xC0) != 0x80) {
            if (++column > most) most = column;
        }
    }
    return most;
}

static void it_fits_every_window(void)
{
    static const unsigned size[][2] = {{20, 5}, {37, 12}, {80, 24}, {200, 60}, {1000, 3}};
    char text[32768];
    struct view_state state = state_of(true);
    for (size_t i = 0; i < sizeof size / sizeof size[0]; i++) {
        unsigned n_line;
        view_text(text, sizeof text, size[i][0], size[i][1], &state, &stats);
        CHECK(widest(text, &n_line) <= size[i][0]);
        CHECK(n_line < size[i][1]);
    }
}

static void the_newest_units_are_shown_and_runs_are_one(void)
{
    char text[32768];
    struct view_state state = state_of(false);
    view_text(text, sizeof text, 40, 24, &state, &stats);
    CHECK(strstr(text, "97 98 99 ") != NULL);
    CHECK(strstr(text, "99 99") == NULL);
    recent[299] = VIEW_GAP;
    view_text(text, sizeof text, 40, 24, &state, &stats);
    CHECK(strstr(text, "99 -- ") != NULL);
}

static void labels_stand_behind_their_units(void)
{
    static const char *label[100];
    char text[32768];
    unsigned n_line;
    struct view_state state = state_of(false);
    for (uint32_t i = 0; i < 100; i++) label[i] = "";
    label[98] = "A\033[2J\302\233H";
    label[99] = "a label of a length that no line of a view has room for";
    state.label = label;
    view_text(text, sizeof text, 80, 24, &state, &stats);
    CHECK(strstr(text, " 97 98 (A?[2J?H) 99 (a label of a length") != NULL);
    label[97] = "\311\231";
    label[99] = "AH";
    view_text(text, sizeof text, 31, 24, &state, &stats);
    CHECK(strstr(text, "\n96 97 (\311\231) 98 (A?[2J?H) 99 (AH) ") != NULL);
    view_text(text, sizeof text, 30, 24, &state, &stats);
    CHECK(strstr(text, "\n97 (\311\231) 98") != NULL);
    CHECK(widest(text, &n_line) <= 30);
}

static void clipping_is_marked_and_silence_is_calm(void)
{
    char text[32768];
    struct view_state state = state_of(false);
    view_text(text, sizeof text, 80, 24, &state, &stats);
    CHECK(strstr(text, "-6 dB") != NULL);
    CHECK(strstr(text, "CLIP") == NULL);
    state.clipped = true;
    state.peak = 0;
    view_text(text, sizeof text, 80, 24, &state, &stats);
    CHECK(strstr(text, "-60 dB CLIP") != NULL);
}

static void no_colour_means_none(void)
{
    char text[32768];
    struct view_state state = state_of(false);
    view_text(text, sizeof text, 80, 24, &state, &stats);
    CHECK(strstr(text, "\033[38") == NULL && strstr(text, "\033[0m") == NULL);
    state.colour = true;
    view_text(text, sizeof text, 80, 24, &state, &stats);
    CHECK(strstr(text, "\033[38") != NULL);
}

static void the_delay_that_is_told_is_the_whole(void)
{
    static struct stats told;
    char text[32768], line[256];
    struct view_state state = state_of(false);
    told.device_ms = 80;
    told.resampler_ms = 40;
    told.look_ahead_ms = 57.5;
    latency_add(&told.latency, 0.0025);
    CHECK(stats_delay_ms(&told) >= 180 && stats_delay_ms(&told) < 180.3);
    stats_line(&told, line, sizeof line);
    CHECK(strstr(line, "delay up to 180 ms: device 80, resampler 40, look-ahead 57.5") != NULL);
    view_text(text, sizeof text, 80, 24, &state, &told);
    CHECK(strstr(text, "delay 180 ms") != NULL);
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
    RUN(it_fits_every_window);
    RUN(the_newest_units_are_shown_and_runs_are_one);
    RUN(labels_stand_behind_their_units);
    RUN(clipping_is_marked_and_silence_is_calm);
    RUN(no_colour_means_none);
    RUN(the_delay_that_is_told_is_the_whole);
    RUN(quantiles_of_latency_are_those_of_the_list);
    return check_done();
}
