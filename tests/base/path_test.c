/* SPDX-License-Identifier: MIT */
/* Names of utterances come from paths. If this fails, units and labels of one recording are called
   differently and find each other no more. */
#include "tests/support/check.h"
#include "tools/base/path.h"

#include <stdlib.h>

static void a_stem_has_no_folder_and_no_suffix(void)
{
    static const char *const pair[][2] = {
        {"a/b.c.wav", "b.c"},   {"b", "b"},       {"a.b/c", "c"},        {".hidden", ".hidden"},
        {"a/.b.wav", ".b"},     {"b.", "b"},      {"a/", ""},            {"x.ctm.gz", "x"},
        {"x.TextGrid.GZ", "x"}, {"x.gz", "x"},    {".gz", ".gz"},        {"a/.gz.gz", ".gz"},
        {"x.gz.wav", "x.gz"},   {"x..wav", "x."}, {"s1.take2.flac", "s1.take2"}};
    for (size_t i = 0; i < sizeof pair / sizeof *pair; i++) {
        char *stem = path_stem_copy(pair[i][0]);
        CHECK_STR(stem, pair[i][1]);
        free(stem);
    }
    CHECK_EQ(path_without_suffix("a.b/c.d.wav").length, 7);
    CHECK_EQ(path_without_suffix("a.b/c.tsv.gz").length, 5);
}

static void a_suffix_is_known_in_any_case(void)
{
    CHECK(path_has_suffix("a/b.WAV", "wav") && path_has_suffix("b.x.npy", "npy"));
    CHECK(!path_has_suffix("bwav", "wav") && !path_has_suffix(".wav", "wav"));
    CHECK(!path_has_suffix("a.wav/b", "wav") && !path_has_suffix("b.wave", "wav"));
    CHECK(!path_has_suffix("b.npy.gz", "npy") && path_has_suffix("b.npy.gz", "gz"));
}

static void gzip_stands_behind_the_suffix_of_a_text(void)
{
    CHECK(path_has_text_suffix("a/train.tsv", "tsv"));
    CHECK(path_has_text_suffix("train.TSV.Gz", "tsv"));
    CHECK(!path_has_text_suffix("tsv.gz", "tsv") && !path_has_text_suffix(".tsv.gz", "tsv"));
    CHECK(!path_has_text_suffix("a.tsv.gz.gz", "tsv") && !path_has_text_suffix("a.tsv.xz", "tsv"));
}

static void one_list_knows_the_suffixes_of_audio(void)
{
    static const char *const audio[] = {"a.wav", "a.WAVE", "a.flac", "a.opus", "a.oga", "a.aifc",
                                        "a.snd", "a.rf64", "a.w64",  "a.nist", "a.sph", "a.mp3"};
    for (size_t i = 0; i < sizeof audio / sizeof *audio; i++)
        CHECK_EQ(path_audio(audio[i]), PATH_AUDIO);
    CHECK_EQ(path_audio("a.pcm"), PATH_RAW_AUDIO);
    CHECK_EQ(path_audio("a.m4a"), PATH_FOREIGN_AUDIO);
    CHECK_EQ(path_audio("s1.take2"), PATH_NOT_AUDIO);
    CHECK_EQ(path_audio("wav"), PATH_NOT_AUDIO);
    CHECK_EQ(path_audio("a.wav.gz"), PATH_NOT_AUDIO);
}

static void a_name_made_of_a_path_leads_nowhere_else(void)
{
    static const char *const made[][2] = {
        {"/a/../b//c.d.wav", "a/b/c.d"}, {"./a.npy", "a"}, {"../../a", "a"}, {"...", ""},
        {"a/", ""},
    };
    char name[32];
    for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
        path_write_name(made[i][0], name);
        CHECK_STR(name, made[i][1]);
    }
}

int main(void)
{
    RUN(a_stem_has_no_folder_and_no_suffix);
    RUN(a_suffix_is_known_in_any_case);
    RUN(gzip_stands_behind_the_suffix_of_a_text);
    RUN(one_list_knows_the_suffixes_of_audio);
    RUN(a_name_made_of_a_path_leads_nowhere_else);
    return check_done();
}
