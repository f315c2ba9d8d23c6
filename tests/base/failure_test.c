/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/base/failure.h"

#include <stdlib.h>

static void a_failure_holds_code_and_sentence(void)
{
    struct failure failure;
    CHECK(!fail(&failure, EXIT_INPUT, "%s:%d: bad", "a.tsv", 3));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text, "a.tsv:3: bad");
}

static void a_sentence_too_long_keeps_what_to_do(void)
{
    struct failure failure;
    char path[5000];
    memset(path, 'p', sizeof path);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    fail(&failure, EXIT_INPUT, "%s:7: is empty; remove it", path);
    CHECK_EQ(strlen(failure.text), sizeof failure.text - 1);
    CHECK(strncmp(failure.text, "/ppp", 4) == 0);
    CHECK(strstr(failure.text, "p ... p") != NULL);
    CHECK_STR(failure.text + strlen(failure.text) - 24, "p:7: is empty; remove it");
}

static void a_sentence_that_just_fits_is_whole(void)
{
    struct failure failure;
    char text[sizeof failure.text];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    fail(&failure, EXIT_INPUT, "%s", text);
    CHECK_STR(failure.text, text);
}

int main(void)
{
    RUN(a_failure_holds_code_and_sentence);
    RUN(a_sentence_too_long_keeps_what_to_do);
    RUN(a_sentence_that_just_fits_is_whole);
    return check_done();
}
