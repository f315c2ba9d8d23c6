/* SPDX-License-Identifier: MIT */
/* FLAC after FLAC and MP3 after MP3, as `cat` joins them, are one signal. */
#define _GNU_SOURCE
#include "tests/audio/ogg_file.h"
#include "tests/support/check.h"
#include "tools/audio/mpeg_links.h"

enum { FLAC = SF_FORMAT_FLAC | SF_FORMAT_PCM_16, MP3 = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III };

static const unsigned char tag[128] = "TAG", padding[3000];
static const unsigned char id3[10 + 300] = "ID3\4\0\0\0\0\2\54";

static struct ogg_file make(int format, int rate_hz, size_t n)
{
    return ogg_load(sound_write("made", format, rate_hz, 1, n));
}

static void append(struct ogg_file *file, const struct ogg_file *more)
{
    ogg_append(file, more->bytes, more->n);
}

/* a and b alone, then together, with what may stand between them and behind. */
static void check_chain(struct ogg_file a, struct ogg_file b, const char *between, bool has_tags)
{
    struct ogg_file chain = {0};
    struct sound alone_a = ogg_read(&a, 0), alone_b = ogg_read(&b, 0);
    append(&chain, &a);
    if (has_tags) ogg_append(&chain, tag, sizeof tag);
    if (has_tags) ogg_append(&chain, id3, sizeof id3);
    ogg_append(&chain, between, strlen(between));
    append(&chain, &b);
    if (has_tags) ogg_append(&chain, tag, sizeof tag);
    if (has_tags) ogg_append(&chain, padding, sizeof padding);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, alone_a.n + alone_b.n);
    CHECK_BITS(sound.x, alone_a.x, alone_a.n);
    CHECK_BITS(sound.x + alone_a.n, alone_b.x, alone_b.n);
    CHECK_STR(sound.warnings, "");
}

static void flac_after_flac_is_one_signal(void)
{
    check_chain(make(FLAC, 16000, 30000), make(FLAC, 16000, 20000), "", false);
    check_chain(make(FLAC, 16000, 30000), make(FLAC, 16000, 20000), "", true);
}

static void mp3_after_mp3_is_one_signal(void)
{
    check_chain(make(MP3, 16000, 30000), make(MP3, 16000, 20000), "", false);
    check_chain(make(MP3, 16000, 30000), make(MP3, 16000, 20000), "", true);
    check_chain(make(MP3, 44100, 90000), make(MP3, 44100, 70000), "", true);
}

/* As programs write them that cannot go back to the header. */
static struct ogg_file make_endless_flac(int rate_hz, size_t n)
{
    struct ogg_file file = make(FLAC, rate_hz, n);
    unsigned char *total = file.bytes + 8 + 13;
    total[0] &= 0xF0;
    memset(total + 1, 0, 4);
    return file;
}

static void a_flac_of_unknown_length_is_followed_by_the_next(void)
{
    check_chain(make_endless_flac(16000, 30000), make(FLAC, 16000, 20000), "", false);
}

/* b between two of a: its place, length and description are told. */
static void check_other(struct ogg_file a, struct ogg_file b, uint64_t gap, const char *text)
{
    struct ogg_file chain = {0};
    struct sound alone = ogg_read(&a, 0);
    append(&chain, &a);
    append(&chain, &b);
    append(&chain, &a);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, 2 * alone.n);
    CHECK_EQ(sound.n_gap, 1);
    CHECK_EQ(sound.gap[0].n, gap);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, text) != NULL);
    CHECK(strstr(sound.warnings, "keep their place in time") != NULL);
}

static void a_flac_of_another_rate_is_told(void)
{
    const char *text = "a stream of 8000 Hz and 1 channel follows one of";
    check_other(make(FLAC, 16000, 30000), make(FLAC, 8000, 8000), 16000, text);
    check_other(make(FLAC, 16000, 30000), make_endless_flac(8000, 8000), 16000, text);
}

/* Frames without the first, which counts them. */
static struct ogg_file make_uncounted_mp3(int rate_hz, int channels, size_t n)
{
    struct ogg_file file = ogg_load(sound_write("made", MP3, rate_hz, channels, n));
    size_t first = mpeg_header_bytes(file.bytes);
    file.n -= first;
    memmove(file.bytes, file.bytes + first, file.n);
    return file;
}

static void an_mp3_without_a_count_is_read_to_its_end(void)
{
    for (uint32_t seed = 0; seed < 3; seed++) {
        struct ogg_file file = make_uncounted_mp3(16000 << seed / 2, 1 + (int)seed % 2, 30000);
        struct sound sound = ogg_read(&file, 0);
        printf("# %zu\n", sound.n);
        CHECK(sound.n >= 30000 && sound.n < 33000);
        CHECK_STR(sound.warnings, "");
    }
}

static void an_mp3_without_a_count_is_followed_by_what_differs(void)
{
    struct ogg_file a = make_uncounted_mp3(16000, 1, 30000);
    struct ogg_file fast = make_uncounted_mp3(32000, 1, 60000);
    struct ogg_file stereo = make_uncounted_mp3(16000, 2, 30000);
    check_other(a, fast, ogg_read(&fast, 0).n / 2,
                "a stream of 32000 Hz and 1 channel follows one of");
    check_other(a, stereo, ogg_read(&stereo, 0).n,
                "a stream of 16000 Hz and 2 channels follows one of");
}

static void a_flac_that_is_cut_before_the_next_keeps_its_length(void)
{
    struct ogg_file a = make(FLAC, 16000, 30000), chain = {0};
    struct sound alone = ogg_read(&a, 0);
    ogg_append(&chain, a.bytes, a.n / 2);
    append(&chain, &a);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n_gap, 1);
    CHECK_EQ(sound.n + sound.gap[0].n, 60000);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK_BITS(sound.x + sound.gap[0].at, alone.x, alone.n);
}

static void what_follows_a_flac_and_is_no_audio_is_told(void)
{
    struct ogg_file a = make(FLAC, 16000, 30000);
    struct sound alone = ogg_read(&a, 0);
    char text[100];
    snprintf(text, sizeof text, ": 4021 bytes from byte %zu on are not audio", a.n);
    ogg_append(&a, "RIFF and then no more", 21);
    ogg_append(&a, text, 90);
    ogg_append(&a, padding, sizeof padding);
    ogg_append(&a, tag, sizeof tag);
    memset(a.bytes + a.n, 7, 782);
    a.n += 782;
    struct sound sound = ogg_read(&a, 0);
    CHECK_EQ(sound.n, alone.n);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, text) != NULL);
}

static void a_flac_of_unknown_length_that_is_cut_is_told(void)
{
    struct ogg_file a = make_endless_flac(16000, 30000);
    struct sound whole = ogg_read(&a, 0);
    CHECK_EQ(whole.n, 30000);
    CHECK_STR(whole.warnings, "");
    a.n -= 3000;
    struct sound cut = ogg_read(&a, 0);
    CHECK(cut.n < 30000);
    CHECK(cut.facts.warnings == AUDIO_WARN_LOST);
}

static void what_is_damaged_in_an_mp3_is_told(void)
{
    struct ogg_file a = make(MP3, 16000, 60000);
    size_t middle = a.n / 2;
    for (size_t i = 0; i < 2000; i++) a.bytes[middle + i] = (unsigned char)(i * 7 % 101);
    struct sound sound = ogg_read(&a, 0);
    CHECK(sound.n > 30000 && sound.n < 61000);
    CHECK(sound.facts.warnings & AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, "; the times after it are wrong") != NULL);
}

static void what_follows_an_mp3_and_is_no_audio_is_told(void)
{
    struct ogg_file a = make(MP3, 16000, 30000);
    struct sound alone = ogg_read(&a, 0);
    char text[100];
    snprintf(text, sizeof text, ": 21 bytes from byte %zu on are not audio", a.n);
    ogg_append(&a, "RIFF and then no more", 21);
    struct sound sound = ogg_read(&a, 0);
    CHECK_EQ(sound.n, alone.n);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, text) != NULL);
}

static void an_mp3_that_ends_inside_a_frame_is_told(void)
{
    struct ogg_file a = make(MP3, 16000, 30000);
    a.n -= 20;
    struct sound sound = ogg_read(&a, 0);
    CHECK((sound.facts.warnings & AUDIO_LOSSES) != 0);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(flac_after_flac_is_one_signal);
    RUN(mp3_after_mp3_is_one_signal);
    RUN(a_flac_of_unknown_length_is_followed_by_the_next);
    RUN(a_flac_of_another_rate_is_told);
    RUN(an_mp3_without_a_count_is_read_to_its_end);
    RUN(an_mp3_without_a_count_is_followed_by_what_differs);
    RUN(a_flac_that_is_cut_before_the_next_keeps_its_length);
    RUN(what_follows_a_flac_and_is_no_audio_is_told);
    RUN(a_flac_of_unknown_length_that_is_cut_is_told);
    RUN(what_is_damaged_in_an_mp3_is_told);
    RUN(what_follows_an_mp3_and_is_no_audio_is_told);
    RUN(an_mp3_that_ends_inside_a_frame_is_told);
    return check_done();
}
