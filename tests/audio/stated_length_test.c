/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"

/* Files beyond 4 GB are holes: no place on the disk, and only their ends are read. */

enum { FRAME = 2048, RATE = 16000 }; /* bytes: 1,024 channels of 16 bits */

static const uint64_t wrap = (uint64_t)1 << 32;
static struct failure failure;

/* A WAV whose header states these lengths, with a 1 in the last frame of its n_byte bytes of audio
   and `behind` after it. */
static const char *write_wav(uint32_t riff_bytes, uint32_t data_bytes, uint64_t n_byte,
                             const char *behind)
{
    unsigned char header[44];
    static const unsigned char loud[FRAME] = {0, 0x40};
    sound_wav_header(header, RATE, FRAME / 2, 16, riff_bytes, data_bytes);
    const char *path = scratch_write("big.wav", header, sizeof header);
    if (truncate(path, (off_t)(44 + n_byte)) != 0) return NULL;
    FILE *file = fopen(path, "r+b");
    bool good = fseeko(file, -FRAME, SEEK_END) == 0 && fwrite(loud, 1, FRAME, file) == FRAME &&
                fwrite(behind, 1, strlen(behind), file) == strlen(behind);
    return fclose(file) == 0 && good ? path : NULL;
}

/* The last two frames of n_byte bytes of audio: whether they are those of write_wav. */
static bool ends_well(struct sound *sound, const char *path, uint64_t n_byte)
{
    uint64_t n_frame = n_byte / FRAME;
    struct audio_request request = {.path = path, .channel = 1,
                                    .begin_s = (double)(n_frame - 2) / RATE};
    return sound_read(sound, &request, 100, &failure) && sound->n == 2 && sound->x[0] == 0 &&
           sound->x[1] == 0.5f;
}

static void a_length_modulo_4_gb_is_not_the_length(void)
{
    static const uint64_t sizes[] = {((uint64_t)1 << 32) + 10 * FRAME,
                                     ((uint64_t)1 << 32) + 4096 * FRAME,
                                     3 * ((uint64_t)1 << 32) + 100 * FRAME};
    char tag[129] = "TAG";
    memset(tag + 3, 'x', 125);
    for (size_t i = 0; i < 6; i++) {
        struct sound sound;
        uint64_t n = sizes[i / 2];
        const char *path = write_wav((uint32_t)(n + 36), (uint32_t)n, n, i % 2 ? tag : "");
        if (!path) SKIP("this file system takes no file of 13 GB");
        CHECK(ends_well(&sound, path, n));
        CHECK_STR(sound.warnings + strlen(path), ": the header's length does not reach past 4 GB, "
                                                 "the audio does; read to the end\n");
        CHECK(!(sound.facts.warnings & AUDIO_LOSSES));
        sound_free(&sound);
        remove(path);
    }
}

static void a_saturated_length_is_none(void)
{
    static const uint32_t stated[] = {0xffffffff, 0xffffffff - 36, 0x7fffffff, 0x80000000, 0};
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        struct sound sound;
        uint64_t n = wrap + 10 * FRAME;
        const char *path = write_wav(0xffffffff, stated[i], n, "");
        if (!path) SKIP("this file system takes no file of 4 GB");
        CHECK(ends_well(&sound, path, n));
        CHECK_STR(sound.warnings + strlen(path),
                  ": the header states no length; read to the end\n");
        sound_free(&sound);
        remove(path);
    }
}

static void a_length_that_is_wrong_past_4_gb_is_told(void)
{
    struct sound sound;
    uint64_t n = wrap + 10 * FRAME;
    const char *path = write_wav((uint32_t)n, 20 * FRAME, n, "");
    if (!path) SKIP("this file system takes no file of 4 GB");
    FILE *file = fopen(path, "r+b");
    CHECK(fseeko(file, 44 + 20 * FRAME, SEEK_SET) == 0 && fwrite("\1\2\3\4", 1, 4, file) == 4);
    fclose(file);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path, .channel = 1}, 100, &failure));
    CHECK_EQ(sound.n, 20);
    CHECK_EQ(sound.facts.warnings, AUDIO_WARN_BEYOND);
    sound_free(&sound);
    remove(path);
}

/* AIFF and AU have 32 bits for the length too; libsndfile reads them. */
static void other_containers_reach_past_4_gb(void)
{
    static const unsigned char au[] = ".snd\0\0\0\x18" "LLLL\0\0\0\3\0\0\x3e\x80\0\0\4";
    static const unsigned char aiff[] = "FORM....AIFFCOMM\0\0\0\x12\4\0....\0\x10"
                                        "\x40\x0c\xfa\0\0\0\0\0\0\0SSNDLLLL\0\0\0\0\0\0\0";
    const struct {
        const unsigned char *bytes;
        size_t n, field, over;
    } kinds[] = {{au, sizeof au, 8, 0}, {aiff, sizeof aiff, 42, 8}};
    for (size_t i = 0; i < 4; i++) {
        size_t k = i / 2, n_header = kinds[k].n;
        uint64_t n = wrap + 10 * FRAME;
        uint32_t stated = i % 2 ? UINT32_MAX : (uint32_t)(n + kinds[k].over);
        unsigned char header[64], loud[FRAME] = {0x40};
        struct sound sound;
        memcpy(header, kinds[k].bytes, n_header);
        for (size_t b = 0; b < 4; b++)
            header[kinds[k].field + b] = (unsigned char)(stated >> (24 - 8 * b));
        const char *path = scratch_write("big", header, n_header);
        if (truncate(path, (off_t)(n_header + n)) != 0) SKIP("no file of 4 GB is possible here");
        FILE *file = fopen(path, "r+b");
        CHECK(fseeko(file, -FRAME, SEEK_END) == 0 && fwrite(loud, 1, FRAME, file) == FRAME);
        fclose(file);
        printf("# %s, length %#x\n", k ? "AIFF" : "AU", stated);
        CHECK(ends_well(&sound, path, n));
        CHECK_EQ(sound.facts.warnings, i % 2 ? AUDIO_WARN_NO_LENGTH : AUDIO_WARN_WRAPPED);
        sound_free(&sound);
        remove(path);
    }
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_length_modulo_4_gb_is_not_the_length);
    RUN(a_saturated_length_is_none);
    RUN(a_length_that_is_wrong_past_4_gb_is_told);
    RUN(other_containers_reach_past_4_gb);
    return check_done();
}
