/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"

enum { RATE = 8000, N_FRAME = 16000 };

static struct failure failure;

static const int codes[] = {SF_FORMAT_WAV | SF_FORMAT_PCM_16, SF_FORMAT_FLAC | SF_FORMAT_PCM_16,
                            SF_FORMAT_AIFF | SF_FORMAT_PCM_16};

static bool read_span(struct sound *sound, const char *path, double begin_s, double end_s)
{
    struct audio_request request = {.path = path, .begin_s = begin_s, .end_s = end_s};
    return sound_read(sound, &request, 160, &failure);
}

static void a_segment_is_that_part_of_the_file(void)
{
    for (size_t k = 0; k < 3; k++) {
        struct sound whole, part;
        const char *path = sound_write("s", codes[k], RATE, 1, N_FRAME);
        CHECK(read_span(&whole, path, 0, 0));
        CHECK(read_span(&part, path, 0.5, 1.25));
        CHECK_EQ(part.n, 6000);
        CHECK_EQ(part.facts.span_frames, 6000);
        CHECK_EQ(part.facts.declared_frames, N_FRAME);
        CHECK_BITS(part.x, whole.x + 4000, part.n);
        CHECK_STR(part.warnings, "");
        sound_free(&part);
        CHECK(read_span(&part, path, 1.5, -1));
        CHECK_EQ(part.n, 4000);
        CHECK_BITS(part.x, whole.x + 12000, part.n);
        sound_free(&part);
        sound_free(&whole);
    }
}

static void times_round_as_kaldi_rounds_them(void)
{
    struct sound sound;
    const char *path = sound_write("s", codes[0], RATE, 1, N_FRAME);
    CHECK(read_span(&sound, path, 0.0000624, 0.00031251)); /* 0.499 -> 0, 2.5001 -> 3 */
    CHECK_EQ(sound.n, 3);
    sound_free(&sound);
    CHECK(read_span(&sound, path, 0.0000626, 0.0003124)); /* 0.501 -> 1, 2.499 -> 2 */
    CHECK_EQ(sound.n, 1);
    sound_free(&sound);
}

static void an_end_just_beyond_the_audio_is_cut(void)
{
    for (size_t k = 0; k < 3; k++) {
        struct sound sound;
        const char *path = sound_write("s", codes[k], RATE, 1, N_FRAME);
        CHECK(read_span(&sound, path, 1, 2.5));
        CHECK_EQ(sound.n, RATE);
        CHECK(!sound.facts.truncated);
        CHECK_STR(sound.warnings + strlen(path),
                  ": the segment ends at 2.500 s, after the end of the audio, and is cut there\n");
        sound_free(&sound);
    }
}

static void an_end_far_beyond_the_audio_fails(void)
{
    struct sound sound;
    const char *path = sound_write("s", codes[0], RATE, 1, N_FRAME);
    CHECK(!read_span(&sound, path, 1, 2.501));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path), ": the segment ends at 2.501 s, more than 0.5 s beyond "
                                           "the audio's end at 2.000 s");
}

static void a_start_beyond_the_audio_fails(void)
{
    struct sound sound;
    const char *path = sound_write("s", codes[0], RATE, 1, N_FRAME);
    CHECK(!read_span(&sound, path, 2, 2.2));
    CHECK_STR(failure.text + strlen(path),
              ": the segment starts at 2.000 s, where the audio has ended already");
}

/* Headerless samples, 2 s of them: from a pipe their end is not known beforehand. */
static bool read_empty_span(bool from_pipe, double at_s, size_t *n_sample)
{
    static const int16_t x[N_FRAME];
    char command[600];
    struct sound sound;
    struct audio_raw raw = {.rate_hz = RATE, .channels = 1};
    const char *path = scratch_write("s.raw", x, sizeof x);
    snprintf(command, sizeof command, "cat '%s'", path);
    struct audio_request request = {.path = from_pipe ? command : path, .is_command = from_pipe,
                                    .raw = &raw, .begin_s = at_s, .end_s = at_s, .label = "x"};
    bool good = sound_read(&sound, &request, 160, &failure);
    *n_sample = sound.n;
    sound_free(&sound);
    return good;
}

static void a_segment_of_no_length_has_one_answer_from_file_and_pipe(void)
{
    size_t n;
    for (int from_pipe = 0; from_pipe < 2; from_pipe++) {
        CHECK(read_empty_span(from_pipe, 0.5, &n) && n == 0);
        CHECK(read_empty_span(from_pipe, 1.999, &n) && n == 0);
        for (int k = 0; k < 3; k++) {
            failure.code = 0;
            CHECK(!read_empty_span(from_pipe, 2 + 0.5 * k, &n));
            CHECK_EQ(failure.code, EXIT_INPUT);
            CHECK(strstr(failure.text, ", where the audio has ended already"));
        }
    }
}

static void a_pipe_that_ends_before_the_segment_fails(void)
{
    struct sound sound;
    char command[600];
    snprintf(command, sizeof command, "head -c 8044 '%s'",
             sound_write("s", codes[0], RATE, 1, N_FRAME)); /* 0.5 s are there */
    struct audio_request request = {
        .path = command, .is_command = true, .begin_s = 1, .end_s = 1.5, .label = "a.scp:1"};
    CHECK(!sound_read(&sound, &request, 160, &failure));
    CHECK_STR(failure.text,
              "a.scp:1: the segment starts at 1.000 s, where the audio has ended already");
    sound_free(&sound);
}

static void a_segment_before_the_cut_of_a_file_is_whole(void)
{
    struct sound sound;
    const char *path = sound_write("s", codes[0], RATE, 1, N_FRAME);
    CHECK(truncate(path, 44 + 2 * 8000) == 0);
    CHECK(read_span(&sound, path, 0.25, 0.75));
    CHECK_EQ(sound.n, 4000);
    CHECK(!sound.facts.truncated);
    sound_free(&sound);
    CHECK(read_span(&sound, path, 0.75, 1.25));
    CHECK_EQ(sound.n, 2000);
    CHECK(sound.facts.truncated);
    sound_free(&sound);
    CHECK(!read_span(&sound, path, 1.25, 1.5));
    sound_free(&sound);
}

static void a_wav_inside_an_archive_is_read_at_its_byte(void)
{
    static unsigned char archive[200000];
    struct sound whole, found;
    const char *path = sound_write("s.wav", codes[0], RATE, 1, N_FRAME);
    FILE *file = fopen(path, "rb");
    size_t n = fread(archive + 5, 1, 100000, file);
    fclose(file);
    CHECK(read_span(&whole, path, 0, 0));
    memcpy(archive, "utt1 ", 5);
    memcpy(archive + 5 + n, "utt2 ", 5);
    memcpy(archive + 10 + n, archive + 5, n);
    path = scratch_write("s.ark", archive, 10 + 2 * n);
    for (int i = 0; i < 2; i++) {
        struct audio_request request = {.path = path, .offset = i == 0 ? 5 : 10 + n};
        CHECK(sound_read(&found, &request, 160, &failure));
        CHECK_EQ(found.n, whole.n);
        CHECK_BITS(found.x, whole.x, whole.n);
        CHECK_STR(found.warnings, "");
        sound_free(&found);
    }
    CHECK(!sound_read(&found, &(struct audio_request){.path = path, .offset = 4}, 160, &failure));
    CHECK_STR(failure.text + strlen(path), ": byte 4: no WAV of known length there");
    sound_free(&whole);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_segment_is_that_part_of_the_file);
    RUN(times_round_as_kaldi_rounds_them);
    RUN(an_end_just_beyond_the_audio_is_cut);
    RUN(an_end_far_beyond_the_audio_fails);
    RUN(a_start_beyond_the_audio_fails);
    RUN(a_segment_of_no_length_has_one_answer_from_file_and_pipe);
    RUN(a_pipe_that_ends_before_the_segment_fails);
    RUN(a_segment_before_the_cut_of_a_file_is_whole);
    RUN(a_wav_inside_an_archive_is_read_at_its_byte);
    return check_done();
}
