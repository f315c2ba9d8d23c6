/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/line_reader.h"

static struct failure failure;

static void lines_come_without_their_ends(void)
{
    struct line_reader *reader;
    char *line;
    size_t length;
    CHECK(line_reader_open(&reader, scratch_text("a", "one\r\n\ntwo \t\r\r\nthree\r"), &failure));
    static const char *const expected[] = {"one", "", "two", "three"};
    for (size_t i = 0; i < 4; i++) {
        CHECK(line_reader_next(reader, &line, &length, &failure));
        CHECK(line != NULL);
        CHECK_STR(line, expected[i]);
        CHECK_EQ(length, strlen(expected[i]));
        CHECK_EQ(line_reader_number(reader), i + 1);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(line_reader_next(reader, &line, &length, &failure));
        CHECK(line == NULL);
    }
    line_reader_close(reader);
}

static void a_line_longer_than_the_buffer_is_whole(void)
{
    enum { LONG = 300000 };
    static char text[2 * LONG + 2];
    memset(text, 'a', LONG);
    text[LONG] = '\n';
    memset(text + LONG + 1, 'b', LONG);
    struct line_reader *reader;
    char *line;
    size_t length;
    CHECK(line_reader_open(&reader, scratch_text("long", text), &failure));
    CHECK(line_reader_next(reader, &line, &length, &failure) && length == LONG);
    CHECK(line[0] == 'a' && line[LONG - 1] == 'a' && line[LONG] == '\0');
    CHECK(line_reader_next(reader, &line, &length, &failure) && length == LONG);
    CHECK(line[0] == 'b' && line[LONG - 1] == 'b' && line[LONG] == '\0');
    line_reader_close(reader);
}

static void first_line_fails(const char *path, const char *text)
{
    struct line_reader *reader;
    char *line;
    size_t length;
    CHECK(line_reader_open(&reader, path, &failure));
    bool good = line_reader_next(reader, &line, &length, &failure);
    line_reader_close(reader);
    CHECK(!good);
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path), text);
}

static void text_is(const char *path, bool is_document, const char *expected)
{
    struct line_reader *reader;
    char *line, text[256] = "";
    size_t length;
    CHECK(line_reader_open(&reader, path, &failure));
    if (is_document) line_reader_keep_all(reader);
    bool good;
    while ((good = line_reader_next(reader, &line, &length, &failure)) && line) {
        if (strlen(line) != length || strlen(text) + length + 2 > sizeof text) break;
        strcat(strcat(text, line), "|");
    }
    line_reader_close(reader);
    if (!good) printf("# %s\n", failure.text);
    CHECK(good);
    CHECK_STR(text, expected);
}

static void a_byte_order_mark_is_dropped(void)
{
    text_is(scratch_text("bom", "\xEF\xBB\xBFutt1|3\n"), false, "utt1|3|");
    text_is(scratch_text("bom", "\xEF\xBB\xBF"), false, "");
    text_is(scratch_text("bom", "\xEF\xBB\xBF\n\xEF\xBB\xBF"), false, "|\xEF\xBB\xBF|");
    text_is(scratch_text("bom", "\xEF\xBB"), false, "\xEF\xBB|");
}

static void a_list_in_utf16_is_told_so(void)
{
    first_line_fails(scratch_write("a", "\xFF\xFE" "a\0\n\0", 6),
                     ":1: is UTF-16; save it as UTF-8");
    first_line_fails(scratch_write("a", "\xFE\xFF\0a", 4), ":1: is UTF-16; save it as UTF-8");
    first_line_fails(scratch_write("a", "u\0t\0t\0", 6), ":1: is UTF-16; save it as UTF-8");
    first_line_fails(scratch_write("a", "\0u\0t\0t", 6), ":1: is UTF-16; save it as UTF-8");
}

static void a_document_keeps_its_blanks_and_any_line_end(void)
{
    text_is(scratch_text("d", "a \r\r\nb\tc \r\n\n\rd"), true, "a ||b\tc |||d|");
}

static void a_document_in_utf16_is_utf8(void)
{
    static const char little[] = "\xFF\xFE" "a\0\x59\x02\x3D\xD8\x00\xDE\r\0\n\0z\0";
    static const char big[] = "\xFE\xFF\0a\x02\x59\xD8\x3D\xDE\x00\0\r\0\n\0z";
    static const char expected[] = "a\xC9\x99\xF0\x9F\x98\x80|z|";
    text_is(scratch_write("d", little, sizeof little - 1), true, expected);
    text_is(scratch_write("d", big, sizeof big - 1), true, expected);
    text_is(scratch_write("d", "u\0t\0\n\0", 6), true, "ut|");
}

static void every_character_of_utf16_survives_the_seams_of_reading(void)
{
    enum { N = 300000 };
    static char text[2 + 4 * N], expected[] = "\xF0\x9F\x98\x80";
    memcpy(text, "\xFF\xFE", 2);
    for (size_t i = 0; i < N; i++) memcpy(text + 2 + 4 * i, "\x3D\xD8\x00\xDE", 4);
    memcpy(text + 2 + 4 * 1001, "\n\0\n\0", 4); /* so that pairs cross 4,096 bytes otherwise */
    memcpy(text + 2, "a\0b\0", 4);
    struct line_reader *reader;
    char *line;
    size_t length;
    CHECK(line_reader_open(&reader, scratch_write("pairs", text, sizeof text), &failure));
    line_reader_keep_all(reader);
    CHECK(line_reader_next(reader, &line, &length, &failure) && length == 2 + 4 * 1000);
    CHECK(line_reader_next(reader, &line, &length, &failure) && length == 0);
    CHECK(line_reader_next(reader, &line, &length, &failure));
    CHECK_EQ(length, 4 * (N - 1002));
    for (size_t i = 0; i < length; i++) CHECK(line[i] == expected[i % 4]);
    line_reader_close(reader);
}

static void half_a_character_of_utf16_is_named(void)
{
    static const char *const bad[] = {"a\0\x3D\xD8", ("a\0\x3D\xD8" "b\0"), "a\0\x00\xDE",
                                     "a\0b\0c"};
    static const size_t size[] = {4, 6, 4, 5};
    for (size_t i = 0; i < 4; i++) {
        char text[8] = "\xFF\xFE";
        memcpy(text + 2, bad[i], size[i]);
        struct line_reader *reader;
        char *line;
        size_t length;
        CHECK(line_reader_open(&reader, scratch_write("half", text, size[i] + 2), &failure));
        line_reader_keep_all(reader);
        bool good = line_reader_next(reader, &line, &length, &failure);
        line_reader_close(reader);
        CHECK(!good && strstr(failure.text, "half a character in UTF-16"));
    }
}

static void looking_ahead_takes_nothing(void)
{
    struct line_reader *reader;
    const char *text;
    char *line;
    size_t n = 6, length;
    CHECK(line_reader_open(&reader, scratch_text("peek", "\xEF\xBB\xBFone\ntwo\n"), &failure));
    CHECK(line_reader_peek(reader, &text, &n, &failure) && n == 6);
    CHECK(memcmp(text, "one\ntw", 6) == 0);
    n = 100;
    CHECK(line_reader_peek(reader, &text, &n, &failure) && n == 8);
    CHECK(line_reader_next(reader, &line, &length, &failure));
    CHECK_STR(line, "one");
    CHECK_EQ(line_reader_number(reader), 1);
    line_reader_close(reader);
}

static void a_zero_byte_is_named_with_its_column(void)
{
    first_line_fails(scratch_write("zero", "ab\0c\n", 5),
                     ":1: there is a zero byte in column 3; is this a text file?");
}

static void a_folder_is_not_read_as_text(void)
{
    first_line_fails(scratch_folder, ":1: cannot be read: Is a directory");
}

static void a_line_without_end_stops_before_it_fills_memory(void)
{
    first_line_fails("/dev/zero", ":1: a line of more than 64 MB; is this a text file?");
}

static void a_missing_file_is_named(void)
{
    struct line_reader *reader;
    const char *path = scratch("none");
    CHECK(!line_reader_open(&reader, path, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path), ": cannot be opened: No such file or directory");
}

static void a_failure_names_file_and_line(void)
{
    struct line_reader *reader;
    char *line;
    size_t length;
    const char *path = scratch_text("names", "a\nb\n");
    CHECK(line_reader_open(&reader, path, &failure));
    CHECK_STR(line_reader_path(reader), path);
    CHECK(line_reader_next(reader, &line, &length, &failure));
    CHECK(line_reader_next(reader, &line, &length, &failure));
    CHECK(!line_reader_fail(reader, &failure, "bad id '%s'", line));
    CHECK_STR(failure.text + strlen(path), ":2: bad id 'b'");
    line_reader_close(reader);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(lines_come_without_their_ends);
    RUN(a_line_longer_than_the_buffer_is_whole);
    RUN(a_byte_order_mark_is_dropped);
    RUN(a_list_in_utf16_is_told_so);
    RUN(a_document_keeps_its_blanks_and_any_line_end);
    RUN(a_document_in_utf16_is_utf8);
    RUN(every_character_of_utf16_survives_the_seams_of_reading);
    RUN(half_a_character_of_utf16_is_named);
    RUN(looking_ahead_takes_nothing);
    RUN(a_zero_byte_is_named_with_its_column);
    RUN(a_folder_is_not_read_as_text);
    RUN(a_line_without_end_stops_before_it_fills_memory);
    RUN(a_missing_file_is_named);
    RUN(a_failure_names_file_and_line);
    return check_done();
}
