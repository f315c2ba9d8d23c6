/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"
#include "tools/audio/mpeg_links.h"

enum { N_FRAME = 20000 };

static struct failure failure;

/* What libsndfile itself decodes, n floats; NULL: it cannot. */
static float *decode(const char *path, size_t *n)
{
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file) return NULL;
    size_t capacity = (size_t)(info.frames + 1) * (size_t)info.channels;
    float *x = malloc(capacity * sizeof *x);
    if (!x) abort();
    *n = (size_t)sf_read_float(file, x, (sf_count_t)capacity / info.channels * info.channels);
    sf_close(file);
    return x;
}

static void equals_libsndfile(const char *path, int channel, int channels, const char *format)
{
    struct sound sound;
    size_t n;
    float *expected = decode(path, &n);
    CHECK(expected != NULL);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path, .channel = channel}, 777,
                     &failure));
    CHECK_EQ(sound.n, n / (size_t)channels);
    CHECK(sound.n >= N_FRAME);
    for (size_t i = 0; i < sound.n; i++)
        expected[i] = expected[i * (size_t)channels + (size_t)channel - 1];
    CHECK_BITS(sound.x, expected, sound.n);
    CHECK_STR(sound.facts.format, format);
    CHECK_EQ(sound.facts.declared_frames, sound.n);
    CHECK_EQ(sound.facts.read_frames, sound.n);
    CHECK_EQ(sound.facts.channels, channels);
    CHECK_STR(sound.warnings, "");
    free(expected);
    sound_free(&sound);
}

static void every_format_of_libsndfile_is_read_as_libsndfile_reads_it(void)
{
    static const struct {
        const char *name, *format;
        int code;
    } formats[] = {
        {"a.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
        {"a24.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_24},
        {"a32.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_32},
        {"a8.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_U8},
        {"af.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_FLOAT},
        {"ad.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_DOUBLE},
        {"al.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_ALAW},
        {"au.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_ULAW},
        {"am.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_MS_ADPCM},
        {"ax.wav", "WAV", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16},
        {"axf.wav", "WAV", SF_FORMAT_WAVEX | SF_FORMAT_FLOAT},
        {"rifx.wav", "WAV", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
        {"a.rf64", "RF64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
        {"a.w64", "W64", SF_FORMAT_W64 | SF_FORMAT_PCM_16},
        {"a.aiff", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
        {"a.aifc", "AIFF", SF_FORMAT_AIFF | SF_FORMAT_FLOAT},
        {"a.au", "AU", SF_FORMAT_AU | SF_FORMAT_PCM_24},
        {"a.caf", "CAF", SF_FORMAT_CAF | SF_FORMAT_PCM_16},
        {"a.sph", "Sphere", SF_FORMAT_NIST | SF_FORMAT_PCM_16},
        {"a.flac", "FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
        {"a24.flac", "FLAC", SF_FORMAT_FLAC | SF_FORMAT_PCM_24},
        {"a.ogg", "Ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
        {"a.opus", "Opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
        {"a.mp3", "MP3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        for (int channels = 1; channels <= 2; channels++) {
            const char *path = sound_write(formats[i].name, formats[i].code, 16000, channels,
                                           N_FRAME);
            printf("# %s, channels: %d\n", formats[i].name, channels);
            CHECK(path != NULL);
            equals_libsndfile(path, channels, channels, formats[i].format);
            if (check_state.failed) return;
        }
    }
}

static void a_pipe_gives_what_the_file_gives(void)
{
    static const int formats[] = {
        SF_FORMAT_VOC, SF_FORMAT_PAF,  SF_FORMAT_PAF | SF_ENDIAN_LITTLE, SF_FORMAT_AVR,
        SF_FORMAT_SVX, SF_FORMAT_PVF,  SF_FORMAT_MAT5, SF_FORMAT_IRCAM | SF_ENDIAN_LITTLE};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char command[300];
        struct sound file, pipe;
        const char *path = sound_write("a", formats[i] | SF_FORMAT_PCM_16, 16000, 1, N_FRAME);
        printf("# format %x\n", (unsigned)formats[i]);
        CHECK(path != NULL);
        snprintf(command, sizeof command, "cat '%s'", path);
        struct audio_request from_file = {.path = path};
        struct audio_request from_pipe = {.path = command, .is_command = true};
        CHECK(sound_read(&file, &from_file, 1000, &failure));
        CHECK(sound_read(&pipe, &from_pipe, 1000, &failure));
        CHECK_EQ(file.n, N_FRAME);
        CHECK_EQ(pipe.n, N_FRAME);
        CHECK_BITS(pipe.x, file.x, N_FRAME);
        sound_free(&file);
        sound_free(&pipe);
    }
}

static void an_mp3_in_a_wav_is_whole_without_a_count_of_its_frames(void)
{
    static const char before[] = "RIFF....WAVEfmt \36\0\0\0U\0\1\0\200>\0\0\0\20\0\0\1\0\0\0\14\0"
                                 "\1\0\2\0\0\0@\2\1\0q\5data";
    static unsigned char wav[1 << 16], mp3[1 << 15];
    struct sound sound;
    size_t n_head = sizeof before - 1;
    FILE *file = fopen(sound_write("c.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16000, 1,
                                   N_FRAME), "rb");
    CHECK(file != NULL);
    size_t n = fread(mp3, 1, sizeof mp3, file), n_first = mpeg_header_bytes(mp3);
    fclose(file);
    uint32_t n_data = (uint32_t)(n - n_first);
    memcpy(wav, before, n_head);
    memcpy(wav + n_head, &n_data, 4);
    memcpy(wav + n_head + 4, mp3 + n_first, n_data);
    struct audio_request request = {
        .path = scratch_write("mp3.wav", wav, n_head + 4 + n_data)};
    CHECK(sound_read(&sound, &request, 1000, &failure));
    CHECK(sound.n >= N_FRAME);
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
}

static void a_wrong_suffix_changes_nothing(void)
{
    const char *flac = sound_write("a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, N_FRAME);
    CHECK(rename(flac, scratch("flac.wav")) == 0);
    equals_libsndfile(scratch("flac.wav"), 1, 1, "FLAC");
    const char *wav = sound_write("b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 16000, 1, N_FRAME);
    CHECK(rename(wav, scratch("wav.mp3")) == 0);
    equals_libsndfile(scratch("wav.mp3"), 1, 1, "WAV");
    const char *mp3 = sound_write("c.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16000, 1,
                                  N_FRAME);
    CHECK(rename(mp3, scratch("mp3.raw")) == 0);
    equals_libsndfile(scratch("mp3.raw"), 1, 1, "MP3");
}

static void a_16_bit_sample_is_x_over_32768(void)
{
    static unsigned char wav[44 + 2 * 65536];
    static float expected[65536];
    struct sound sound;
    sound_wav_header(wav, 16000, 1, 16, sizeof wav - 8, sizeof wav - 44);
    for (int i = 0; i < 65536; i++) {
        int16_t sample = (int16_t)(i - 32768);
        memcpy(wav + 44 + 2 * i, &sample, 2);
        expected[i] = (float)sample / 32768.0f;
    }
    const char *path = scratch_write("all.wav", wav, sizeof wav);
    CHECK(sound_read(&sound, &(struct audio_request){.path = path}, 4096, &failure));
    CHECK_EQ(sound.n, 65536);
    CHECK_BITS(sound.x, expected, sound.n);
    sound_free(&sound);
}

static void raw_samples_are_read_in_each_encoding(void)
{
    static const struct {
        const char *encoding;
        unsigned char bytes[16];
        size_t n_byte;
        float expected[4];
    } cases[] = {
        {"s16le", {0x00, 0x80, 0xFF, 0x7F, 0x01, 0x00}, 6, {-1, 32767 / 32768.0f, 1 / 32768.0f}},
        {"s16be", {0x80, 0x00, 0x7F, 0xFF, 0x00, 0x01}, 6, {-1, 32767 / 32768.0f, 1 / 32768.0f}},
        {"s24le", {0x00, 0x00, 0x80, 0x01, 0x00, 0x00}, 6, {-1, 0x1p-23f}},
        {"s32le", {0x00, 0x00, 0x00, 0x80, 0x00, 0x01, 0x00, 0x00}, 8, {-1, 0x1p-23f}},
        {"f32le", {0x00, 0x00, 0x80, 0xBF, 0x00, 0x00, 0x00, 0x3E}, 8, {-1, 0.125f}},
        {"u8", {0x00, 0x80, 0xFF}, 3, {-1, 0, 127 / 128.0f}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sound sound;
        struct audio_raw raw = {.rate_hz = 16000, .channels = 1};
        CHECK(audio_encoding_parse(cases[i].encoding, &raw.encoding));
        const char *path = scratch_write("a.raw", cases[i].bytes, cases[i].n_byte);
        CHECK(sound_read(&sound, &(struct audio_request){.path = path, .raw = &raw}, 10, &failure));
        CHECK_EQ(sound.n, i < 2 || i == 5 ? 3 : 2);
        CHECK_BITS(sound.x, cases[i].expected, sound.n);
        CHECK_STR(sound.facts.format, "raw");
        sound_free(&sound);
    }
    enum audio_encoding none;
    CHECK(!audio_encoding_parse("s16", &none));
    CHECK(!audio_encoding_parse("", &none));
}

static bool open_raw(const char *path, bool force, uint32_t channels)
{
    struct audio_raw raw = {.rate_hz = 16000, .channels = channels, .force = force};
    struct sound sound;
    bool good = sound_read(&sound, &(struct audio_request){.path = path, .raw = &raw}, 100,
                           &failure);
    sound_free(&sound);
    return good;
}

static void a_container_given_as_raw_is_refused_unless_forced(void)
{
    const char *path = scratch_text("riff.raw", "RIFF....");
    CHECK(!open_raw(path, false, 1));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text + strlen(path),
              ": begins with RIFF, so it is not raw; leave out --raw, or add --force-raw");
    CHECK(open_raw(path, true, 1));
    CHECK(!open_raw(scratch_text("flac.raw", "fLaC...."), false, 1));
    CHECK(!open_raw(scratch_text("ogg.raw", "OggS...."), false, 1));
    CHECK(open_raw(scratch_text("x.raw", "RIF"), false, 1));
}


int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(every_format_of_libsndfile_is_read_as_libsndfile_reads_it);
    RUN(a_pipe_gives_what_the_file_gives);
    RUN(an_mp3_in_a_wav_is_whole_without_a_count_of_its_frames);
    RUN(a_wrong_suffix_changes_nothing);
    RUN(a_16_bit_sample_is_x_over_32768);
    RUN(raw_samples_are_read_in_each_encoding);
    RUN(a_container_given_as_raw_is_refused_unless_forced);
    return check_done();
}
