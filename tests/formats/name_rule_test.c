/* SPDX-License-Identifier: MIT */
/* A name that a format cannot hold is refused: written anyway, it would split lines or overwrite
   another file. */
#include "tests/support/check.h"

#include "tools/formats/format.h"

#include <stdlib.h>

static struct failure failure;

/* The name as written, or "refused". */
static const char *written(enum name_rule rule, const char *name, bool escape)
{
    static char text[256];
    char *copy;
    if (!format_name(rule, "FORMAT", name, escape, &copy, &failure)) return "refused";
    snprintf(text, sizeof text, "%s", copy);
    free(copy);
    return text;
}

static void names_are_never_changed_silently(void)
{
    static const char *const name[] = {"a b", "a|b", "a\"b", "a\tb", "\xC3\xA9", "", "a/b", ".",
                                       ";;a", "a\xFF", "a\n"};
    static const char *const allowed[] = {
        [NAME_ANY] = "+++++++++++",  [NAME_BAR] = "+-++++++++-",   [NAME_TABBED] = "+++-++++++-",
        [NAME_JSON] = "+++++++++-+", [NAME_TOKEN] = "-++-+-+++--", [NAME_CTM] = "-++-+-++---",
        [NAME_FILE] = "+++++---+++",   [NAME_PATH] = "+++++-+-+++"};
    for (int rule = NAME_ANY; rule <= NAME_PATH; rule++)
        for (size_t i = 0; i < sizeof name / sizeof *name; i++)
            CHECK_STR(written((enum name_rule)rule, name[i], false),
                      allowed[rule][i] == '+' ? name[i] : "refused");
}

static void a_path_leads_out_of_no_folder(void)
{
    static const char *const bad[] = {"/a", "a/", "a//b", "..", "../a", "a/..", "a/../b", "./a",
                                      "a/./b", "a/.", "/", "//"};
    static const char *const good[] = {"a/b/c", "..a/b", "a/...", ".a", "a/b..", "a/.b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_STR(written(NAME_PATH, bad[i], false), "refused");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CHECK_STR(written(NAME_PATH, good[i], false), good[i]);
    CHECK_STR(written(NAME_PATH, "/a/../b/", true), "%2Fa/%2E./b%2F");
}

static void the_refusal_says_which_byte(void)
{
    CHECK_STR(written(NAME_BAR, "ab|c", false), "refused");
    CHECK_STR(failure.text, "ab|c: the name cannot be written as FORMAT ('|' at byte 2); rename "
                            "it or add --name-escape");
    CHECK_EQ(failure.code, EXIT_INPUT);
}

static void escaping_is_asked_for(void)
{
    CHECK_STR(written(NAME_BAR, "a|b\nc", true), "a%7Cb%0Ac");
    CHECK_STR(written(NAME_FILE, "a/b", true), "a%2Fb");
    CHECK_STR(written(NAME_FILE, "..", true), "%2E.");
    CHECK_STR(written(NAME_CTM, ";;a b", true), "%3B;a%20b");
    CHECK_STR(written(NAME_JSON, "a\xC3", true), "a%C3");
    CHECK_STR(written(NAME_JSON, "\xC3\xA9", true), "\xC3\xA9");
    CHECK_STR(written(NAME_TOKEN, "", true), "refused");
}

int main(void)
{
    RUN(names_are_never_changed_silently);
    RUN(a_path_leads_out_of_no_folder);
    RUN(the_refusal_says_which_byte);
    RUN(escaping_is_asked_for);
    return check_done();
}
