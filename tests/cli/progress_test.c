/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/cli/progress.h"

#include <stdlib.h>

static char *text;
static size_t n_text;
static struct messages messages;

/* A run of 200 s that was at `first` after 100 s and is at `now`. */
static void show(double first, double now)
{
    struct progress progress;
    FILE *file = open_memstream(&text, &n_text);
    messages_init(&messages, file);
    progress_start(&progress, &messages, "frames/s");
    progress_update(&progress, first, 0, "begun");
    progress.start_s -= 200;
    progress.first_s -= 100;
    progress.shown_s -= 100;
    progress_update(&progress, now, 5000, "going on");
    fclose(file);
}

static void the_time_left_follows_from_the_work_since_the_first_update(void)
{
    show(0, .25);
    CHECK(strstr(text, " 25%") && strstr(text, "  5:00 left\n"));
    free(text);
}

static void a_resumed_run_does_not_count_what_was_done_before_it(void)
{
    show(.5, .6);
    CHECK(strstr(text, " 60%") && strstr(text, "  6:40 left\n"));
    free(text);
}

static void work_that_has_not_begun_has_no_time_left(void)
{
    show(.5, .5);
    CHECK(strstr(text, "-:-- left\n") && strstr(text, "25 frames/s"));
    free(text);
}

int main(void)
{
    RUN(the_time_left_follows_from_the_work_since_the_first_update);
    RUN(a_resumed_run_does_not_count_what_was_done_before_it);
    RUN(work_that_has_not_begun_has_no_time_left);
    return check_done();
}
