/* SPDX-License-Identifier: MIT */
/* Ogg streams one after the other are one signal; what does not fit is told. */
#define _GNU_SOURCE
#include "tests/audio/ogg_file.h"
#include "tests/support/check.h"

static struct failure failure;

static const int codes[] = {OGG_VORBIS, OGG_OPUS};

static void append(struct ogg_file *file, const struct ogg_file *more)
{
    ogg_append(file, more->bytes, more->n);
}

/* x of `sound` from `at` on is that of the whole part. */
static void check_part(const struct sound *sound, size_t at, const struct sound *part)
{
    CHECK(at + part->n <= sound->n);
    CHECK_BITS(sound->x + at, part->x, part->n);
}

static void a_chain_is_one_signal_without_a_gap(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct ogg_file a = ogg_make(codes[i], 16000, 1, 40000);
        struct ogg_file b = ogg_make(codes[i], 16000, 1, 23456);
        struct sound alone_a = ogg_read(&a, 0), alone_b = ogg_read(&b, 0);
        append(&a, &b);
        append(&a, &b); /* the same serial number once more */
        struct sound chain = ogg_read(&a, 0);
        CHECK_EQ(alone_a.n, 40000);
        CHECK_EQ(chain.n, 40000 + 2 * 23456);
        CHECK_EQ(chain.facts.declared_frames, chain.n);
        CHECK_STR(chain.warnings, "");
        check_part(&chain, 0, &alone_a);
        check_part(&chain, alone_a.n, &alone_b);
        check_part(&chain, alone_a.n + alone_b.n, &alone_b);
    }
}

static void links_of_different_coding_are_one_signal_too(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 30000);
    struct ogg_file b = ogg_make(OGG_OPUS, 16000, 1, 20000);
    struct sound alone_a = ogg_read(&a, 0), alone_b = ogg_read(&b, 0);
    append(&a, &b);
    struct sound chain = ogg_read(&a, 0);
    CHECK_EQ(chain.n, 50000);
    CHECK_STR(chain.warnings, "");
    check_part(&chain, 0, &alone_a);
    check_part(&chain, alone_a.n, &alone_b);
}

static void a_segment_may_lie_across_links(void)
{
    static const double spans[][2] = {{0.5, 4}, {2.5, 3}, {2, 4}, {3.1, 0}, {1, 1.5}};
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 40000);
    struct ogg_file b = ogg_make(OGG_VORBIS, 16000, 1, 30000);
    append(&a, &b);
    struct sound whole = ogg_read(&a, 0);
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct sound part;
        struct audio_request request = {.path = ogg_save(&a, "span.ogg"), .begin_s = spans[i][0],
                                        .end_s = spans[i][1]};
        size_t begin = (size_t)(spans[i][0] * 16000);
        size_t end = spans[i][1] > 0 ? (size_t)(spans[i][1] * 16000) : 70000;
        CHECK(sound_read(&part, &request, 777, &failure));
        CHECK_EQ(part.n, end - begin);
        CHECK_STR(part.warnings, "");
        CHECK_BITS(part.x, whole.x + begin, part.n);
        sound_free(&part);
    }
}

static void a_chain_through_a_pipe_is_the_same(void)
{
    struct ogg_file a = ogg_make(OGG_OPUS, 16000, 1, 30000);
    append(&a, &a);
    const char *path = ogg_save(&a, "pipe.ogg");
    char command[600];
    struct sound piped, whole = ogg_read(&a, 0);
    snprintf(command, sizeof command, "cat %s", path);
    CHECK(sound_read(&piped, &(struct audio_request){.path = command, .is_command = true}, 1000,
                     &failure));
    CHECK_EQ(piped.n, 60000);
    CHECK_BITS(piped.x, whole.x, whole.n);
    CHECK_STR(piped.warnings, "");
    sound_free(&piped);
}

static void tags_and_padding_between_links_are_not_audio(void)
{
    static const unsigned char tag[128] = "TAG", padding[1000];
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 20000), chain = {0};
    append(&chain, &a);
    ogg_append(&chain, tag, sizeof tag);
    ogg_append(&chain, padding, sizeof padding);
    append(&chain, &a);
    ogg_append(&chain, tag, sizeof tag);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, 40000);
    CHECK_STR(sound.warnings, "");
}

static void what_follows_and_is_no_ogg_is_told(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 20000);
    size_t n = a.n;
    ogg_append(&a, "fLaC and much more", 18);
    struct sound sound = ogg_read(&a, 0);
    char text[300];
    snprintf(text, sizeof text, "%s: 18 bytes from byte %zu on are not audio that can be "
             "read; later units keep their place in time\n", scratch("read.ogg"), n);
    CHECK_EQ(sound.n, 20000);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK_STR(sound.warnings, text);
}

/* a, something else of 1 s, a. */
static void check_other(int format, int rate_hz, int channels, const char *what)
{
    struct ogg_file a = ogg_make(format, 16000, 1, 40000), chain = {0};
    struct ogg_file other = ogg_make(format, rate_hz, channels, (size_t)rate_hz);
    append(&chain, &a);
    append(&chain, &other);
    append(&chain, &a);
    struct sound alone = ogg_read(&a, 0), sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, 80000);
    CHECK_EQ(sound.n_gap, 1);
    CHECK_EQ(sound.gap[0].at, 40000);
    CHECK_EQ(sound.gap[0].n, 16000);
    CHECK_EQ(sound.facts.declared_frames, 96000);
    check_part(&sound, 40000, &alone);
    CHECK(strstr(sound.warnings, what) != NULL);
    char place[60];
    snprintf(place, sizeof place, "at 2.500 s, byte %zu, ", a.n);
    CHECK(strstr(sound.warnings, place) != NULL);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
}

static void a_link_of_another_rate_is_told_and_not_mixed_in(void)
{
    check_other(OGG_VORBIS, 22050, 1, "a stream of 22050 Hz and 1 channel follows one of 16000 Hz "
                "and 1; its 1.000 s are not read");
    check_other(OGG_OPUS, 48000, 1, "a stream of 48000 Hz and 1 channel follows one of 16000 Hz");
}

static void a_link_of_other_channels_is_told_and_not_mixed_in(void)
{
    check_other(OGG_VORBIS, 16000, 2, "a stream of 16000 Hz and 2 channels follows one of");
}

static void a_link_that_cannot_be_read_is_told_and_the_next_one_is_read(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 20000), chain = {0};
    unsigned char page[300];
    append(&chain, &a);
    ogg_append(&chain, page, ogg_other(page, "no audio at all", 2, 0));
    ogg_append(&chain, page, ogg_other(page, "more of it", 4, 1));
    append(&chain, &a);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, 40000);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    char text[200];
    snprintf(text, sizeof text, ": the stream at 1.250 s, byte %zu, cannot be read; the times "
             "after it are wrong\n", a.n);
    CHECK_STR(sound.warnings + strlen(scratch("read.ogg")), text);
}

static void pages_of_a_stream_without_its_start_are_told(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 20000), chain = {0};
    struct ogg_file b = ogg_make(OGG_VORBIS, 16000, 1, 20000);
    memcpy(b.bytes + b.at[2] + 14, "else", 4);
    ogg_seal(b.bytes + b.at[2]);
    append(&chain, &a);
    ogg_append(&chain, b.bytes + b.at[2], b.at[3] - b.at[2]);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.n, 20000);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
}

/* A video's picture beside its sound: all first pages come first. */
static void a_stream_beside_the_audio_is_no_link(void)
{
    for (int first = 0; first < 2; first++) {
        struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 40000);
        struct sound alone = ogg_read(&a, 0);
        unsigned char page[300];
        size_t n = ogg_other(page, "more of it", 0, 1);
        for (size_t i = a.n_page; i-- > 3;) ogg_splice(&a, a.at[i], page, n);
        n = ogg_other(page, "a picture", 2, 0);
        ogg_splice(&a, first ? 0 : a.at[1], page, n);
        struct sound sound = ogg_read(&a, 0);
        CHECK_EQ(sound.n, 40000);
        CHECK_STR(sound.warnings, "");
        CHECK_BITS(sound.x, alone.x, alone.n);
    }
}

static void two_audio_streams_side_by_side_are_told(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, 20000);
    unsigned char page[300];
    size_t n = ogg_other(page, "OpusHead...", 2, 0);
    ogg_splice(&a, a.at[1], page, n);
    struct sound sound = ogg_read(&a, 0);
    CHECK_EQ(sound.n, 20000);
    CHECK(strstr(sound.warnings, "2 interleaved audio streams; the first one is read") != NULL);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_chain_is_one_signal_without_a_gap);
    RUN(links_of_different_coding_are_one_signal_too);
    RUN(a_segment_may_lie_across_links);
    RUN(a_chain_through_a_pipe_is_the_same);
    RUN(tags_and_padding_between_links_are_not_audio);
    RUN(what_follows_and_is_no_ogg_is_told);
    RUN(a_link_of_another_rate_is_told_and_not_mixed_in);
    RUN(a_link_of_other_channels_is_told_and_not_mixed_in);
    RUN(a_link_that_cannot_be_read_is_told_and_the_next_one_is_read);
    RUN(pages_of_a_stream_without_its_start_are_told);
    RUN(a_stream_beside_the_audio_is_no_link);
    RUN(two_audio_streams_side_by_side_are_told);
    return check_done();
}
