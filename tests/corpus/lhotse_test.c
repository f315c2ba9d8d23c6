/* SPDX-License-Identifier: MIT */
/* Manifests as Lhotse 1.33 writes them. */
#define _GNU_SOURCE
#include "tests/corpus/corpus_fixture.h"

#define MONO                                                                                       \
    "{\"id\": \"a\", \"sources\": [{\"type\": \"file\", \"channels\": [0], \"source\": "           \
    "\"/d/a.wav\"}], \"sampling_rate\": 16000, \"num_samples\": 32000, \"duration\": 2.0, "        \
    "\"channel_ids\": [0]}"
#define STEREO                                                                                     \
    "{\"id\": \"st\", \"sources\": [{\"type\": \"file\", \"channels\": [0, 1], \"source\": "       \
    "\"/d/st.wav\"}], \"sampling_rate\": 16000, \"num_samples\": 32000, \"duration\": 2.0, "       \
    "\"channel_ids\": [0, 1]}"
#define SPLIT                                                                                      \
    "{\"id\": \"sp\", \"sources\": [{\"type\": \"file\", \"channels\": [0], \"source\": "          \
    "\"/d/l.wav\"}, {\"type\": \"file\", \"channels\": [1], \"source\": \"/d/r.wav\"}], "          \
    "\"sampling_rate\": 16000, \"num_samples\": 32000, \"duration\": 2.0, "                        \
    "\"channel_ids\": [0, 1]}"
#define SUPERVISION                                                                                \
    "{\"id\": \"s1\", \"recording_id\": \"a\", \"start\": 0.0, \"duration\": 1.0, \"channel\": 0, "\
    "\"text\": \"x\", \"speaker\": \"eva\"}"
#define CUT(id, start, duration, channel, recording)                                               \
    "{\"id\": \"" id "\", \"start\": " start ", \"duration\": " duration ", \"channel\": " channel \
    ", \"supervisions\": [" SUPERVISION "], \"recording\": " recording ", \"type\": \"MonoCut\"}\n"

static void recordings_are_read_whole(void)
{
    file_text("recordings.jsonl", MONO "\n" STEREO "\n");
    CHECK(open_one("recordings.jsonl", NULL));
    CHECK_STR(listing(), "a /d/a.wav\nst /d/st.wav\n");
    CHECK(corpus_get(corpus, 0)->begin_s == 0 && corpus_get(corpus, 0)->end_s <= 0);
    CHECK_EQ(corpus_get(corpus, 1)->channel, 0);
}

static void a_cut_is_a_part_of_its_recording(void)
{
    file_text("cuts.jsonl", CUT("c1", "0.5", "1.0", "0", MONO) CUT("c2", "0", "2.0", "0", MONO)
              CUT("c3", "0.25", "0.5", "1", STEREO) CUT("c4", "0", "2.0", "[0, 1]", STEREO)
              CUT("c5", "0", "2.0", "1", SPLIT) CUT("c6", "0", "0.5", "[1]", STEREO));
    CHECK(open_one("cuts.jsonl", NULL));
    CHECK_STR(listing(), "c1 /d/a.wav\nc2 /d/a.wav\nc3 /d/st.wav\nc4 /d/st.wav\nc5 /d/r.wav\n"
                         "c6 /d/st.wav\n");
    static const struct {
        double begin_s, end_s;
        int channel;
    } expected[] = {{0.5, 1.5, 0}, {0, 0, 0}, {0.25, 0.75, 2}, {0, 0, 0}, {0, 0, 0}, {0, 0.5, 2}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct utterance *u = corpus_get(corpus, i);
        CHECK(u->begin_s == expected[i].begin_s && u->end_s == expected[i].end_s);
        CHECK_EQ(u->channel, expected[i].channel);
        CHECK_STR(u->speaker, "eva");
    }
}

static void what_is_no_part_of_one_file_is_refused(void)
{
    static const struct {
        const char *text, *complaint;
    } bad[] = {
        {SUPERVISION, "a Lhotse supervision names no file; give the manifest of its cuts"},
        {"{\"id\": \"m\", \"tracks\": [{\"cut\": " MONO ", \"offset\": 0.0}], \"type\": "
         "\"MixedCut\"}",
         "a mix of several cuts cannot be read; save its audio in a file first"},
        {"{\"id\": \"p\", \"duration\": 1.0, \"sampling_rate\": 16000, \"num_samples\": 16000, "
         "\"type\": \"PaddingCut\"}",
         "a cut of padding has no audio; remove it from the list"},
        {"{\"id\": \"f\", \"start\": 0, \"duration\": 1.0, \"channel\": 0, \"features\": {}, "
         "\"type\": \"MonoCut\"}",
         "a cut without its \"recording\" has no audio"},
        {SPLIT, "the recording has 2 files; voq reads the channels of one file"},
        {CUT("c", "0", "1", "2", STEREO), "the recording has no channel 2"},
        {CUT("c", "0", "1", "[]", STEREO),
         "0 of 2 channels are selected; voq reads one of them, or the mean of all"},
        {"{\"id\": \"a\", \"sources\": []}", "the recording has no \"sources\""},
        {"{\"id\": \"a\", \"sources\": [1]}", "\"sources\" must hold JSON objects"},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"file\"}]}", "the source has no \"source\""},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"command\", \"channels\": [0], \"source\": "
         "\"sox a.wav -\"}]}",
         "the audio comes from a command, which is not run; save it in a file first"},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"url\", \"channels\": [0], \"source\": "
         "\"https://x/a.wav\"}]}",
         "the audio comes from a URL, which is not fetched; save it in a file first"},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"memory\", \"channels\": [0], \"source\": "
         "\"A\"}]}",
         "the audio is not in a file of its own (\"type\" of the source); save it in one first"},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"shar\", \"channels\": [0], \"source\": "
         "\"\"}]}",
         "the audio is in a tar beside this list; give that tar, or the folder of both"},
        {"{\"id\": \"a\", \"sources\": [{\"type\": \"file\", \"channels\": [0], \"source\": "
         "\"a.wav\"}], "
         "\"transforms\": [{\"name\": \"Resample\"}, {\"name\": \"Speed\", \"kwargs\": {}}]}",
         "Lhotse would change the audio after reading it (Speed); save the changed audio in a file "
         "first"},
        {CUT("c", "0", "0", "0", MONO), "the \"duration\" is 0; remove the line"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *said = complaint("c.jsonl", bad[i].text, NULL);
        CHECK_STR(strstr(said, "c.jsonl:1: ") ? said + strlen("c.jsonl:1: ") : said,
                  bad[i].complaint);
    }
}

static void another_rate_is_no_reason_to_refuse(void)
{
    CHECK_STR(complaint("r.jsonl",
                        "{\"id\": \"a\", \"sources\": [{\"type\": \"file\", \"channels\": [0], "
                        "\"source\": \"/d/a.wav\"}], \"transforms\": [{\"name\": \"Resample\"}]}",
                        NULL), "");
    CHECK_STR(listing(), "a /d/a.wav\n");
}

int main(void)
{
    if (!corpus_fixture_begin()) return 99;
    RUN(recordings_are_read_whole);
    RUN(a_cut_is_a_part_of_its_recording);
    RUN(what_is_no_part_of_one_file_is_refused);
    RUN(another_rate_is_no_reason_to_refuse);
    corpus_close(corpus);
    return check_done();
}
