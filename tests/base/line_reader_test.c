/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/check.h"
#include "tests/scratch.h"
#include "tools/base/line_reader.h"

static struct failure failure;

static void lines_come_without_their_ends(void)
{
    struct line_reader *reader;
    char *line;
    size_t length;
    CHECK(line_reader_open(&reader, scratch_text("a", "one\r\n\ntwo\r\r\nthree"), &failure));
    static const char *const expected[] = {"one", "", "two\r", "three"};
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

static void a_byte_order_mark_is_named(void)
{
    first_line_fails(scratch_text("bom", "\xEF\xBB\xBFutt1|3\n"),
                     ":1: begins with a byte order mark; save it as UTF-8 without one");
}

static void a_zero_byte_is_named_with_its_column(void)
{
    first_line_fails(scratch_write("zero", "ab\0c\n", 5),
                     ":1: a zero byte in column 3; is this a text file?");
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
    RUN(a_byte_order_mark_is_named);
    RUN(a_zero_byte_is_named_with_its_column);
    RUN(a_folder_is_not_read_as_text);
    RUN(a_line_without_end_stops_before_it_fills_memory);
    RUN(a_missing_file_is_named);
    RUN(a_failure_names_file_and_line);
    return check_done();
}
