/* SPDX-License-Identifier: MIT */
/* Audio from commands, as Kaldi's lists have them. */
#define _GNU_SOURCE
#include "tests/audio/wav_bytes.h"
#include "tests/support/check.h"

static struct failure failure;

static void a_command_gives_its_output(void)
{
    struct sound sound;
    char command[600];
    make_wav(0, 0);
    snprintf(command, sizeof command, "cat '%s'", scratch_write("c.wav", wav, sizeof wav));
    CHECK(sound_read(&sound, &(struct audio_request){.path = command, .is_command = true}, 160,
                     &failure));
    CHECK(equals_wav(&sound, N_FRAME));
    sound_free(&sound);
}

static void a_command_that_fails_is_told_after_its_audio(void)
{
    struct sound sound;
    char command[600];
    make_wav(sizeof wav - 8, sizeof wav - 44);
    snprintf(command, sizeof command, "cat '%s'; exit 3",
             scratch_write("c.wav", wav, sizeof wav));
    struct audio_request request = {.path = command, .is_command = true, .label = "wav.scp:3"};
    CHECK(!sound_read(&sound, &request, 160, &failure));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text, "wav.scp:3: the command failed with status 3");
    CHECK_EQ(sound.n, N_FRAME);
    sound_free(&sound);
}

static void a_segment_of_a_command_does_not_wait_for_the_rest(void)
{
    struct sound sound;
    char command[600];
    make_wav(0, 0);
    snprintf(command, sizeof command, "cat '%s'; yes",
             scratch_write("c.wav", wav, sizeof wav));
    CHECK(sound_read(&sound, &(struct audio_request){.path = command, .is_command = true,
                                                     .begin_s = 0.05, .end_s = 0.1},
                     160, &failure));
    CHECK_EQ(sound.n, 800);
    memmove(wav + 44, wav + 44 + 1600, 1600);
    CHECK(equals_wav(&sound, 800));
    sound_free(&sound);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_command_gives_its_output);
    RUN(a_command_that_fails_is_told_after_its_audio);
    RUN(a_segment_of_a_command_does_not_wait_for_the_rest);
    return check_done();
}
