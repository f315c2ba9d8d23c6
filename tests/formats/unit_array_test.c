/* SPDX-License-Identifier: MIT */
/* Units in NumPy's arrays and Kaldi's archives, as any program may have written them: read wrongly,
   they would give results that nobody can explain. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tests/formats/notation.h"
#include "tests/formats/npy_file.h"

static void arrays_of_other_writers_are_read(void)
{
    static const unsigned char u2be[] = {0, 3, 1, 0};
    CHECK_STR(read_as(npy_file(1, "{'descr': '>u2', 'fortran_order': False, 'shape': (2,), }", u2be,
                               4), "npy"), "x|3 256\n");
    CHECK_STR(read_as(npy_file(2, "{\"shape\":(2,),\"descr\":\"|u1\",\"fortran_order\":False}",
                               "\3\4", 2), "npy"), "x|3 4\n");
    CHECK_STR(read_as(npy_file(3, "{'descr': '<i8', 'fortran_order': False, 'shape': ()}\n",
                               "\5\0\0\0\0\0\0\0", 8), "npy"), "x|5\n");
    CHECK_STR(read_as(npy_file(1, "{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3)}",
                               "\1\4\2\5\3\6", 6), "npy"), "x|1,2,3 4,5,6\n");
    struct unit_reader_options qt = {.npy_axes = NPY_CODEBOOK_FIRST};
    CHECK_STR(read_notation(npy_file(1, "{'descr': '|i1', 'fortran_order': False, "
                                        "'shape': (2, 3)}", "\1\2\3\4\5\6", 6), qt),
              "x|1,4 2,5 3,6\n");
}

static void a_batch_of_one_is_the_utterance_in_it(void)
{
    static const struct unit_reader_options tq = {0}, qt = {.npy_axes = NPY_CODEBOOK_FIRST};
    static const char long_row[33] = "\7\7\7";
#define UNITS(shape, data, n, options)                                                             \
    read_notation(npy_file(1, "{'descr': '|i1', 'fortran_order': False, 'shape': (" shape ")}",    \
                           data, n), options)
    CHECK(strncmp(UNITS("1, 33", long_row, 33, tq), "x|7 7 7 0", 9) == 0);
    CHECK_STR(UNITS("1, 3", "\1\2\3", 3, tq), "x|1,2,3\n"); /* a frame of three codebooks */
    CHECK_STR(UNITS("1, 3", "\1\2\3", 3, qt), "x|1 2 3\n");
    CHECK_STR(UNITS("1, 2, 2", "\1\2\3\4", 4, tq), "x|1,2 3,4\n");
    CHECK_STR(UNITS("1, 2, 2", "\1\2\3\4", 4, qt), "x|1,3 2,4\n");
    CHECK_STR(UNITS("2, 1, 2", "\1\2\3\4", 4, qt), "x|1,3 2,4\n");
}

static void arrays_that_are_no_units_are_refused(void)
{
    static const struct {
        const char *dictionary, *data;
        size_t n;
        const char *expected;
    } bad[] = {
        {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "", 0, "byte 20: "},
        {"{'descr': '|O8', 'fortran_order': False, 'shape': (1,)}", "", 0, "Python objects"},
        {"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,)}", "", 0, "structured"},
        {"{'descr': '<f2', 'fortran_order': False, 'shape': (1,)}", "", 0, "this type"},
        {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "", 0, "this type"},
        {"{'descr': '<U4', 'fortran_order': False, 'shape': (1,)}", "", 0, "this type"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "abcd", 4, "floats"},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (1,)}", "\xff", 1,
         "byte 65: a negative id"},
        {"{'descr': '<u4', 'fortran_order': False, 'shape': (1,)}", "\0\0\0\x80", 4,
         "byte 65: id 2147483648"},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (2, 1, 1)}", "\1\1", 2,
         "3 dimensions, a batch of 2; save each utterance"},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (1, 1, 1, 1)}", "\1", 1,
         "more than 3 dimensions"},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (2,)}", "\1", 1,
         "byte 66: the file ends here, 1 bytes of data are missing"},
        {"{'descr': '|i1', 'fortran_order': False, 'shape': (1,)}", "\1\2", 2,
         "byte 66: 1 bytes follow"},
        {"{'descr': '<i8', 'fortran_order': False, 'shape': (4611686018427387904, 4)}", "", 0,
         "too large"},
        {"{'descr': '|i1', 'shape': (1,)}", "", 0, "missing"},
        {"{'descr': '|i1', 'descr': '|i1', 'fortran_order': False}", "", 0, "byte 27: a key twice"},
        {"{'descr': '|i1', 'evil': (1,)}", "", 0, "byte 27: an unknown key"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *text = read_as(npy_file(1, bad[i].dictionary, bad[i].data, bad[i].n), "npy");
        if (!strstr(text, bad[i].expected)) printf("# %s\n", text);
        CHECK(strstr(text, bad[i].expected));
    }
}

static void damaged_archives_are_refused(void)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *expected;
    } bad[] = {
        {"a \0C\4\0\0\0\0", 9, "byte 2: 'a': 00 43 where 00 42 marks an entry"},
        {"a \0B\3\0\0\0\0", 9, "byte 4: 'a': size byte 03 where an int32 has 04"},
        {"a \0B\4\xff\xff\xff\xff", 9, "byte 4: 'a': a negative length"},
        {"a \0B\4\1\0\0\0\4\xff\xff\xff\xff", 14, "byte 9: 'a': a negative id"},
        {"a \0B\4\2\0\0\0\4\1\0\0\0", 14, "byte 4: 'a': 2 ids are announced"},
        {" \0B\4\0\0\0\0", 8, "byte 0: byte 20 in a key"},
        {"a 1 x \n", 7, "byte 4: 'a': 'x' is not an id; expected a whole number"},
        {"a 1 2147483648 \n", 16, "byte 4: 'a': '2147483648' is not an id; expected a whole "
                                  "number"},
        {"a 1 2", 5, "byte 5: the file ends here"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = scratch_write("x.ark", bad[i].bytes, bad[i].n);
        const char *text = read_as(path, "ark");
        if (!strstr(text, bad[i].expected)) printf("# %s\n", text);
        CHECK(strstr(text, bad[i].expected));
    }
}

static void an_index_runs_nothing_and_points_into_files(void)
{
    char text[1024];
    snprintf(text, sizeof text, "a touch %s |\n", scratch("touched"));
    CHECK(strstr(read_as(scratch_text("x.scp", text), "ark"),
                 ":1: 'a' is a command, which is not run; convert the archive first"));
    CHECK_STR(file_text(scratch("touched")), "(none)");
    CHECK(strstr(read_as(scratch_text("x.scp", "a b.ark:5[0:3]\n"), "ark"), "ranges"));
    CHECK(strstr(read_as(scratch_text("x.scp", "a\n"), "ark"), "KEY PATH:OFFSET"));
    CHECK(strstr(read_as(scratch_text("x.scp", "a -\n"), "ark"), "standard input"));
    const char *ark = scratch_write("y.ark", "a \0B\4\0\0\0\0", 9);
    snprintf(text, sizeof text, "a %s:99\n", ark);
    CHECK(strstr(read_as(scratch_text("x.scp", text), "ark"), "byte 99: "));
    snprintf(text, sizeof text, "a %s:4\n", ark);
    CHECK(strstr(read_as(scratch_text("x.scp", text), "ark"), "byte 4: "));
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(arrays_of_other_writers_are_read);
    RUN(a_batch_of_one_is_the_utterance_in_it);
    RUN(arrays_that_are_no_units_are_refused);
    RUN(damaged_archives_are_refused);
    RUN(an_index_runs_nothing_and_points_into_files);
    return check_done();
}
