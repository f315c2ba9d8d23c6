/* SPDX-License-Identifier: MIT */
/* Codebooks of other tools keep their bits, and a file that could run code runs none. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"

#include "tools/formats/codebook_file.h"
#include "tools/formats/km_bin.h"

#include <locale.h>

static struct failure failure;
static char note[512];

static void take_note(void *context, const char *text)
{
    (void)context;
    snprintf(note, sizeof note, "%s", text);
}

static const struct format_notes notes = {take_note, NULL};

static const char *data(const char *name)
{
    static char path[2][512];
    static int next;
    next = !next;
    snprintf(path[next], sizeof path[0], "%s/%s", getenv("FORMATS_DATA"), name);
    return path[next];
}

static void the_centres_of_scikit_learn_are_read_to_the_bit(void)
{
    static const char *const dump[][3] = {
        {"mini-f4.bin", "mini-f4.npy", "scikit-learn 1.9.1"},
        {"mini-f4-old.bin", "mini-f4-old.npy", "scikit-learn 1.2.2"},
        {"kmeans-f8.bin", "kmeans-f8.npy", "scikit-learn 1.9.1"},
    };
    for (int i = 0; i < 3; i++) {
        struct codebook_file km, npy;
        note[0] = '\0';
        CHECK(codebook_file_read(&km, data(dump[i][0]), 0, false, &notes, &failure));
        CHECK_EQ(strstr(note, "float64") != NULL, i == 2);
        CHECK(codebook_file_read(&npy, data(dump[i][1]), 4, false, &notes, &failure));
        CHECK_EQ(km.n_code, 5);
        CHECK_EQ(km.dim, 4);
        CHECK_BITS(km.codeword, npy.codeword, 20);
        CHECK_STR(km.tool, dump[i][2]);
        codebook_file_free(&km);
        codebook_file_free(&npy);
    }
}

static const char *refusal(const char *path)
{
    struct codebook_file codebook;
    if (!codebook_file_read(&codebook, path, 0, false, &notes, &failure)) return failure.text;
    codebook_file_free(&codebook);
    return "read";
}

static void other_dumps_are_refused_by_name(void)
{
    CHECK(strstr(refusal(data("random-state.bin")), "keeps a RandomState"));
    CHECK(strstr(refusal(data("plain-pickle.bin")), "a plain pickle"));
    CHECK(strstr(refusal(scratch_text("z.bin", "\x78\x5e...")), "compressed joblib dump (zlib)"));
    CHECK(strstr(refusal(scratch_text("g.bin", "\x1f\x8b...")), "compressed joblib dump (gzip)"));
    CHECK(strstr(refusal(scratch_text("p.bin", "PK\x03\x04")), "torch"));
    CHECK(strstr(refusal(scratch_text("e.bin", "")), "byte 0: the file ends here"));
}

/* cos(system\n(S'touch FILE'\ntR. in its protocol 3 form. */
static void a_dump_that_would_run_a_command_runs_nothing(void)
{
    char bytes[512];
    size_t n = (size_t)sprintf(bytes, "\x80%ccposix\nsystem\nX", 3);
    size_t length = strlen(scratch("touched")) + 6;
    bytes[n] = (char)length;
    memset(bytes + n + 1, 0, 3);
    n += 4;
    n += (size_t)sprintf(bytes + n, "touch %s\x85R.", scratch("touched"));
    CHECK(strstr(refusal(scratch_write("evil.bin", bytes, n)),
                 "byte 2: opcode 63: posix.system is not part of a k-means model"));
    CHECK(access(scratch("touched"), F_OK) != 0);
}

static void bombs_meet_a_limit(void)
{
    static unsigned char bytes[1 << 16];
    memset(bytes, 'N', sizeof bytes);
    bytes[0] = 0x80;
    bytes[1] = 3;
    CHECK(strstr(refusal(scratch_write("deep.bin", bytes, sizeof bytes)), "too deep"));
    CHECK(strstr(refusal(scratch_write("text.bin", "\x80\3X\xff\xff\xff\xff", 7)), "ends here"));
    CHECK(strstr(refusal(scratch_write("memo.bin", "\x80\3Nr\xff\xff\xff\xff.", 9)), "memory"));
    CHECK(strstr(refusal(scratch_write("none.bin", "\x80\3N.", 4)), "not a k-means model"));
    CHECK(strstr(refusal(scratch_write("dict.bin", "\x80\3}.", 4)), "not a k-means model"));
    CHECK(strstr(refusal(scratch_write("more.bin", "\x80\3N..", 5)), "bytes follow the dump"));
    CHECK(strstr(refusal(scratch_write("pop.bin", "\x80\3b.", 4)), "the stack is empty"));
}

static void a_turned_codebook_is_noticed(void)
{
    struct codebook_file codebook;
    CHECK(!codebook_file_read(&codebook, data("mini-f4.npy"), 5, false, &notes, &failure));
    CHECK(strstr(failure.text, "--transpose"));
    CHECK(codebook_file_read(&codebook, data("mini-f4.npy"), 5, true, &notes, &failure));
    CHECK_EQ(codebook.n_code, 4);
    codebook_file_free(&codebook);
}

static const float plane[] = {0, 0, 1, 1, 5, 5, 1, 1};

static void an_npy_keeps_the_bits_and_equal_codewords_are_told(void)
{
    struct codebook_file codebook;
    const struct unit_facts facts = {.n_code = 4, .n_codebook = 1};
    CHECK(codebook_write_npy(scratch("cb.npy"), plane, &facts, 2, &failure));
    CHECK(codebook_file_read(&codebook, scratch("cb.npy"), 2, false, &notes, &failure));
    CHECK_BITS(codebook.codeword, plane, 8);
    CHECK(strstr(note, "codewords 1 and 3 are equal"));
    codebook_file_free(&codebook);
}

static const float cube[] = {0, 0, 1, 1, 5, 5, 9, 8, 9, 8, 3, 4}; /* [2][3][2] */

static void several_codebooks_are_an_array_of_three_axes(void)
{
    struct codebook_file codebook;
    const struct unit_facts facts = {.n_code = 3, .n_codebook = 2};
    CHECK(codebook_write_npy(scratch("cube.npy"), cube, &facts, 2, &failure));
    note[0] = '\0';
    CHECK(codebook_file_read(&codebook, scratch("cube.npy"), 2, false, &notes, &failure));
    CHECK_EQ(codebook.n_codebook, 2);
    CHECK_EQ(codebook.n_code, 3);
    CHECK_EQ(codebook.dim, 2);
    CHECK_BITS(codebook.codeword, cube, 12);
    CHECK(strstr(note, "codewords 0 and 1 are equal")); /* in the second codebook */
    codebook_file_free(&codebook);
    CHECK(!codebook_file_read(&codebook, scratch("cube.npy"), 3, false, &notes, &failure));
    CHECK(strstr(failure.text, "--transpose"));
    CHECK(codebook_file_read(&codebook, scratch("cube.npy"), 3, true, &notes, &failure));
    const float turned[] = {0, 1, 5, 0, 1, 5, 9, 9, 3, 8, 8, 4}; /* [2][2][3] */
    CHECK_EQ(codebook.n_code, 2);
    CHECK_BITS(codebook.codeword, turned, 12);
    codebook_file_free(&codebook);
}

static const char *refused_array(const char *dictionary, size_t n_byte)
{
    static const unsigned char begin[] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
    const char *path = scratch("refused.npy");
    FILE *file = fopen(path, "wb");
    if (!file) return "cannot be made";
    fwrite(begin, 1, sizeof begin, file);
    fputc((int)strlen(dictionary), file);
    fputc(0, file);
    fputs(dictionary, file);
    for (size_t i = 0; i < n_byte; i++) fputc(0, file);
    fclose(file);
    return refusal(path);
}

static void an_array_of_other_axes_is_no_codebook(void)
{
    static const struct {
        const char *dictionary;
        size_t n_byte;
        const char *expected;
    } bad[] = {
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4,)}", 16, "1 dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1)}", 4, "more than 3"},
        {"{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2, 2)}", 32, "ascontiguousarray"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2, 2)}", 0, "0 codebooks"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 0, 2)}", 0, "of 0 codewords"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 0)}", 0, "0 dimensions"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296, 2)}", 0,
         "too large"},
        {"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 2)}", 28, "missing"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *text = refused_array(bad[i].dictionary, bad[i].n_byte);
        if (!strstr(text, bad[i].expected)) printf("# %s\n", text);
        CHECK(strstr(text, bad[i].expected));
    }
}

static void a_header_of_several_codebooks_has_one_more_dimension(void)
{
    const struct unit_facts facts = {.n_code = 3, .n_codebook = 2};
    char text[1024] = "";
    CHECK(codebook_write_c(scratch("cube.h"), "cube", cube, &facts, 2, &failure));
    FILE *file = fopen(scratch("cube.h"), "r");
    CHECK(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    CHECK_STR(text, "/* voq codebook: K=3 dim=2 codebooks=2 */\n"
                    "#ifndef CUBE_H\n"
                    "#define CUBE_H\n"
                    "#define CUBE_K 3\n"
                    "#define CUBE_DIM 2\n"
                    "#define CUBE_N 2\n"
                    "static const float cube[CUBE_N][CUBE_K * CUBE_DIM] = {\n"
                    " {\n"
                    "  0.0f, 0.0f,\n"
                    "  1.0f, 1.0f,\n"
                    "  5.0f, 5.0f,\n"
                    " },\n"
                    " {\n"
                    "  9.0f, 8.0f,\n"
                    "  9.0f, 8.0f,\n"
                    "  3.0f, 4.0f,\n"
                    " },\n"
                    "};\n"
                    "#endif\n");
}

static void a_header_is_c_in_every_locale(void)
{
    const float codeword[] = {0, 0, 1, 1, 5, 5.25f};
    struct unit_facts facts = {.n_code = 3, .n_codebook = 1, .hop_samples = 160,
                               .rate_hz = 16000, .model_hash = "3a981a6d86f1546f"};
    CHECK(codebook_write_c(scratch("cb.h"), "cb", codeword, &facts, 2, &failure));
    char text[1024] = "";
    FILE *file = fopen(scratch("cb.h"), "r");
    CHECK(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    CHECK_STR(text, "/* voq codebook: K=3 dim=2 model=3a981a6d86f1546f hop=160 rate=16000 */\n"
                    "#ifndef CB_H\n"
                    "#define CB_H\n"
                    "#define CB_K 3\n"
                    "#define CB_DIM 2\n"
                    "static const float cb[CB_K * CB_DIM] = {\n"
                    "  0.0f, 0.0f,\n"
                    "  1.0f, 1.0f,\n"
                    "  5.0f, 5.25f,\n"
                    "};\n"
                    "#endif\n");
    static const char *const bad[] = {"", "1a", "a-b", "if", "class"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(!codebook_write_c(scratch("no.h"), bad[i], codeword, &facts, 2, &failure));
        CHECK_EQ(failure.code, EXIT_USAGE);
    }
}

int main(void)
{
    setlocale(LC_ALL, ""); /* voq itself never does; the bytes must not know */
    printf("# decimal point of this run: %.1f\n", 0.5);
    if (!scratch_begin()) return 1;
    RUN(the_centres_of_scikit_learn_are_read_to_the_bit);
    RUN(other_dumps_are_refused_by_name);
    RUN(a_dump_that_would_run_a_command_runs_nothing);
    RUN(bombs_meet_a_limit);
    RUN(a_turned_codebook_is_noticed);
    RUN(an_npy_keeps_the_bits_and_equal_codewords_are_told);
    RUN(several_codebooks_are_an_array_of_three_axes);
    RUN(an_array_of_other_axes_is_no_codebook);
    RUN(a_header_of_several_codebooks_has_one_more_dimension);
    RUN(a_header_is_c_in_every_locale);
    return check_done();
}
