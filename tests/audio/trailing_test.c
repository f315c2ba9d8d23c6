/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"
#include "tools/audio/trailing.h"

enum { UNKNOWN = -1 };

static struct failure failure;
static const unsigned char riff[] = "RIFF", form[] = "FORM", caff[] = "caff", w64[] = "riff";

/* Where, behind 4 bytes of audio, the first byte is that nobody knows; -1: there is none. */
static long long other_at(const void *bytes, size_t n, const unsigned char *magic)
{
    unsigned char file[4096] = "\1\2\3\4";
    uint64_t other = 0;
    struct byte_source *source;
    memcpy(file + 4, bytes, n);
    struct audio_request request = {.path = scratch_write("t", file, n + 4)};
    if (!byte_source_open(&source, &request, &failure) ||
        !trailing_other(source, 4, magic ? chunk_layout_find(magic) : NULL, &other, &failure))
        return -2;
    byte_source_close(source);
    return (long long)other;
}

static void nothing_and_zeros_are_no_audio(void)
{
    static const unsigned char zeros[2000];
    CHECK_EQ(other_at("", 0, riff), UNKNOWN);
    CHECK_EQ(other_at("", 1, riff), UNKNOWN);
    CHECK_EQ(other_at(zeros, sizeof zeros, NULL), UNKNOWN);
    CHECK_EQ(other_at("\0\0\0x", 4, NULL), 7);
}

static void append(char *all, size_t *n, const char *tag, size_t n_tag)
{
    memcpy(all + *n, tag, n_tag);
    *n += n_tag;
}

static void tags_are_no_audio_one_after_another(void)
{
    char id3v1[128] = "TAG", more[227] = "TAG+", all[1000];
    static const char id3v2[] = "ID3\4\0\0\0\0\0\5abcde";
    static const char footed[] = "ID3\4\0\x10\0\0\0\1a3DI\4\0\x10\0\0\0\1";
    static const char lyrics[] = "LYRICSBEGININD00002110000026LYRICS200";
    static const char ape[] = "APETAGEX\xd0\7\0\0\x28\0\0\0\1\0\0\0\0\0\0\xa0........item...."
                              "APETAGEX\xd0\7\0\0\x28\0\0\0\1\0\0\0\0\0\0\x80........";
    size_t n = 0;
    append(all, &n, id3v2, sizeof id3v2 - 1);
    append(all, &n, footed, sizeof footed - 1);
    append(all, &n, ape, sizeof ape - 1);
    append(all, &n, lyrics, sizeof lyrics - 1);
    append(all, &n, more, sizeof more);
    append(all, &n, id3v1, sizeof id3v1);
    CHECK_EQ(other_at(all, n, NULL), UNKNOWN);
    CHECK_EQ(other_at(all, n, riff), UNKNOWN);
    all[n] = 'x';
    CHECK_EQ(other_at(all, n + 1, NULL), (long long)n + 4);
}

static void an_ape_tag_may_begin_with_its_content(void)
{
    char tag[40 + 128] = "item....APETAGEX\xe8\3\0\0\x28\0\0\0\1\0\0\0\0\0\0\0........TAG";
    CHECK_EQ(other_at(tag, 40, NULL), UNKNOWN);
    CHECK_EQ(other_at(tag, sizeof tag, NULL), UNKNOWN);
    tag[20] = 0x20;
    CHECK_EQ(other_at(tag, 40, NULL), 4);
}

/* How many samples an AU file of 100 that states no length has with these bytes at its end. */
static long long samples_before(const void *tag, size_t n)
{
    static const unsigned char header[] =
        ".snd\0\0\0\30\377\377\377\377\0\0\0\3\0\0\76\200\0\0\0\1";
    unsigned char file[2000];
    struct sound sound;
    memset(file, 'x', sizeof file);
    memcpy(file, header, 24);
    memcpy(file + 224, tag, n);
    const char *path = scratch_write("endless.au", file, 224 + n);
    if (!sound_read(&sound, &(struct audio_request){.path = path}, 100, &failure)) return -1;
    long long n_sample = (long long)sound.n;
    bool noted = sound.facts.warnings == AUDIO_WARN_NO_LENGTH;
    sound_free(&sound);
    return noted ? n_sample : -2;
}

static void tags_at_the_end_of_a_recording_without_a_length_are_no_samples(void)
{
    char id3v1[128] = "TAG", more[227 + 128] = "TAG+", all[1000];
    static const char lyrics[] = "LYRICSBEGININD00002110000026LYRICS200";
    static const char old_lyrics[] = "LYRICSBEGIN[00:01]wordsLYRICSEND";
    static const char ape[] = "APETAGEX\xd0\7\0\0\x28\0\0\0\1\0\0\0\0\0\0\xa0........item...."
                              "APETAGEX\xd0\7\0\0\x28\0\0\0\1\0\0\0\0\0\0\x80........";
    size_t n = 0;
    memcpy(more + 227, id3v1, sizeof id3v1);
    CHECK_EQ(samples_before("", 0), 100);
    CHECK_EQ(samples_before(id3v1, sizeof id3v1), 100);
    CHECK_EQ(samples_before(more, sizeof more), 100);
    CHECK_EQ(samples_before(lyrics, sizeof lyrics - 1), 100);
    CHECK_EQ(samples_before(old_lyrics, sizeof old_lyrics - 1), 100);
    CHECK_EQ(samples_before(ape, sizeof ape - 1), 100);
    append(all, &n, ape, sizeof ape - 1);
    append(all, &n, lyrics, sizeof lyrics - 1);
    append(all, &n, more, sizeof more);
    CHECK_EQ(samples_before(all, n), 100);
    all[n] = all[n + 1] = 'x'; /* what does not end the file is audio */
    CHECK_EQ(samples_before(all, n + 2), 100 + (long long)(n + 2) / 2);
}

static void chunks_of_the_container_are_no_audio(void)
{
    CHECK_EQ(other_at("LIST\4\0\0\0abcdid3 \1\0\0\0a\0", 22, riff), UNKNOWN);
    CHECK_EQ(other_at("LIST\4\0\0\0abcd", 12, NULL), 4);
    CHECK_EQ(other_at("LIST\4\0\0\0ab", 10, riff), UNKNOWN);
    CHECK_EQ(other_at("COMM\0\0\0\2ab", 10, form), UNKNOWN);
    CHECK_EQ(other_at("info\0\0\0\0\0\0\0\2ab", 14, caff), UNKNOWN);
    CHECK_EQ(other_at("levl............\x1a\0\0\0\0\0\0\0ab\0\0\0\0\0\0", 32, w64), UNKNOWN);
    CHECK_EQ(other_at("what people write here", 22, riff), 4);
}

static void another_recording_is_told_where_it_begins(void)
{
    CHECK_EQ(other_at("RIFF\4\0\0\0WAVE", 12, riff), 4);
    CHECK_EQ(other_at("LIST\4\0\0\0abcdRIFF\4\0\0\0WAVE", 24, riff), 16);
    CHECK_EQ(other_at("FORM\0\0\0\4AIFF", 12, form), 4);
    CHECK_EQ(other_at("data\4\0\0\0abcd", 12, riff), 4);
}

static enum trailing_kind begins(const char *bytes, size_t n)
{
    return trailing_begins((const unsigned char *)bytes, n, chunk_layout_find(riff));
}

static void a_beginning_tells_chunks_from_samples(void)
{
    CHECK_EQ(begins("LIST\4\0\0\0INFO", 12), TRAILING_TAG);
    CHECK_EQ(begins("RIFF\4\0\0\0WAVE", 12), TRAILING_RECORDING);
    CHECK_EQ(begins("ID3\3\0\0\0\0\1\1..", 12), TRAILING_TAG);
    CHECK_EQ(begins("\1\0\2\0\3\0\4\0\5\0\6\0", 12), TRAILING_UNKNOWN);
    CHECK_EQ(begins("text is loud", 12), TRAILING_UNKNOWN);
    CHECK_EQ(begins("\0\0\0\0\0\0\0\0\0\0\0\0", 12), TRAILING_UNKNOWN);
    CHECK_EQ(begins("LIST\4\0\0\0INF", 11), TRAILING_UNKNOWN);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(nothing_and_zeros_are_no_audio);
    RUN(tags_are_no_audio_one_after_another);
    RUN(an_ape_tag_may_begin_with_its_content);
    RUN(tags_at_the_end_of_a_recording_without_a_length_are_no_samples);
    RUN(chunks_of_the_container_are_no_audio);
    RUN(another_recording_is_told_where_it_begins);
    RUN(a_beginning_tells_chunks_from_samples);
    return check_done();
}
