/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/corpus/corpus_fixture.h"

static void a_folder_gives_its_audio_sorted_by_bytes(void)
{
    mkdir("f", 0777), mkdir("f/b", 0777), mkdir("f/B", 0777), mkdir("f/b-1", 0777);
    static const char *const files[] = {"f/b/2.wav", "f/b/10.FLAC", "f/B/z.opus", "f/b-1/q.mp3",
                                        "f/notes.txt", "f/x.wav.bak", "f/.wav", "f/\xC3\xA9.ogg",
                                        "f/a b.sph", "f/list.tsv", "f/v.npy", "f/r.raw"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) file_text(files[i], "");
    CHECK(open_one("f", NULL));
    CHECK_STR(listing(), "z f/B/z.opus\na b f/a b.sph\nq f/b-1/q.mp3\n10 f/b/10.FLAC\n"
                         "2 f/b/2.wav\n\xC3\xA9 f/\xC3\xA9.ogg\n");
    CHECK(open_one("f/", &(struct corpus_options){.names_from_path = true}));
    CHECK_STR(corpus_get(corpus, 3)->name, "b/10");
    CHECK_STR(corpus_get(corpus, 3)->path, "f/b/10.FLAC");
    CHECK(open_one("f", &(struct corpus_options){.suffixes = CORPUS_SUFFIXES_VECTORS}));
    CHECK_STR(listing(), "v f/v.npy\n");
    CHECK_EQ(corpus_get(corpus, 0)->kind, CORPUS_VECTORS);
    CHECK(open_one("f", &(struct corpus_options){.suffixes = CORPUS_SUFFIXES_RAW}));
    CHECK_STR(listing(), "r f/r.raw\n");
}

/* AppleDouble's "._x.wav", and what programs keep in folders of their own. */
static void hidden_files_and_folders_are_no_inputs_unless_named(void)
{
    mkdir("h", 0777), mkdir("h/.Trash", 0777), mkdir("h/a", 0777), mkdir(".h", 0777);
    static const char *const files[] = {"h/._x.wav", "h/x.wav", "h/.Trash/y.wav", "h/a/.z.wav",
                                        "h/a/z.wav", ".h/q.wav"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) file_text(files[i], "");
    CHECK(open_one("h", NULL));
    CHECK_STR(listing(), "z h/a/z.wav\nx h/x.wav\n");
    CHECK(open_one("h/._x.wav", NULL));
    CHECK_STR(listing(), "._x h/._x.wav\n");
    CHECK(open_one(".h", NULL));
    CHECK_STR(listing(), "q .h/q.wav\n");
}

static void a_name_from_a_path_leads_out_of_no_folder(void)
{
    static const char *const arguments[] = {"/abs/a.wav", "../up/b.wav", "./c/../d.wav",
                                            "e//f.wav"};
    const struct corpus_options options = {.names_from_path = true};
    corpus_close(corpus);
    CHECK(corpus_open(&corpus, arguments, 4, &options, &failure));
    static const char *const name[] = {"abs/a", "up/b", "c/d", "e/f"};
    for (size_t i = 0; i < 4; i++) CHECK_STR(corpus_get(corpus, i)->name, name[i]);
}

static void links_are_followed_but_not_in_circles(void)
{
    mkdir("l", 0777), mkdir("l/in", 0777), mkdir("out", 0777);
    file_text("l/in/a.wav", ""), file_text("out/b.wav", "");
    CHECK(symlink("..", "l/in/up") == 0);
    CHECK(symlink("../out", "l/link") == 0);
    CHECK(symlink("../out/b.wav", "l/c.wav") == 0);
    CHECK(symlink("nowhere", "l/d.wav") == 0);
    CHECK(open_one("l", NULL));
    CHECK_STR(listing(), "c l/c.wav\nd l/d.wav\na l/in/a.wav\nb l/link/b.wav\n");
}

/* It fails when it is opened: the other inputs are not lost with it. */
static void a_folder_without_audio_is_an_utterance(void)
{
    mkdir("none", 0777);
    file_text("none/readme.txt", "");
    CHECK(open_one("none", NULL));
    CHECK_STR(listing(), "none/ none/\n");
}

static void a_folder_that_cannot_be_read_is_an_utterance(void)
{
    if (geteuid() == 0) SKIP("root reads everything");
    mkdir("some", 0777), mkdir("some/closed", 0);
    file_text("some/a.wav", "");
    CHECK(open_one("some", NULL));
    CHECK_STR(listing(), "a some/a.wav\nsome/closed/ some/closed/\n");
}

static void a_file_is_taken_whatever_its_suffix(void)
{
    static const char *const arguments[] = {"dir.x/speech.v1.wav", "noext", "missing.mp3",
                                            ".hidden", "x.npy", "-"};
    corpus_close(corpus);
    CHECK(corpus_open(&corpus, arguments, 6, NULL, &failure));
    CHECK_STR(listing(), "speech.v1 dir.x/speech.v1.wav\nnoext noext\nmissing missing.mp3\n"
                         ".hidden .hidden\nx x.npy\nstdin -\n");
    CHECK_EQ(corpus_get(corpus, 0)->kind, CORPUS_AUDIO);
    CHECK_EQ(corpus_get(corpus, 4)->kind, CORPUS_VECTORS);
    CHECK(open_one("-", &(struct corpus_options){.stdin_name = "mic"}));
    CHECK_STR(listing(), "mic -\n");
}

static void refuses(const char *const *arguments, size_t n, const struct corpus_options *options,
                    const char *text)
{
    corpus_close(corpus);
    corpus = NULL;
    CHECK(!corpus_open(&corpus, arguments, n, options, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK_STR(failure.text, text);
}

static void two_inputs_with_one_name_are_both_named(void)
{
    refuses((const char *const[]){"a/1.wav", "c/2.wav", "b/1.flac"}, 3, NULL,
            "b/1.flac: has the same name as a/1.wav: '1'; use --names path, or rename one of them");
    refuses((const char *const[]){"a/1.wav", "a/1.flac"}, 2, NULL,
            "a/1.flac: has the same name as a/1.wav: '1'; leave one out, or rename one");
    refuses((const char *const[]){"a/1.wav", "a/1.flac"}, 2,
            &(struct corpus_options){.names_from_path = true},
            "a/1.flac: has the same name as a/1.wav: 'a/1'; leave one out, or rename one");
    refuses((const char *const[]){"a/1.wav", "a/1.wav"}, 2, NULL,
            "a/1.wav: has the same name as a/1.wav: '1'; it is given twice; leave one out");
    refuses((const char *const[]){"-", "stdin.wav"}, 2, NULL,
            "stdin.wav: has the same name as stdin: 'stdin'; give standard input another --name");
    file_text("same.tsv", "/root\na/1.wav\nb/1.wav\n");
    refuses((const char *const[]){"same.tsv"}, 1, NULL,
            "same.tsv:3: has the same name as same.tsv:2: '1'; use --names path, or rename one of "
            "them");
    CHECK(open_one("same.tsv", &(struct corpus_options){.names_from_path = true}));
    CHECK_STR(listing(), "a/1 /root/a/1.wav\nb/1 /root/b/1.wav\n");
    CHECK(open_one("same.tsv", &(struct corpus_options){.allow_equal_names = true}));
    CHECK_EQ(corpus_size(corpus), 2);
}

static void arguments_that_make_no_sense_are_refused(void)
{
    refuses(NULL, 0, NULL, "no input");
    refuses((const char *const[]){""}, 1, NULL, "the name of an input is empty");
    refuses((const char *const[]){"-", "a.wav", "-"}, 3, NULL,
            "'-' (standard input) is given twice");
    refuses((const char *const[]){"a.wav"}, 1, &(struct corpus_options){.segments = "seg"},
            "--segments seg needs an input with suffix .scp");
}

static const char *speaker_of(size_t i)
{
    const char *speaker = corpus_get(corpus, i)->speaker;
    return speaker ? speaker : "(none)";
}

static void a_speaker_is_the_text_before_the_dash_else_the_folder(void)
{
    static const char *const arguments[] = {"x/19-198-0001.wav", "x/spk7/utt.wav", "plain.wav",
                                            "./dot.wav", "q//-1.wav", "../up.wav"};
    static const char *const expected[] = {"19", "spk7", "(none)", "(none)", "q", "(none)"};
    corpus_close(corpus);
    CHECK(corpus_open(&corpus, arguments, 6, NULL, &failure));
    for (size_t i = 0; i < 6; i++) CHECK_STR(speaker_of(i), expected[i]);
}

static void utt2spk_overrides_and_ignores_strangers(void)
{
    static const char *const arguments[] = {"x/a-1.wav", "x/b-1.wav"};
    struct corpus_options options = {.speakers = "utt2spk"};
    file_text("utt2spk", "b-1 Berta\nstranger Xaver\n");
    corpus_close(corpus);
    CHECK(corpus_open(&corpus, arguments, 2, &options, &failure));
    CHECK_STR(speaker_of(0), "a");
    CHECK_STR(speaker_of(1), "Berta");

    static const struct {
        const char *text, *complaint;
    } bad[] = {
        {"a-1 x\nb-1\n", "utt2spk:2: expected two columns: name and speaker"},
        {"a-1 x y\n", "utt2spk:1: expected two columns: name and speaker"},
        {"\nz\n", "utt2spk:2: expected two columns: name and speaker"},
        {"a-1 x\nb-1 y\na-1 x\n", "utt2spk:3: 'a-1' is also in line 1"},
        {"z x\nz x\n", "utt2spk:2: 'z' is also in line 1"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        file_text("utt2spk", bad[i].text);
        CHECK_STR(complaint("x/a-1.wav", NULL, &options), bad[i].complaint);
    }
}

static void a_list_of_200000_entries_stays_lean(void)
{
    FILE *file = fopen("large.tsv", "wb");
    fputs("/corpus/root\n", file);
    for (int i = 0; i < 200000; i++)
        fprintf(file, "%d/%d/%d-%d-%06d.flac\t%d\n", i % 250, i % 7, i % 250, i % 7, i, 160000 + i);
    fclose(file);
    CHECK(open_one("large.tsv", NULL));
    CHECK_EQ(corpus_size(corpus), 200000);
    const struct utterance *last = corpus_get(corpus, 199999);
    CHECK_STR(last->name, "249-2-199999");
    CHECK_STR(last->path, "/corpus/root/249/2/249-2-199999.flac");
    CHECK_EQ(last->declared, 359999);
    CHECK(speaker_of(249) == speaker_of(199999)); /* one copy each */
    CHECK(sizeof(struct utterance) <= 80);
}

int main(void)
{
    if (!corpus_fixture_begin()) return 99;
    RUN(a_folder_gives_its_audio_sorted_by_bytes);
    RUN(hidden_files_and_folders_are_no_inputs_unless_named);
    RUN(a_name_from_a_path_leads_out_of_no_folder);
    RUN(links_are_followed_but_not_in_circles);
    RUN(a_folder_without_audio_is_an_utterance);
    RUN(a_folder_that_cannot_be_read_is_an_utterance);
    RUN(a_file_is_taken_whatever_its_suffix);
    RUN(two_inputs_with_one_name_are_both_named);
    RUN(arguments_that_make_no_sense_are_refused);
    RUN(a_speaker_is_the_text_before_the_dash_else_the_folder);
    RUN(utt2spk_overrides_and_ignores_strangers);
    RUN(a_list_of_200000_entries_stays_lean);
    corpus_close(corpus);
    return check_done();
}
