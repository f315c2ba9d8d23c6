/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/corpus/corpus_fixture.h"

struct bad_list {
    const char *text, *complaint;
};

static void each_is_refused(const char *path, const struct bad_list *bad, size_t n,
                            const struct corpus_options *options)
{
    for (size_t i = 0; i < n; i++)
        CHECK_STR(complaint(path, bad[i].text, options), bad[i].complaint);
}

#define EACH_IS_REFUSED(path, bad, options)                                                        \
    each_is_refused((path), (bad), sizeof(bad) / sizeof *(bad), (options))

static void a_fairseq_manifest_gives_paths_below_its_root(void)
{
    file_text("m.tsv", "/data/set\r\na b/1-x.flac\t16000\r\n2.wav\n3.ogg\t0\n");
    CHECK(open_one("m.tsv", NULL));
    CHECK_STR(listing(), "1-x /data/set/a b/1-x.flac\n2 /data/set/2.wav\n3 /data/set/3.ogg\n");
    const struct utterance *u = corpus_get(corpus, 0);
    CHECK_EQ(u->declared, 16000);
    CHECK_EQ(u->line, 2);
    CHECK_STR(u->list, "m.tsv");
    CHECK_STR(u->speaker, "1");
    CHECK_STR(corpus_get(corpus, 1)->speaker, "set");
    CHECK_EQ(corpus_get(corpus, 1)->declared, 0);
    CHECK_EQ(corpus_n_warning(corpus), 0);
    file_text("root.tsv", "/\n1.wav\n");
    CHECK(open_one("root.tsv", NULL));
    CHECK_STR(listing(), "1 /1.wav\n");
}

static void an_absolute_path_in_a_manifest_warns_once(void)
{
    file_text("m.tsv", "/data\na.wav\n/else/b.wav\n/else/c.wav\n");
    CHECK(open_one("m.tsv", NULL));
    CHECK_STR(listing(), "a /data/a.wav\nb /else/b.wav\nc /else/c.wav\n");
    CHECK_EQ(corpus_n_warning(corpus), 1);
    CHECK_STR(corpus_warning(corpus, 0), "m.tsv:3: the path is absolute, so the folder of line 1 "
                                         "is ignored (2 such lines)");
}

static void a_bad_fairseq_manifest_stops_at_its_line(void)
{
    static const struct bad_list bad[] = {
        {"", "m.tsv: is empty; line 1 must be the folder of the audio"},
        {"\na.wav\t1\n", "m.tsv:1: line 1 must be the folder of the audio"},
        {"a.wav\t16000\nb.wav\t1\n", "m.tsv:1: line 1 must be the folder of the audio"},
        {"/data\n", "m.tsv: no entries after the folder in line 1"},
        {"/data\na\t1\t2\n", "m.tsv:2: more than two columns; a path cannot contain a TAB"},
        {"/data\na\t1\nb\t-1\n", "m.tsv:3: '-1' is not a number of samples"},
        {"/data\na\t1.5\n", "m.tsv:2: '1.5' is not a number of samples"},
        {"/data\na\t \tb\n", "m.tsv:2: more than two columns; a path cannot contain a TAB"},
        {"\t\n", "m.tsv:1: line 1 must be the folder of the audio"},
        {"/data\na\n\n", "m.tsv:3: the line has no path"},
        {"/data\n \t \n", "m.tsv:2: the line has no path"},
        {"\xFF\xFE/\n", "m.tsv:1: is UTF-16; save it as UTF-8"},
        {"/data\na\n/\n", "m.tsv:3: '/' has no name"},
        {"/data\na/\t5\n", "m.tsv:2: '/data/a/' has no name"},
    };
    EACH_IS_REFUSED("m.tsv", bad, NULL);
    CHECK_STR(complaint("none.tsv", NULL, NULL),
              "none.tsv: cannot be opened: No such file or directory");
}

static void a_fairseq_manifest_is_stripped_as_fairseq_strips_it(void)
{
    file_text("s.tsv", "\xEF\xBB\xBF /data \t\r\n"
                       "a.wav\t16000 \r\n"
                       " b.wav\t 16000\n"
                       "\xE3\x80\x80" "c d.wav\t\xC2\xA0" "7\xE2\x80\xA9\f\x1F\n"
                       "e.wav\t\n"
                       "f .wav  ");
    CHECK(open_one("s.tsv", NULL));
    CHECK_STR(listing(), "a /data/a.wav\nb /data/b.wav\nc d /data/c d.wav\ne /data/e.wav\n"
                         "f  /data/f .wav\n");
    CHECK_EQ(corpus_get(corpus, 0)->declared, 16000);
    CHECK_EQ(corpus_get(corpus, 1)->declared, 16000);
    CHECK_EQ(corpus_get(corpus, 2)->declared, 7);
    CHECK_EQ(corpus_get(corpus, 3)->declared, 0);
}

static void a_json_manifest_gives_parts_of_files(void)
{
    mkdir("j", 0777);
    file_text("j/beside.wav", "");
    file_text("j/m.jsonl",
              "{\"audio_filepath\": \"/d/7-a.wav\", \"duration\": 2.5, \"text\": \"hi\"}\n"
              "{\"audio_filepath\": \"/d/b.wav\", \"offset\": 1.25, \"duration\": 0.5}\r\n"
              "{\"offset\": 0.0, \"audio_filepath\": \"/d/c.wav\"}\n"
              "{\"audio_filepath\": \"/d/b.wav\", \"id\": \"x-1\", \"speaker\": \"Eva\"}\n"
              "{\"audio_filepath\": \"beside.wav\", \"id\": 17, \"offset\": null}\n"
              "{\"audio_filepath\": \"gone.npy\"}\n");
    CHECK(open_one("j/m.jsonl", NULL));
    CHECK_STR(listing(), "7-a /d/7-a.wav\nb-1250-1750 /d/b.wav\nc-0 /d/c.wav\nx-1 /d/b.wav\n"
                         "17 j/beside.wav\ngone j/gone.npy\n");
    const struct utterance *u = corpus_get(corpus, 0);
    CHECK(u->begin_s == 0 && u->end_s == 2.5);
    CHECK_STR(u->speaker, "7");
    u = corpus_get(corpus, 1);
    CHECK(u->begin_s == 1.25 && u->end_s == 1.75);
    CHECK_STR(u->speaker, "d"); /* not what stands before the dash of the times */
    CHECK_EQ(u->line, 2);
    u = corpus_get(corpus, 2);
    CHECK(u->begin_s == 0 && u->end_s <= 0);
    CHECK_STR(corpus_get(corpus, 3)->speaker, "Eva");
    CHECK_EQ(corpus_get(corpus, 5)->kind, CORPUS_VECTORS);
    CHECK(open_one("j/m.jsonl", &(struct corpus_options){.names_from_path = true}));
    CHECK_STR(corpus_get(corpus, 1)->name, "d/b-1250-1750");
}

static void a_relative_path_that_is_there_wins_over_one_beside_the_manifest(void)
{
    mkdir("j", 0777);
    file_text("beside.wav", "");
    file_text("j/n.jsonl", "{\"audio_filepath\": \"beside.wav\"}\n");
    CHECK(open_one("j/n.jsonl", NULL));
    CHECK_STR(listing(), "beside beside.wav\n");
    remove("beside.wav");
}

static void a_bad_json_manifest_stops_at_its_line(void)
{
    static const struct bad_list bad[] = {
        {"", "m.jsonl: is empty"},
        {"\n", "m.jsonl: is empty"},
        {"[\n{\"audio_filepath\": \"a\"}\n]\n",
         "m.jsonl:1: is an array, but the list must have one JSON object per line; convert it by "
         "jq -c '.[]' FILE"},
        {"{\"audio_filepath\": \"a\"\n", "m.jsonl:1, column 23: expected a ',' or '}'; each line "
         "must be one whole JSON object"},
        {"{\n\"audio_filepath\": \"a\"\n}\n",
         "m.jsonl:1, column 2: expected a string; each line must be one whole JSON object"},
        {"{'audio_filepath': 'a'}\n",
         "m.jsonl:1, column 2: single quotes are not JSON; use double quotes; each line must be "
         "one "
         "whole JSON object"},
        {"1\n", "m.jsonl:1: is not a JSON object"},
        {"{\"text\": \"a\"}\n",
         "m.jsonl:1: there is no \"audio_filepath\" (nor \"audio\", \"path\", \"wav\")"},
        {"{\"audio\": {\"path\": null, \"bytes\": \"UklGRg==\"}}\n",
         "m.jsonl:1: \"audio\" has no \"path\"; save the audio in a file first"},
        {"{\"path\": \"folder/\"}\n", "m.jsonl:1: 'folder/' has no name"},
        {"{\"audio_filepath\": \"\"}\n",
         "m.jsonl:1: \"audio_filepath\" must be a non-empty text"},
        {"{\"audio_filepath\": 3}\n", "m.jsonl:1: \"audio_filepath\" must be a text"},
        {"{\"audio_filepath\": [\"a\"]}\n",
         "m.jsonl:1: \"audio_filepath\" must be a non-empty text"},
        {"{\"audio_filepath\": \"-\"}\n", "m.jsonl:1: '-' (standard input) cannot be in a list"},
        {"{\"audio_filepath\": \"a\", \"offset\": -1}\n",
         "m.jsonl:1: \"offset\" must be seconds, 0 or more"},
        {"{\"audio_filepath\": \"a\", \"offset\": \"1\"}\n",
         "m.jsonl:1: \"offset\" must be seconds, 0 or more"},
        {"{\"audio_filepath\": \"a\", \"duration\": 0}\n",
         "m.jsonl:1: the \"duration\" is 0; remove the line"},
        {"{\"audio_filepath\": \"a\", \"duration\": 1e300}\n",
         "m.jsonl:1: \"duration\" must be seconds, 0 or more"},
        {"{\"audio_filepath\": \"a\", \"id\": \"\"}\n",
         "m.jsonl:1: \"id\" must be a non-empty text"},
        {"{\"audio_filepath\": \"a\", \"speaker\": {}}\n",
         "m.jsonl:1: \"speaker\" must be a non-empty text"},
    };
    EACH_IS_REFUSED("m.jsonl", bad, NULL);
}

static void a_path_may_stand_under_any_key_that_tools_use(void)
{
    file_text("m.json", "{\"audio\": \"/d/a.wav\"}\n{\"audio\": {\"path\": \"/d/b.wav\"}}\n\n"
                        "{\"path\": \"/d/c.wav\", \"audio\": null}\n{\"wav\": \"/d/e.wav\"} \n"
                        "{\"audio\": \"/d/a.wav\", \"start\": 1, \"duration\": 2.5}\n"
                        "{\"audio\": \"/d/f.wav\", \"offset\": -1e-17}\n"
                        "{\"wav\": \"/no\", \"audio_filepath\": \"/d/g.wav\"}");
    CHECK(open_one("m.json", NULL));
    CHECK_STR(listing(), "a /d/a.wav\nb /d/b.wav\nc /d/c.wav\ne /d/e.wav\na-1000-3500 /d/a.wav\n"
                         "f-0 /d/f.wav\ng /d/g.wav\n");
    CHECK(corpus_get(corpus, 4)->begin_s == 1 && corpus_get(corpus, 4)->end_s == 3.5);
}

static void a_list_has_one_path_per_line(void)
{
    mkdir("p", 0777);
    file_text("p/beside.wav", "");
    file_text("p/l.txt", "# a comment\r\n/d/a.wav\r\n\n  sub/b c.wav \t\nbeside.wav\n../up.wav\n"
                         "./#1.wav\nx.npy");
    CHECK(open_one("p/l.txt", NULL));
    CHECK_STR(listing(), "a /d/a.wav\nb c p/sub/b c.wav\nbeside p/beside.wav\nup p/../up.wav\n"
                         "#1 p/./#1.wav\nx p/x.npy\n");
    CHECK_EQ(corpus_get(corpus, 1)->line, 4);
    CHECK_EQ(corpus_get(corpus, 5)->kind, CORPUS_VECTORS);
    CHECK_STR(corpus_get(corpus, 1)->speaker, "sub");
    CHECK(open_one("p/l.txt", &(struct corpus_options){.names_from_path = true}));
    CHECK_STR(corpus_get(corpus, 0)->name, "d/a");
    CHECK_STR(corpus_get(corpus, 1)->name, "sub/b c");
    CHECK_STR(corpus_get(corpus, 3)->name, "up");
    CHECK_STR(complaint("l.txt", "a/...\n", &(struct corpus_options){.names_from_path = true}),
              "l.txt:1: 'a/...' has no name");
    CHECK_STR(complaint("l.txt", "a/b/\n", &(struct corpus_options){.names_from_path = true}),
              "l.txt:1: 'a/b/' has no name");
    file_text("l.lst", "a.wav\n");
    CHECK(open_one("l.lst", NULL));
    CHECK_STR(listing(), "a a.wav\n");
}

static void a_bad_list_of_paths_stops_at_its_line(void)
{
    static const struct bad_list bad[] = {
        {"", "l.txt: the list contains no path"},
        {"\n# nothing\n", "l.txt: the list contains no path"},
        {"a.wav\n-\n", "l.txt:2: '-' (standard input) cannot be in a list"},
        {"a.wav\t16000\n", "l.txt:1: contains a TAB, but the list must have one path per line; "
                            "name a fairseq manifest .tsv and a Kaldi table .scp"},
        {"a.wav\nfolder/\n", "l.txt:2: 'folder/' has no name"},
    };
    EACH_IS_REFUSED("l.txt", bad, NULL);
}

static void lists_are_known_by_their_suffix_with_gz_behind_it(void)
{
    static const char *const path[] = {"l.TXT.gz", "m.jsonl.gz", "m.scp.gz", "l.lst.gz"};
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        file_text(path[i], "\n\n");
        CHECK(!open_one(path[i], NULL) && strncmp(failure.text, path[i], strlen(path[i])) == 0);
    }
    CHECK(open_one("a.wav.gz", NULL));
    CHECK_STR(listing(), "a a.wav.gz\n");
}

static void a_kaldi_table_gives_keys_and_paths(void)
{
    file_text("wav.scp", "u1 a b/c.wav\nu2\t /d/e.flac \r\ns9-u3 x.ark:1234\nu4 c:d.wav\n");
    CHECK(open_one("wav.scp", NULL));
    CHECK_STR(listing(), "u1 a b/c.wav\nu2 /d/e.flac\ns9-u3 x.ark\nu4 c:d.wav\n");
    CHECK_EQ(corpus_get(corpus, 2)->offset, 1234);
    CHECK_EQ(corpus_get(corpus, 3)->offset, 0);
    CHECK_STR(corpus_get(corpus, 2)->speaker, "s9");
    CHECK_STR(corpus_get(corpus, 1)->speaker, "d");
}

static void a_command_pipe_is_run_only_if_allowed(void)
{
    const char *text = "u1 a.wav\nu2 b.wav\nutt1 sph2pipe -f wav 'x.sph' | \n";
    CHECK_STR(complaint("wav.scp", text, NULL),
              "wav.scp:3: 'utt1' is a command, which is not run; convert the audio first, or add "
              "--allow-pipes");
    CHECK(open_one("wav.scp", &(struct corpus_options){.allow_pipes = true}));
    const struct utterance *u = corpus_get(corpus, 2);
    CHECK(u->is_command && !corpus_get(corpus, 1)->is_command);
    CHECK_STR(u->path, "sph2pipe -f wav 'x.sph' ");
    CHECK(u->speaker == NULL);
}

static void a_bad_kaldi_table_stops_at_its_line(void)
{
    static const struct bad_list bad[] = {
        {"", "wav.scp: is empty"},
        {" \n\n", "wav.scp: is empty"},
        {" u1 \n", "wav.scp:1: 'u1' has no path"},
        {"u1\n", "wav.scp:1: 'u1' has no path"},
        {"u1 \n", "wav.scp:1: 'u1' has no path"},
        {"u1 a.wav\nu2 b.wav\nu1 c.wav\n", "wav.scp:3: 'u1' is also in line 1"},
        {"u1 -\n", "wav.scp:1: '-' (standard input) cannot be in a list"},
        {"u1 | cat\n",
         "wav.scp:1: 'u1' writes to a command; expected a file or a command to read from"},
        {"u1 a.ark:5[0:10]\n",
         "wav.scp:1: a range [...] is not supported; use a segments file"},
    };
    EACH_IS_REFUSED("wav.scp", bad, NULL);
}

static const struct corpus_options with_segments = {.segments = "segments"};

static void segments_are_parts_of_the_recordings_of_a_table(void)
{
    file_text("wav.scp", "r1 a.wav\n\t r2 b.ark:77\n");
    file_text("segments", " A-1 r2 0.5 1.25 1\nA-2\tr1  3 -1\nB-1 r1 0 0.01 0\r\n");
    CHECK(open_one("wav.scp", &with_segments));
    CHECK_STR(listing(), "A-1 b.ark\nA-2 a.wav\nB-1 a.wav\n");
    const struct utterance *u = corpus_get(corpus, 0);
    CHECK(u->begin_s == 0.5 && u->end_s == 1.25);
    CHECK_EQ(u->offset, 77);
    CHECK_EQ(u->channel, 2); /* Kaldi's 1, counted from 0 */
    CHECK_EQ(u->line, 1);
    CHECK_STR(u->list, "segments");
    CHECK_STR(u->speaker, "A");
    u = corpus_get(corpus, 1);
    CHECK(u->begin_s == 3 && u->end_s <= 0);
    CHECK_EQ(u->channel, -1); /* not stated: the file must have only one */
    CHECK_EQ(corpus_get(corpus, 2)->channel, 1);
}

static void times_of_segments_are_any_decimal_number(void)
{
    file_text("wav.scp", "r1 /d/one.wav\n");
    file_text("segments", "\xEF\xBB\xBFs-1 r1 5e-05 +1.5 \r\ns-2 r1 -1e-9 .5\ns-3 r1 -0 -1.0 ");
    CHECK(open_one("wav.scp", &with_segments));
    CHECK_STR(listing(), "s-1 /d/one.wav\ns-2 /d/one.wav\ns-3 /d/one.wav\n");
    CHECK(corpus_get(corpus, 0)->begin_s == 5e-05 && corpus_get(corpus, 0)->end_s == 1.5);
    CHECK(corpus_get(corpus, 1)->begin_s == 0 && corpus_get(corpus, 1)->end_s == 0.5);
    CHECK(corpus_get(corpus, 2)->begin_s == 0 && corpus_get(corpus, 2)->end_s == -1);
}

static void bad_segments_stop_at_their_line(void)
{
    static const struct bad_list bad[] = {
        {"", "segments: is empty"},
        {"s r1 0\n", "segments:1: 3 columns; expected segment, recording, start, end, and "
                     "optionally channel"},
        {"s r1 0 1 0 x\n", "segments:1: 6 columns; expected segment, recording, start, end, "
                           "and optionally channel"},
        {"\n", "segments: is empty"},
        {"s r1 0 1\ns2 r9 0 1\n", "segments:2: the recording 'r9' is not in any .scp"},
        {"s r1 -0.5 1\n", "segments:1: start '-0.5' is not a time in seconds, 0 or more"},
        {"s r1 x 1\n", "segments:1: start 'x' is not a time in seconds"},
        {"s r1 0 nan\n", "segments:1: end 'nan' is not a time in seconds"},
        {"s r1 2 2\n", "segments:1: the start 2 is not before the end 2"},
        {"s r1 3 -2\n", "segments:1: the start 3 is not before the end -2"},
        {"s r1 0 1 -1\n", "segments:1: '-1' is not a channel (counted from 0)"},
        {"s r1 0 1 A\n", "segments:1: 'A' is not a channel (counted from 0)"},
        {"s r1 0 1 40000\n", "segments:1: '40000' is not a channel (counted from 0)"},
    };
    file_text("wav.scp", "r1 a.wav\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        file_text("segments", bad[i].text);
        CHECK_STR(complaint("wav.scp", NULL, &with_segments), bad[i].complaint);
    }
}

static void two_segments_with_one_name_are_found(void)
{
    file_text("wav.scp", "r1 a.wav\n");
    file_text("segments", "s r1 0 1\nt r1 0 1\ns r1 1 2\n");
    CHECK(!open_one("wav.scp", &with_segments));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK_STR(failure.text, "segments:3: has the same name as segments:1: 's'; rename one");
}

static void what_helps_against_equal_names_is_said(void)
{
    file_text("m.jsonl", "{\"path\": \"a.wav\", \"offset\": 1}\n{\"path\": \"a.wav\", "
                         "\"offset\": 1}\n");
    CHECK(!open_one("m.jsonl", NULL));
    CHECK_EQ(failure.code, EXIT_USAGE);
    CHECK_STR(failure.text, "m.jsonl:2: has the same name as m.jsonl:1: 'a-1000'; give each line "
                            "its own \"id\"");
    file_text("m.jsonl", "{\"path\": \"a.wav\", \"offset\": 1, \"id\": 1}\n"
                         "{\"path\": \"a.wav\", \"offset\": 1, \"id\": 2}\n");
    CHECK(open_one("m.jsonl", NULL));
    file_text("l.txt", "a/1.wav\nb/1.wav\n");
    CHECK(!open_one("l.txt", NULL));
    CHECK_STR(failure.text, "l.txt:2: has the same name as l.txt:1: '1'; use --names path, or "
                            "rename one of them");
    CHECK(open_one("l.txt", &(struct corpus_options){.names_from_path = true}));
    CHECK_STR(listing(), "a/1 a/1.wav\nb/1 b/1.wav\n");
    file_text("l.txt", "a/1.wav\na/1.flac\n");
    CHECK(!open_one("l.txt", NULL));
    CHECK_STR(failure.text, "l.txt:2: has the same name as l.txt:1: '1'; leave one out, or "
                            "rename one");
}

int main(void)
{
    if (!corpus_fixture_begin()) return 99;
    RUN(a_fairseq_manifest_gives_paths_below_its_root);
    RUN(an_absolute_path_in_a_manifest_warns_once);
    RUN(a_bad_fairseq_manifest_stops_at_its_line);
    RUN(a_fairseq_manifest_is_stripped_as_fairseq_strips_it);
    RUN(a_json_manifest_gives_parts_of_files);
    RUN(a_relative_path_that_is_there_wins_over_one_beside_the_manifest);
    RUN(a_bad_json_manifest_stops_at_its_line);
    RUN(a_path_may_stand_under_any_key_that_tools_use);
    RUN(a_list_has_one_path_per_line);
    RUN(a_bad_list_of_paths_stops_at_its_line);
    RUN(lists_are_known_by_their_suffix_with_gz_behind_it);
    RUN(what_helps_against_equal_names_is_said);
    RUN(a_kaldi_table_gives_keys_and_paths);
    RUN(a_command_pipe_is_run_only_if_allowed);
    RUN(a_bad_kaldi_table_stops_at_its_line);
    RUN(segments_are_parts_of_the_recordings_of_a_table);
    RUN(times_of_segments_are_any_decimal_number);
    RUN(bad_segments_stop_at_their_line);
    RUN(two_segments_with_one_name_are_found);
    corpus_close(corpus);
    return check_done();
}
