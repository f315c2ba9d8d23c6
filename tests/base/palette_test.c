/* SPDX-License-Identifier: MIT */
/* The colours of units: those of the microphone page, in an order that everybody sees. */
#include "tests/support/check.h"

#include "tools/base/palette.h"

#include <math.h>

static struct failure failure;

static double lightness(uint32_t rgb)
{
    return 0.2126 * (rgb >> 16 & 255) + 0.7152 * (rgb >> 8 & 255) + 0.0722 * (rgb & 255);
}

static void colours_are_those_of_the_page(void)
{
    CHECK(palette_rgb(0) == 0x3f3a8a);
    CHECK(palette_rgb(0.5) == 0x00a790);
    CHECK(palette_rgb(1) == 0xfbc865);
}

static void the_order_is_seen_without_hues(void)
{
    double last = -1;
    for (int i = 0; i <= 10; i++) {
        double now = lightness(palette_rgb(i / 10.0));
        CHECK(now > last);
        last = now;
    }
    CHECK(!palette_takes_black(0) && palette_takes_black(1));
}

static void components_find_the_longest_axis_and_then_the_next(void)
{
    const float x[4][3] = {{-10, 1, 0}, {-5, -1, 0}, {5, -1, 0}, {10, 1, 0}};
    double xy[4][2];
    CHECK(principal_project(&x[0][0], 4, 3, xy, &failure));
    for (int i = 0; i < 4; i++) {
        CHECK(fabs(xy[i][0] - (double)x[i][0]) < 1e-9);
        CHECK(fabs(fabs(xy[i][1]) - 1) < 1e-9);
    }
}

static void codewords_without_extent_are_in_one_place(void)
{
    const float x[3][2] = {{4, 4}, {4, 4}, {4, 4}};
    double xy[3][2];
    CHECK(principal_project(&x[0][0], 3, 2, xy, &failure));
    for (int i = 0; i < 3; i++) CHECK(xy[i][0] == 0 && xy[i][1] == 0);
}

static void places_are_ranks_and_equals_stand_in_their_order(void)
{
    const double value[] = {3, -1, 3, 7, -2};
    double place[5];
    CHECK(palette_places(value, 5, place, &failure));
    CHECK(place[4] == 0 && place[1] == 0.25 && place[0] == 0.5 && place[2] == 0.75 &&
          place[3] == 1);
    CHECK(palette_places(value, 1, place, &failure) && place[0] == 0);
}

int main(void)
{
    RUN(colours_are_those_of_the_page);
    RUN(the_order_is_seen_without_hues);
    RUN(components_find_the_longest_axis_and_then_the_next);
    RUN(codewords_without_extent_are_in_one_place);
    RUN(places_are_ranks_and_equals_stand_in_their_order);
    return check_done();
}
