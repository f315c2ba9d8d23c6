/* SPDX-License-Identifier: MIT */
/* A damaged or lost page leaves a hole that keeps its length: what follows keeps its place in time,
   and the loss is told. */
#define _GNU_SOURCE
#include "tests/audio/ogg_file.h"
#include "tests/support/check.h"

enum { N = 96000 };

static struct failure failure;

static const int codes[] = {OGG_VORBIS, OGG_OPUS};

/* All but the same: a decoder that starts in the middle of Opus needs a moment to agree. One sample
   to the side, noise is as far from itself as from any other. */
static bool is_near(const float *x, const float *y, size_t n)
{
    double difference = 0, energy = 0;
    for (size_t i = 0; i < n; i++) {
        difference += (double)((x[i] - y[i]) * (x[i] - y[i]));
        energy += (double)(y[i] * y[i]);
    }
    return difference < 0.05 * energy;
}

/* All of `sound` stands where it stands in `whole`. */
static void check_places(const struct sound *sound, const struct sound *whole)
{
    size_t at = 0, position = 0;
    for (size_t i = 0; i <= sound->n_gap; i++) {
        size_t end = i < sound->n_gap ? sound->gap[i].at : sound->n, skip = i > 0 ? 2000 : 0;
        CHECK(position + (end - at) <= whole->n);
        if (end - at > skip + 200)
            CHECK(is_near(sound->x + at + skip, whole->x + position + skip, end - at - skip - 200));
        position += end - at + (i < sound->n_gap ? (size_t)sound->gap[i].n : 0);
        at = end;
    }
    CHECK_EQ(position, whole->n);
}

static void check_hole(const struct ogg_file *file, const struct sound *whole, size_t n_gap)
{
    struct sound sound = ogg_read(file, 0);
    CHECK_EQ(sound.n_gap, n_gap);
    CHECK(sound.facts.warnings & AUDIO_WARN_LOST);
    CHECK(!(sound.facts.warnings & AUDIO_WARN_TRUNCATED));
    CHECK(strstr(sound.warnings, "; later units keep their place in time") != NULL);
    CHECK_EQ(sound.facts.declared_frames, N);
    check_places(&sound, whole);
}

static void check_whole(const struct sound *whole)
{
    CHECK_EQ(whole->n, N);
    CHECK_STR(whole->warnings, "");
}

static void what_follows_a_lost_page_keeps_its_place(void)
{
    for (size_t i = 0; i < 2; i++)
        for (size_t page = 2; page < 6; page++) {
            struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
            struct sound whole = ogg_read(&file, 0);
            check_whole(&whole);
            ogg_remove(&file, page);
            check_hole(&file, &whole, 1);
        }
}

static void a_hole_is_told_with_its_place_and_its_length(void)
{
    struct ogg_file file = ogg_make(OGG_VORBIS, 16000, 1, N);
    ogg_remove(&file, 4);
    struct sound sound = ogg_read(&file, 0);
    char text[200];
    snprintf(text, sizeof text, ": damaged: %.3f s of audio are lost at %.3f s, before byte %zu; "
             "later units keep their place in time\n", (double)sound.gap[0].n / 16000,
             (double)ogg_granule(&file, 3) / 16000, file.at[4]);
    CHECK_EQ(sound.gap[0].at, ogg_granule(&file, 3));
    CHECK_STR(sound.warnings + strlen(scratch("read.ogg")), text);
}

static void a_damaged_page_is_a_lost_one(void)
{
    for (size_t i = 0; i < 2; i++)
        for (int how = 0; how < 4; how++) {
            static const char garbage[700] = "no page";
            struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
            struct sound whole = ogg_read(&file, 0);
            check_whole(&whole);
            size_t middle = (file.at[4] + file.at[5]) / 2;
            if (how == 0) file.bytes[middle] ^= 1;
            if (how == 1) memset(file.bytes + middle, 0, 400);
            if (how == 2) ogg_splice(&file, middle, garbage, sizeof garbage);
            if (how == 3) ogg_splice(&file, middle, NULL, 100);
            check_hole(&file, &whole, 1);
        }
}

static void several_holes_keep_their_lengths(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
        struct sound whole = ogg_read(&file, 0);
        check_whole(&whole);
        ogg_remove(&file, 5);
        file.bytes[file.at[3] + 60] ^= 1;
        check_hole(&file, &whole, 2);
    }
}

static void bytes_between_pages_cost_no_audio_but_are_told(void)
{
    struct ogg_file file = ogg_make(OGG_VORBIS, 16000, 1, N);
    struct sound whole = ogg_read(&file, 0);
    check_whole(&whole);
    size_t at = file.at[4];
    ogg_splice(&file, at, "no page at all", 14);
    struct sound sound = ogg_read(&file, 0);
    char text[100];
    snprintf(text, sizeof text, "14 bytes from byte %zu on", at);
    CHECK_EQ(sound.n, N);
    CHECK_BITS(sound.x, whole.x, N);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, text) != NULL);
}

static void a_page_that_stands_twice_is_read_once(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
        struct sound whole = ogg_read(&file, 0);
        check_whole(&whole);
        ogg_splice(&file, file.at[5], file.bytes + file.at[4], file.at[5] - file.at[4]);
        check_hole(&file, &whole, 1); /* a moment, for the decoder to start again */
    }
}

static void a_last_page_that_is_damaged_or_cut_is_counted(void)
{
    for (size_t i = 0; i < 2; i++)
        for (int how = 0; how < 2; how++) {
            struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
            if (how == 0) file.bytes[file.n - 5] ^= 1;
            if (how == 1) file.n -= 100;
            struct sound sound = ogg_read(&file, 0);
            CHECK(sound.n > N / 2 && sound.n < N);
            CHECK_EQ(sound.facts.declared_frames, N);
            CHECK(sound.facts.truncated);
            CHECK(strstr(sound.warnings, " of 96000 declared samples could be read") != NULL);
        }
}

static void a_file_that_ends_inside_a_page_header_is_told(void)
{
    struct ogg_file file = ogg_make(OGG_OPUS, 16000, 1, N);
    file.n = file.at[file.n_page - 1] + 20;
    struct sound sound = ogg_read(&file, 0);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
    CHECK(strstr(sound.warnings, ": 20 bytes from byte ") != NULL);
}

static void a_missing_end_of_stream_is_noted_as_live_recordings_have_none(void)
{
    struct ogg_file file = ogg_make(OGG_VORBIS, 16000, 1, N);
    file.n = file.at[file.n_page - 1];
    struct sound sound = ogg_read(&file, 0);
    CHECK(sound.facts.warnings == AUDIO_WARN_OPEN_END);
    CHECK((sound.facts.warnings & AUDIO_LOSSES) == 0);
}

/* All audio pages say that they are ten hours further on. */
static void a_stream_that_was_joined_late_begins_with_its_first_page(void)
{
    for (size_t i = 0; i < 2; i++) {
        struct ogg_file file = ogg_make(codes[i], 16000, 1, N);
        for (size_t k = 2; k < file.n_page; k++) {
            uint64_t granule = ogg_granule(&file, k) + 36000u * (i == 0 ? 16000u : 48000u);
            uint32_t sequence = (uint32_t)(40000 + k);
            memcpy(file.bytes + file.at[k] + 6, &granule, 8);
            memcpy(file.bytes + file.at[k] + 18, &sequence, 4);
            ogg_seal(file.bytes + file.at[k]);
        }
        struct sound sound = ogg_read(&file, 0);
        CHECK(sound.n > N - 200 && sound.n <= N);
        CHECK_EQ(sound.n_gap, 0);
        CHECK_STR(sound.warnings, "");
    }
}

static void a_position_out_of_reason_is_no_gap(void)
{
    struct ogg_file file = ogg_make(OGG_VORBIS, 16000, 1, N);
    uint64_t granule = UINT64_C(1) << 60;
    for (size_t k = 5; k < file.n_page; k++) {
        uint64_t shifted = ogg_granule(&file, k) + granule;
        memcpy(file.bytes + file.at[k] + 6, &shifted, 8);
        ogg_seal(file.bytes + file.at[k]);
    }
    ogg_remove(&file, 4);
    struct sound sound = ogg_read(&file, 0);
    CHECK(sound.n > N / 2);
    CHECK_EQ(sound.n_gap, 0);
    CHECK(strstr(sound.warnings, "; the times after it are wrong") != NULL);
    CHECK(sound.facts.warnings == AUDIO_WARN_LOST);
}

/* The hole is counted at the wanted rate, and what follows falls on the same samples. */
static void a_gap_at_another_rate_keeps_times_exact(void)
{
    static const uint32_t rates[][2] = {{44100, 16000}, {16000, 44100}, {22050, 16000},
                                        {48000, 16000}, {16000, 8000}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct ogg_file file = ogg_make(OGG_VORBIS, (int)rates[i][0], 1, rates[i][0] * 6);
        struct sound whole = ogg_read(&file, rates[i][1]);
        ogg_remove(&file, 4);
        struct sound sound = ogg_read(&file, rates[i][1]);
        CHECK_EQ(sound.n_gap, 1);
        CHECK_EQ(whole.n, rates[i][1] * 6);
        check_places(&sound, &whole);
    }
}

static void a_segment_knows_only_of_its_own_holes(void)
{
    struct ogg_file file = ogg_make(OGG_VORBIS, 16000, 1, N);
    struct sound whole = ogg_read(&file, 0);
    ogg_remove(&file, 4);
    struct sound holed = ogg_read(&file, 0);
    double begin_s = (double)holed.gap[0].at / 16000;
    double end_s = begin_s + (double)holed.gap[0].n / 16000, middle_s = (begin_s + end_s) / 2;
    const struct {
        double begin_s, end_s;
        bool has_gap;
    } spans[] = {{0, begin_s - 0.1, false},  {end_s + 0.1, end_s + 0.5, false},
                 {0, middle_s, true},        {middle_s, end_s + 0.5, true},
                 {0.1, end_s + 0.5, true},   {begin_s + 0.01, end_s - 0.01, true}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++) {
        struct sound part;
        struct audio_request request = {.path = ogg_save(&file, "span.ogg"),
                                        .begin_s = spans[i].begin_s, .end_s = spans[i].end_s};
        size_t begin = (size_t)(spans[i].begin_s * 16000 + 0.5);
        size_t end = (size_t)(spans[i].end_s * 16000 + 0.5);
        CHECK(sound_read(&part, &request, 500, &failure));
        CHECK_EQ(part.n_gap, spans[i].has_gap);
        CHECK_EQ((part.facts.warnings & AUDIO_WARN_LOST) != 0, spans[i].has_gap);
        CHECK_EQ(part.n + (part.n_gap ? part.gap[0].n : 0), end - begin);
        if (part.n_gap == 0) CHECK_BITS(part.x, whole.x + begin, part.n);
        sound_free(&part);
    }
}

static void a_hole_in_one_link_leaves_the_others_in_place(void)
{
    struct ogg_file a = ogg_make(OGG_VORBIS, 16000, 1, N), chain = {0};
    struct sound whole = ogg_read(&a, 0);
    ogg_append(&chain, a.bytes, a.n);
    ogg_remove(&a, 4);
    ogg_append(&chain, a.bytes, a.n);
    a.bytes[a.n - 5] ^= 1; /* its last page is lost too, between two links */
    ogg_append(&chain, a.bytes, a.n);
    ogg_append(&chain, a.bytes, a.n);
    struct sound sound = ogg_read(&chain, 0);
    CHECK_EQ(sound.facts.declared_frames, 4 * N);
    CHECK(sound.facts.truncated && sound.facts.warnings & AUDIO_WARN_LOST);
    CHECK_EQ(sound.n_gap, 4);
    CHECK_BITS(sound.x, whole.x, N);
    CHECK_BITS(sound.x + N, whole.x, sound.gap[0].at - N);
    CHECK_BITS(sound.x + sound.gap[2].at, whole.x, sound.gap[3].at - sound.gap[2].at);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(what_follows_a_lost_page_keeps_its_place);
    RUN(a_hole_is_told_with_its_place_and_its_length);
    RUN(a_damaged_page_is_a_lost_one);
    RUN(several_holes_keep_their_lengths);
    RUN(bytes_between_pages_cost_no_audio_but_are_told);
    RUN(a_page_that_stands_twice_is_read_once);
    RUN(a_last_page_that_is_damaged_or_cut_is_counted);
    RUN(a_file_that_ends_inside_a_page_header_is_told);
    RUN(a_missing_end_of_stream_is_noted_as_live_recordings_have_none);
    RUN(a_stream_that_was_joined_late_begins_with_its_first_page);
    RUN(a_position_out_of_reason_is_no_gap);
    RUN(a_gap_at_another_rate_keeps_times_exact);
    RUN(a_segment_knows_only_of_its_own_holes);
    RUN(a_hole_in_one_link_leaves_the_others_in_place);
    return check_done();
}
