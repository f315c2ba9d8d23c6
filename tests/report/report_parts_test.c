/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* open_memstream */
#include "tests/support/check.h"
#include "tools/report/html.h"
#include "tools/report/phone_class.h"

#include <math.h>
#include <stdlib.h>

static char *written;
static size_t n_written;

static FILE *begin(void)
{
    free(written);
    return open_memstream(&written, &n_written);
}

static void text_shows_as_it_is(void)
{
    FILE *file = begin();
    html_text(file, "a<b>&\"c\" \xc3\xa9 \x1b[1m \xff");
    fclose(file);
    CHECK_STR(written, "a&lt;b&gt;&amp;&quot;c&quot; \xc3\xa9 ?[1m ?");
}

static void a_number_that_is_undefined_is_a_dash(void)
{
    FILE *file = begin();
    html_number(file, 0.125, 2);
    html_number(file, (double)NAN, 2);
    html_number(file, (double)INFINITY, 2);
    fclose(file);
    CHECK_STR(written, "0.12\xe2\x80\x93\xe2\x80\x93");
}

static void base64_is_that_of_rfc_4648_however_it_is_cut(void)
{
    static const char *const expected[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=",
                                           "Zm9vYmFy"};
    for (size_t n = 0; n <= 6; n++)
        for (size_t cut = 0; cut <= n; cut++) {
            struct base64 base64 = {.file = begin()};
            base64_put(&base64, "foobar", cut);
            base64_put(&base64, &"foobar"[cut], n - cut);
            base64_end(&base64);
            fclose(base64.file);
            CHECK_STR(written, expected[n]);
        }
}

static void phones_of_all_alphabets_have_their_class(void)
{
    static const struct {
        const char *label;
        enum phone_class class;
    } phone[] = {
        {"IY", PHONE_VOWEL},      {"aa", PHONE_VOWEL},      {"\xc9\x99", PHONE_VOWEL},
        {"i\xcb\x90", PHONE_VOWEL}, {"EY", PHONE_DIPHTHONG}, {"aj", PHONE_DIPHTHONG},
        {"a\xca\x8a", PHONE_DIPHTHONG}, {"HH", PHONE_APPROXIMANT}, {"\xc9\xb9", PHONE_APPROXIMANT},
        {"NG", PHONE_NASAL},      {"\xc5\x8b", PHONE_NASAL}, {"S", PHONE_FRICATIVE},
        {"\xca\x83", PHONE_FRICATIVE}, {"CH", PHONE_AFFRICATE}, {"t\xca\x83", PHONE_AFFRICATE},
        {"t\xcd\xa1\xca\x83", PHONE_AFFRICATE}, {"tcl", PHONE_STOP}, {"t", PHONE_STOP},
        {"t\xca\xb0", PHONE_STOP}, {"17", PHONE_OTHER}, {"", PHONE_OTHER}};
    for (size_t i = 0; i < sizeof phone / sizeof *phone; i++)
        CHECK_EQ(phone_class_of(phone[i].label, false), phone[i].class);
    CHECK_EQ(phone_class_of("sil", true), PHONE_SILENCE);
    CHECK(phone_class_place("IY") < phone_class_place("UW"));
}

int main(void)
{
    RUN(text_shows_as_it_is);
    RUN(a_number_that_is_undefined_is_a_dash);
    RUN(base64_is_that_of_rfc_4648_however_it_is_cut);
    RUN(phones_of_all_alphabets_have_their_class);
    free(written);
    return check_done();
}
