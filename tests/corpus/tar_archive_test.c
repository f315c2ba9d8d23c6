/* SPDX-License-Identifier: MIT */
/* What a tar states about its utterances: a name or speaker that is lost or wrong puts the units of
   one person under another. */
#define _GNU_SOURCE
#include "tests/corpus/corpus_fixture.h"

#include "tools/base/libarchive.h"

static FILE *tar;

static void begin_tar(const char *path)
{
    tar = fopen(path, "wb");
    if (!tar) abort();
}

static void add_typed(const char *name, const char *content, char type)
{
    enum { BLOCK = 512, CHECKSUM = 148, CHECKSUM_BYTES = 8, TYPE = 156, MAGIC = 257 };
    unsigned char block[BLOCK] = {0};
    unsigned sum = 0;
    size_t n = strlen(content);
    snprintf((char *)block, 100, "%s", name);
    snprintf((char *)block + 100, 8, "%07o", 0644u);
    snprintf((char *)block + 124, 12, "%011o", (unsigned)n);
    snprintf((char *)block + 136, 12, "%011o", 0u);
    memset(block + CHECKSUM, ' ', CHECKSUM_BYTES);
    block[TYPE] = (unsigned char)type;
    memcpy(block + MAGIC, "ustar\00000", 8);
    for (size_t i = 0; i < BLOCK; i++) sum += block[i];
    snprintf((char *)block + CHECKSUM, CHECKSUM_BYTES, "%06o", sum);
    fwrite(block, 1, BLOCK, tar);
    for (size_t at = 0; at < n; at += BLOCK) {
        memset(block, 0, BLOCK);
        memcpy(block, content + at, n - at < BLOCK ? n - at : BLOCK);
        fwrite(block, 1, BLOCK, tar);
    }
}

static void add(const char *name, const char *content)
{
    add_typed(name, content, '0');
}

static void end_tar(void)
{
    static const char zeros[1024];
    fwrite(zeros, 1, sizeof zeros, tar);
    fclose(tar);
}

/* "name speaker label" of all utterances, one per line. */
static const char *members(void)
{
    static char text[4096];
    text[0] = '\0';
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *u = corpus_get(corpus, i);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s %s %s\n", u->name,
                 u->speaker ? u->speaker : "?", utterance_label(u));
    }
    return text;
}

static void members_come_in_the_order_of_the_unpacked_folder(void)
{
    begin_tar("order.tar");
    add_typed("b/", "", '5');
    add("b/2.wav", "x"), add("./b-1/q.mp3", "x"), add("a b.sph", "x"), add("B/z.opus", "x");
    add("notes.txt", "x"), add("x.wav.bak", "x"), add("b/10.FLAC", "x"), add("v.npy", "x");
    end_tar();
    CHECK(open_one("order.tar", NULL));
    CHECK_STR(members(), "z B order.tar: B/z.opus\na b ? order.tar: a b.sph\n"
                         "q b-1 order.tar: b-1/q.mp3\n10 b order.tar: b/10.FLAC\n"
                         "2 b order.tar: b/2.wav\n");
    CHECK_EQ(corpus_n_warning(corpus), 0);
}

static void hidden_members_are_no_inputs(void)
{
    begin_tar("hidden.tar");
    add("._x.wav", "x"), add("x.wav", "x"), add(".Trash/y.wav", "x"), add("a/._z.wav", "x");
    add("./._w.wav", "x");
    end_tar();
    CHECK(open_one("hidden.tar", NULL));
    CHECK_STR(members(), "x ? hidden.tar: x.wav\n");
}

static void a_name_leads_out_of_no_folder(void)
{
    const struct corpus_options options = {.names_from_path = true};
    begin_tar("out.tar");
    add("../../up.wav", "x"), add("/abs/a.wav", "x"), add("c/../d.wav", "x");
    end_tar();
    CHECK(open_one("out.tar", &options));
    CHECK_STR(members(), "abs/a abs out.tar: abs/a.wav\nc/d c out.tar: c/d.wav\n"
                         "up ? out.tar: up.wav\n");
}

static void a_sidecar_states_name_and_speaker(void)
{
    begin_tar("web.tar");
    add("s/a.json", "{\"id\": \"first\", \"speaker\": \"Ann\", \"text\": [1, NaN]}");
    add("s/a.flac", "x");
    add("s/b.flac", "x"), add("s/b.json", "{\"id\": 17, \"speaker_id\": 4}");
    add("s/c.flac", "x"), add("s/c.json", "[1, 2]");
    add("s/d.flac", "x"), add("s/d.json", "{\"id\": \"\", \"speaker\": null}");
    add("s/e.flac", "x"), add("s/e.json", "{\"id\": \"Eve-1\"}");
    add("s/f-2.flac", "x");
    end_tar();
    CHECK(open_one("web.tar", NULL));
    CHECK_STR(members(), "a s web.tar: s/a.flac\n17 4 web.tar: s/b.flac\nc s web.tar: s/c.flac\n"
                         "d s web.tar: s/d.flac\nEve-1 Eve web.tar: s/e.flac\n"
                         "f-2 f web.tar: s/f-2.flac\n");
    CHECK_EQ(corpus_n_warning(corpus), 1); /* NaN is not JSON */
    CHECK(strstr(corpus_warning(corpus, 0), "web.tar: s/a.json: "));
}

/* WebDataset groups members by what comes before the first dot. */
static void members_of_a_group_share_the_speaker_but_not_the_name(void)
{
    begin_tar("group.tar");
    add("u.mic1.wav", "x"), add("u.mic2.wav", "x");
    add("u.json", "{\"id\": \"u\", \"speaker\": \"U\"}");
    end_tar();
    CHECK(open_one("group.tar", NULL));
    CHECK_STR(members(), "u.mic1 U group.tar: u.mic1.wav\nu.mic2 U group.tar: u.mic2.wav\n");
}

static const char RECORDING[] =
    "{\"id\": \"whole\", \"sources\": [{\"type\": \"shar\", \"channels\": [0], \"source\": \"\"}]}";

/* The ids of cuts are the names of members; that of the recording may be shared by many. */
static void lhotse_shar_takes_speakers_from_the_cuts(void)
{
    mkdir("shar", 0777);
    begin_tar("shar/recording.000000.tar");
    add("c1.flac", "x"), add("c1.json", RECORDING), add("c2.flac", "x"), add("c2.json", RECORDING);
    add("c3.nodata", ""), add("c3.nometa", "");
    end_tar();
    begin_tar("shar/features.000000.tar");
    add("c1.llc", "x"), add("c1.json", "{}");
    end_tar();
    file_text("shar/cuts.000000.jsonl",
              "{\"id\": \"c1\", \"supervisions\": [{\"id\": \"s\"}, {\"speaker\": \"Ann\"}]}\n"
              "{\"id\": \"c2\", \"supervisions\": [{\"speaker\": \"Bob\"}]}\n\n"
              "{\"id\": \"c3\"}\n");
    CHECK(open_one("shar", NULL));
    CHECK_STR(members(), "c1 Ann shar/recording.000000.tar: c1.flac\n"
                         "c2 Bob shar/recording.000000.tar: c2.flac\n");
    CHECK_EQ(corpus_n_warning(corpus), 0);
    file_text("shar/cuts.000000.jsonl", "{\"id\": \"c1\",\n");
    CHECK(open_one("shar/recording.000000.tar", NULL));
    CHECK_EQ(corpus_n_warning(corpus), 1);
    CHECK(strstr(corpus_warning(corpus, 0), "shar/cuts.000000.jsonl:1: "));
    CHECK_EQ(corpus_size(corpus), 2);
}

static void names_from_paths_tell_the_tars_of_a_folder_apart(void)
{
    const struct corpus_options options = {.names_from_path = true};
    mkdir("two", 0777), mkdir("two/in", 0777);
    begin_tar("two/b.tar"), add("k/x.wav", "x"), end_tar();
    begin_tar("two/in/a.tar"), add("k/x.wav", "x"), end_tar();
    CHECK(open_one("two", &options));
    CHECK_STR(members(), "b/k/x k two/b.tar: k/x.wav\nin/a/k/x k two/in/a.tar: k/x.wav\n");
    CHECK(!open_one("two", NULL));
    CHECK_STR(failure.text, "two/in/a.tar: k/x.wav: has the same name as two/b.tar: k/x.wav: 'x'; "
                            "use --names path, or rename one of them");
    file_text("two/list.txt", "b.tar\n../two/in/a.tar\n");
    CHECK(open_one("two/list.txt", &options));
    CHECK_STR(members(), "b/k/x k two/b.tar: k/x.wav\n"
                         "two/in/a/k/x k two/../two/in/a.tar: k/x.wav\n");
    CHECK_EQ(corpus_get(corpus, 1)->line, 2);
}

static void tars_beside_audio_are_left_out(void)
{
    mkdir("both", 0777);
    begin_tar("both/a.tar"), add("x.wav", "x"), end_tar();
    file_text("both/x.wav", "");
    CHECK(open_one("both", NULL));
    CHECK_STR(members(), "x both both/x.wav\n");
    CHECK_EQ(corpus_n_warning(corpus), 1);
    CHECK(strstr(corpus_warning(corpus, 0), "both: the folder holds audio files, so the tars"));
    CHECK(open_one("both", &(struct corpus_options){.suffixes = CORPUS_SUFFIXES_VECTORS}));
    CHECK_STR(members(), "both/ both both/\n");
}

static void the_last_of_several_members_of_one_name_is_read(void)
{
    begin_tar("twice.tar"), add("x.wav", "old"), add("y.wav", "x");
    add("./x.wav", "newer");
    end_tar();
    CHECK(open_one("twice.tar", NULL));
    CHECK_STR(members(), "x ? twice.tar: x.wav\ny ? twice.tar: y.wav\n");
    CHECK_EQ(audio_request_of(corpus_get(corpus, 0), 0).member->size, 5);
    CHECK_EQ(corpus_n_warning(corpus), 1);
}

int main(void)
{
    struct libarchive *library;
    if (!libarchive_load(&library, "a.tar", &failure)) {
        printf("1..0 # SKIP libarchive is not installed\n");
        return 0;
    }
    libarchive_unload(library);
    if (!corpus_fixture_begin()) return 99;
    RUN(members_come_in_the_order_of_the_unpacked_folder);
    RUN(hidden_members_are_no_inputs);
    RUN(a_name_leads_out_of_no_folder);
    RUN(a_sidecar_states_name_and_speaker);
    RUN(members_of_a_group_share_the_speaker_but_not_the_name);
    RUN(lhotse_shar_takes_speakers_from_the_cuts);
    RUN(names_from_paths_tell_the_tars_of_a_folder_apart);
    RUN(tars_beside_audio_are_left_out);
    RUN(the_last_of_several_members_of_one_name_is_read);
    corpus_close(corpus);
    return check_done();
}
