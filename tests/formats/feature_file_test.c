/* SPDX-License-Identifier: MIT */
/* Features of other tools become units here: a value misread, or a NaN let through, is a wrong unit
   without a trace. */
#define _GNU_SOURCE
#include "tests/formats/npy_file.h"
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_writer.h"

#include <math.h>

static struct failure failure;
static char note[512];

static void take_note(void *context, const char *text)
{
    (void)context;
    snprintf(note, sizeof note, "%s", text);
}

/* A file as "NAME[1 2][3 4] NAME2", or the text of the failure; two frames are read at a time. */
static const char *read_features(const char *path, const char *format, const char *tsv)
{
    static char text[4096];
    struct feature_reader_options options = {.tsv_path = tsv, .notes = {take_note, NULL}};
    struct feature_reader *reader;
    const struct feature_utterance *u;
    float x[16];
    size_t n = 0, n_read;
    if (format && !feature_format_find(format, &options.format, &failure)) return failure.text;
    if (!feature_reader_open(&reader, path, &options, &failure)) return failure.text;
    bool ok = true;
    while (ok && (ok = feature_reader_next(reader, &u, &failure)) && u) {
        n += (size_t)sprintf(text + n, "%s%s", n > 0 ? " " : "", u->name);
        do {
            ok = feature_reader_read(reader, x, 2, &n_read, &failure);
            for (size_t i = 0; ok && i < n_read * u->dim; i++)
                n += (size_t)sprintf(text + n, "%s%g%s", i % u->dim ? " " : "[", (double)x[i],
                                     (i + 1) % u->dim ? "" : "]");
        } while (ok && n_read > 0);
    }
    feature_reader_close(reader);
    return ok ? text : failure.text;
}

/* kill_at: leaves the files unfinished, and fills its [FEATURE_WRITER_FILES]. */
static bool write_features(struct feature_writer_options options, const char *format,
                           struct sink_mark *kill_at, const char *const *name, const size_t *n,
                           size_t n_utterance)
{
    struct feature_writer *writer;
    options.dim = 2;
    if (!feature_format_find(format, &options.format, &failure) ||
        !feature_writer_open(&writer, &options, &failure))
        return false;
    bool ok = true;
    for (size_t i = 0; i < n_utterance && ok; i++) {
        ok = feature_writer_begin(writer, name[i], &failure);
        for (size_t t = 0; t < n[i] && ok; t++)
            ok = feature_writer_frames(writer, (float[]){(float)t, 0.5f}, 1, &failure);
        ok = ok && feature_writer_end(writer, &failure);
    }
    if (ok && !kill_at) return feature_writer_commit(writer, &failure);
    ok = ok && feature_writer_mark(writer, kill_at, &failure);
    feature_writer_abandon(writer, ok);
    return ok;
}

static const char *const names[] = {"a", "b", "c"};
static const size_t lengths[] = {2, 0, 3};
static const char expected[] = "a[0 0.5][1 0.5] b c[0 0.5][1 0.5][2 0.5]";

static void vectors_survive_every_format(void)
{
    struct feature_writer_options options = {.path = scratch("npys")};
    CHECK(write_features(options, "npy", NULL, names, lengths, 3));
    CHECK_STR(read_features(options.path, NULL, NULL), expected);

    options.path = scratch("f.ark");
    options.scp_path = scratch("f.scp");
    CHECK(write_features(options, "ark", NULL, names, lengths, 3));
    CHECK_STR(read_features(options.path, NULL, NULL), expected);
    CHECK_STR(read_features(options.scp_path, NULL, NULL), expected);

    options.text = true;
    CHECK(write_features(options, "ark", NULL, names, lengths, 3));
    CHECK_STR(read_features(options.path, NULL, NULL), expected);
    CHECK_STR(read_features(options.scp_path, NULL, NULL), expected);
}

static void a_shard_has_its_lengths_and_names_in_the_manifest(void)
{
    struct feature_writer_options options = {
        .path = scratch("shards"), .split = "dev", .rank = 1, .n_shard = 2};
    CHECK(write_features(options, "hubert", NULL, names, lengths, 3));
    const char *path = scratch("shards/dev_1_2.npy");
    CHECK_STR(read_features(path, "hubert", NULL),
              "1-0[0 0.5][1 0.5] 1-1 1-2[0 0.5][1 0.5][2 0.5]");
    /* 5 entries: rank 1 of 2 begins at round(2.5) = 2 */
    const char *tsv =
        scratch_text("m.tsv", "/root\nx.wav\t1\ny.wav\t1\nd/a.wav\t1\nb.wav\nc.x.wav\n");
    CHECK_STR(read_features(path, "hubert", tsv), "a[0 0.5][1 0.5] b c.x[0 0.5][1 0.5][2 0.5]");
    tsv = scratch_text("m.tsv", "/root\nx.wav\n");
    CHECK(strstr(read_features(path, "hubert", tsv), "more lines than its part"));
    note[0] = '\0';
    read_features(path, NULL, NULL);
    CHECK(strstr(note, "read as one utterance"));
    scratch_text("shards/dev_1_2.len", "2\n2\n");
    CHECK(strstr(read_features(path, "hubert", NULL), "5 frames, but the lengths in"));
    CHECK(strstr(failure.text, "sum to 4"));
    scratch_text("shards/dev_1_2.len", "2\n4\n");
    CHECK(strstr(read_features(path, "hubert", NULL), "dev_1_2.len:2: the lengths go beyond"));
}

static void a_shard_can_be_resumed(void)
{
    struct feature_writer_options options = {
        .path = scratch("again"), .n_shard = 1, .tag = "0123456789abcdef"};
    const char *path = scratch("again/train_0_1.npy");
    struct sink_mark mark[FEATURE_WRITER_FILES];
    CHECK(write_features(options, "hubert", mark, names, lengths, 2));
    options.resume = mark;
    CHECK(write_features(options, "hubert", NULL, names + 2, lengths + 2, 1));
    CHECK_STR(read_features(path, "hubert", NULL),
              "0-0[0 0.5][1 0.5] 0-1 0-2[0 0.5][1 0.5][2 0.5]");
}

static void doubles_and_other_orders_are_converted(void)
{
    const double x[] = {1, 2, 3, 4, 5, -0.5};
    CHECK_STR(read_features(npy_file(1, "{'descr': '<f8', 'fortran_order': False, "
                                        "'shape': (3, 2)}", x, sizeof x), NULL, NULL),
              "x[1 2][3 4][5 -0.5]");
    CHECK_STR(read_features(npy_file(1, "{'descr': '<f8', 'fortran_order': True, "
                                        "'shape': (3, 2)}", x, sizeof x), NULL, NULL),
              "x[1 4][2 5][3 -0.5]");
    CHECK_STR(read_features(npy_file(1, "{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2)}",
                                "\x3f\x80\0\0\xbf\0\0\0", 8), NULL, NULL), "x[1 -0.5]");
    static const unsigned char dm[] = "k \0BDM \4\1\0\0\0\4\1\0\0\0\0\0\0\0\0\0\xf0\x3f";
    CHECK_STR(read_features(scratch_write("d.ark", dm, sizeof dm - 1), NULL, NULL), "k[1]");
}

static void a_batch_of_one_is_the_utterance_in_it(void)
{
    const float x[] = {1, 2, 3, 4, 5, 6};
    CHECK_STR(read_features(npy_file(1, "{'descr': '<f4', 'fortran_order': False, "
                                        "'shape': (1, 3, 2)}", x, sizeof x), NULL, NULL),
              "x[1 2][3 4][5 6]");
    CHECK_STR(read_features(npy_file(1, "{'descr': '<f4', 'fortran_order': True, "
                                        "'shape': (1, 3, 2)}", x, sizeof x), NULL, NULL),
              "x[1 4][2 5][3 6]");
    CHECK(strstr(read_features(npy_file(1, "{'descr': '<f4', 'fortran_order': False, "
                                           "'shape': (3, 1, 2)}", x, sizeof x), NULL, NULL),
                 "3 dimensions, a batch of 3; save each utterance as an array [frame][dim]"));
}

static void not_a_number_is_refused_with_frame_and_dimension(void)
{
    float x[8] = {1, 2, 3, 4, 5, 6, 7, NAN};
    static const char header[] = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2)}";
    CHECK(strstr(read_features(npy_file(1, header, x, sizeof x), NULL, NULL),
                 "not a finite number at frame 3 dim 1"));
    double big[2] = {0, 1e300};
    CHECK(strstr(read_features(npy_file(1, "{'descr': '<f8', 'fortran_order': False, "
                                           "'shape': (1, 2)}", big, sizeof big), NULL, NULL),
                 "a value that overflows float32 at frame 0 dim 1"));
    CHECK(strstr(read_features(scratch_text("t.ark", "k  [\n  1 2 \n  nan 3 ]\n"), NULL, NULL),
                 "'nan' is not a finite number, frame 1 dim 0"));

    struct feature_writer_options options = {.path = scratch("nan"), .dim = 2};
    struct feature_writer *writer;
    CHECK(feature_format_find("npy", &options.format, &failure));
    CHECK(feature_writer_open(&writer, &options, &failure));
    CHECK(feature_writer_begin(writer, "a", &failure));
    CHECK(!feature_writer_frames(writer, x, 4, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text, "a: not a finite number at frame 3 dim 1");
    feature_writer_abandon(writer, false);
}

static void the_largest_number_survives_as_text(void)
{
    const char *text = read_features(scratch_text("t.ark", "k  [\n  3.40282347e+38 ]\n"), NULL,
                                     NULL);
    CHECK_STR(text, "k[3.40282e+38]");
    text = read_features(scratch_text("t.ark", "k  [\n  3.4028236e38 ]\n"), NULL, NULL);
    CHECK(strstr(text, "overflows float32, frame 0 dim 0"));
}

static void what_is_no_matrix_is_refused_by_name(void)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *expected;
    } bad[] = {
        {"k \0BCM rest", 11, "byte 4: 'k': compressed matrix (CM) not supported"},
        {"k \0BCM2 rest", 12, "compressed matrix"},
        {"k \0BFV rest", 11, "'k': a vector, not a matrix"},
        {"k \0B\4\1\0\0\0\4\1\0\0\0", 14, "is not a matrix of floats"},
        {"k \0BFM \4\0\0\0\0\4\5\0\0\0", 17, "a matrix of 0 x 5"},
        {"k \0BFM \4\377\377\377\177\4\377\377\377\177", 17, "is it cut off?"},
        {"k  [\n  1 2 \n  3 ]\n", 18, "a row of 1 numbers after one of 2"},
        {"k  [\n  1 2 \n  3 4 5 ]\n", 22, "a row of more than 2 numbers"},
        {"k 1 2 \n", 7, "begins with '['"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *path = scratch_write("bad.ark", bad[i].bytes, bad[i].n);
        const char *text = read_features(path, NULL, NULL);
        if (!strstr(text, bad[i].expected)) printf("# %s\n", text);
        CHECK(strstr(text, bad[i].expected));
    }
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(vectors_survive_every_format);
    RUN(a_shard_has_its_lengths_and_names_in_the_manifest);
    RUN(a_shard_can_be_resumed);
    RUN(doubles_and_other_orders_are_converted);
    RUN(a_batch_of_one_is_the_utterance_in_it);
    RUN(not_a_number_is_refused_with_frame_and_dimension);
    RUN(the_largest_number_survives_as_text);
    RUN(what_is_no_matrix_is_refused_by_name);
    return check_done();
}
