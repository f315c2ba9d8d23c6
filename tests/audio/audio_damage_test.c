/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/sound.h"
#include "tests/support/check.h"

#include <fcntl.h>
#include <sys/resource.h>

static struct failure failure;

static bool read_path(struct sound *sound, const char *path)
{
    return sound_read(sound, &(struct audio_request){.path = path, .rate_hz = 16000}, 1000,
                      &failure);
}

static void fails(const char *path, const char *text)
{
    struct sound sound;
    CHECK(!read_path(&sound, path));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK(strncmp(failure.text, path, strlen(path)) == 0);
    CHECK_STR(failure.text + strlen(path), text);
}

static void a_missing_file_is_named(void)
{
    fails(scratch("none.wav"), ": cannot be opened: No such file or directory");
}

static void a_folder_is_not_audio(void)
{
    fails(scratch_folder, ": is a folder that holds no audio files; give audio files, or "
                          "a folder that holds some");
}

static void an_empty_file_is_said_to_be_empty(void)
{
    fails(scratch_text("empty.wav", ""), ": is empty");
}

static void text_is_not_audio(void)
{
    fails(scratch_text("text.wav", "This is not audio, whatever its name says.\n"),
          ": is text, not audio; name a list of audio files .txt, .tsv, .scp or .jsonl; a list "
          "cannot contain another list");
    fails(scratch_text("noise.wav", "This is no text\x01, and not audio.\n"),
          ": is not audio, is damaged, or has an unsupported encoding; convert it to WAV or FLAC");
}

static void what_only_a_browser_or_a_shell_understands_is_told(void)
{
    struct sound sound;
    static const char *const url[] = {"file:///tmp/a.wav", "https://example.org/a.flac"};
    for (size_t i = 0; i < 2; i++)
        fails(url[i], ": is a URL; save the audio in a file and give the path of that");
    CHECK(!read_path(&sound, "~/none.wav"));
    CHECK(strstr(failure.text, "so write the whole path"));
    fails("~none.wav", ": cannot be opened: No such file or directory");
}

static void a_file_without_permission_is_named(void)
{
    if (geteuid() == 0) SKIP("root reads everything");
    const char *path = scratch_text("secret.wav", "x");
    chmod(path, 0);
    fails(path, ": cannot be opened: Permission denied");
}

static void a_wav_header_that_makes_no_sense_is_refused(void)
{
    unsigned char wav[64] = {0};
    sound_wav_header(wav, 16000, 0, 16, 56, 20);
    fails(scratch_write("0ch.wav", wav, sizeof wav), ": the WAV header declares 0 channels");
    sound_wav_header(wav, 16000, 5000, 16, 56, 20);
    fails(scratch_write("5000ch.wav", wav, sizeof wav), ": the WAV header declares 5000 channels");
    sound_wav_header(wav, 0, 1, 16, 56, 20);
    fails(scratch_write("0hz.wav", wav, sizeof wav), ": the WAV header declares a rate of 0 Hz");
    sound_wav_header(wav, 16000, 1, 16, 56, 20);
    fails(scratch_write("short.wav", wav, 30), ": the WAV header is cut short");
    fails(scratch_write("nodata.wav", wav, 36),
          ": the WAV header lacks audio after it; the file is damaged");
    fails(scratch_write("nofmt.wav", wav, 12),
          ": the WAV header lacks a description of the audio; the file is damaged");
    wav[20] = 0x77; /* an encoding that nobody knows */
    CHECK(!read_path(&(struct sound){0}, scratch_write("code.wav", wav, sizeof wav)));
    CHECK_EQ(failure.code, EXIT_INPUT);
}

/* Cuts the last `cut` bytes off. */
static const char *shorten(const char *path, off_t cut)
{
    struct stat status;
    if (stat(path, &status) != 0 || truncate(path, status.st_size - cut) != 0) abort();
    return path;
}

static void a_file_cut_short_keeps_its_samples_and_says_how_many_are_missing(void)
{
    static const struct {
        const char *name;
        int code;
    } formats[] = {{"t.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16},
                   {"tx.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_16},
                   {"tu.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16 | SF_ENDIAN_BIG},
                   {"t.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_16},
                   {"t.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16},
                   {"t.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
                   {"t.au", SF_FORMAT_AU | SF_FORMAT_PCM_16},
                   {"t.caf", SF_FORMAT_CAF | SF_FORMAT_PCM_16},
                   {"t.sph", SF_FORMAT_NIST | SF_FORMAT_PCM_16}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct sound sound;
        const char *path = sound_write(formats[i].name, formats[i].code, 16000, 1, 2000);
        printf("# %s\n", formats[i].name);
        CHECK(read_path(&sound, shorten(path, 1001)));
        char expected[400];
        snprintf(expected, sizeof expected, "%s: is cut short or damaged: only 1499 of 2000 "
                 "declared samples could be read\n", path);
        CHECK_EQ(sound.n, 1499);
        CHECK(sound.facts.truncated);
        CHECK_EQ(sound.facts.declared_frames, 2000);
        CHECK_STR(sound.warnings, expected);
        sound_free(&sound);
    }
}

static void a_flac_cut_short_keeps_the_samples_before_the_cut(void)
{
    struct sound sound;
    const char *path = sound_write("t.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 16000, 1, 50000);
    CHECK(read_path(&sound, shorten(path, 40000)));
    CHECK(sound.n > 1000 && sound.n < 50000);
    CHECK(sound.facts.truncated);
    for (uint32_t i = 0; i < sound.n; i++)
        CHECK(fabsf(sound.x[i] - sound_noise(i)) <= 1 / 32768.0f);
    sound_free(&sound);
}

static void a_header_that_claims_gigabytes_costs_no_memory(void)
{
    unsigned char wav[44 + 2000] = {0};
    struct rusage before, after;
    struct sound sound;
    sound_wav_header(wav, 16000, 1, 16, 3123456790, 3123456790 - 36);
    const char *path = scratch_write("huge.wav", wav, sizeof wav);
    getrusage(RUSAGE_SELF, &before);
    CHECK(read_path(&sound, path));
    getrusage(RUSAGE_SELF, &after);
    CHECK_EQ(sound.n, 1000);
    CHECK(sound.facts.truncated);
    CHECK(after.ru_maxrss - before.ru_maxrss < 4096); /* KB */
    sound_free(&sound);
}

static void a_file_whose_header_states_no_length_is_read_to_the_end(void)
{
    static const uint32_t sizes[][2] = {{0, 0}, {36, 0}, {2036, 0}, {0xffffffff, 0},
                                        {0xffffffff, 0xffffffff}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char wav[44 + 2000] = {0};
        struct sound sound;
        sound_wav_header(wav, 16000, 1, 16, sizes[i][0], sizes[i][1]);
        const char *path = scratch_write("nolength.wav", wav, sizeof wav);
        CHECK(read_path(&sound, path));
        CHECK_EQ(sound.n, 1000);
        CHECK(!sound.facts.truncated);
        CHECK_STR(sound.warnings + strlen(path),
                  ": the header states no length; read to the end\n");
        sound_free(&sound);
    }
}

static void a_w64_written_to_a_pipe_states_no_length_either(void)
{
    static const unsigned char none[] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F};
    unsigned char bytes[4096];
    struct sound sound;
    const char *path = sound_write("p.w64", SF_FORMAT_W64 | SF_FORMAT_PCM_16, 16000, 1, 1000);
    FILE *file = fopen(path, "rb");
    size_t n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    unsigned char *data = memmem(bytes, n, "data", 4);
    CHECK(data != NULL);
    memcpy(data + 16, none, sizeof none);
    CHECK(read_path(&sound, scratch_write("p.w64", bytes, n)));
    CHECK_EQ(sound.n, 1000);
    CHECK_STR(sound.warnings + strlen(scratch("p.w64")),
              ": the header states no length; read to the end\n");
    sound_free(&sound);
}

static void an_mp3_may_miss_its_last_frames_but_not_its_half(void)
{
    struct sound whole, cut;
    const char *path = sound_write("m.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 16000, 1,
                                   50000);
    CHECK(read_path(&whole, path));
    CHECK_STR(whole.warnings, "");
    struct stat status;
    CHECK(stat(path, &status) == 0);
    CHECK(read_path(&cut, shorten(path, status.st_size / 2)));
    CHECK(cut.n > 10000 && cut.n < 40000);
    CHECK(cut.facts.truncated);
    CHECK_BITS(cut.x, whole.x, 10000);
    sound_free(&whole);
    sound_free(&cut);
}

static void a_wav_of_no_samples_is_not_an_error(void)
{
    unsigned char wav[44 + 12] = {0};
    struct sound sound;
    sound_wav_header(wav, 16000, 1, 16, 36, 0);
    CHECK(read_path(&sound, scratch_write("zero.wav", wav, 44)));
    CHECK_EQ(sound.n, 0);
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
    sound_wav_header(wav, 16000, 1, 16, 48, 0); /* the 12 bytes are a chunk, counted */
    memcpy(wav + 44, "note\4\0\0\0....", 12);
    CHECK(read_path(&sound, scratch_write("zero.wav", wav, sizeof wav)));
    CHECK_EQ(sound.n, 0);
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
}

static void bytes_after_the_declared_end_are_told(void)
{
    unsigned char wav[44 + 2000] = {0};
    struct sound sound;
    sound_wav_header(wav, 16000, 1, 16, 36 + 1000, 1000);
    memset(wav + 44, 7, 2000);
    const char *path = scratch_write("beyond.wav", wav, sizeof wav);
    CHECK(read_path(&sound, path));
    CHECK_EQ(sound.n, 500);
    CHECK_STR(sound.warnings + strlen(path),
              ": byte 1044: data after the end that the header states is not read; split the "
              "file there to read it\n");
    CHECK(sound.facts.warnings & AUDIO_LOSSES);
    sound_free(&sound);
}

static void a_list_that_counts_otherwise_is_told(void)
{
    struct sound sound;
    struct audio_request request = {.expected_frames = 999};
    request.path = sound_write("e.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 8000, 1, 1000);
    CHECK(sound_read(&sound, &request, 160, &failure));
    CHECK_STR(sound.warnings + strlen(request.path), ": has 1000 samples, but the list states "
                                                     "999\n");
    sound_free(&sound);
    request.expected_frames = 1000;
    request.rate_hz = 16000; /* counted at the file's rate */
    CHECK(sound_read(&sound, &request, 160, &failure));
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
}

/* A header and a hole: no place on the disk. */
static const char *write_hole(const char *name, const void *header, size_t n, off_t size)
{
    const char *path = scratch_write(name, header, n);
    return truncate(path, size) == 0 ? path : NULL;
}

static void an_hour_is_read_in_the_memory_of_a_second(void)
{
    enum { BYTES = 3600 * 32000 };
    unsigned char header[44];
    struct rusage before, after;
    struct audio *audio;
    static float x[4096];
    size_t n_read;
    sound_wav_header(header, 16000, 1, 16, BYTES + 36, BYTES);
    const char *path = write_hole("long.wav", header, sizeof header, BYTES + 44);
    if (!path) SKIP("this file system takes no file of 115 MB");
    CHECK(audio_open(&audio, &(struct audio_request){.path = path}, &failure));
    CHECK(audio_read(audio, x, 4096, &n_read, &failure));
    getrusage(RUSAGE_SELF, &before);
    while (audio_read(audio, x, 4096, &n_read, &failure) && n_read > 0) continue;
    getrusage(RUSAGE_SELF, &after);
    CHECK_EQ(audio_facts(audio)->given_samples, BYTES / 2);
    CHECK_EQ(audio_facts(audio)->warnings, 0);
    CHECK(after.ru_maxrss - before.ru_maxrss < 1024); /* KB */
    audio_close(audio);
    remove(path);
}

static void an_rf64_file_is_read_beyond_4_gb(void)
{
    uint64_t sizes[] = {5000000000 + 72, 5000000000, 2500000000};
    uint32_t chunk_bytes = 28;
    unsigned char header[80], end[2] = {0, 0x40};
    struct sound sound;
    sound_wav_header(header + 36, 16000, 1, 16, UINT32_MAX, UINT32_MAX); /* fmt and data */
    memcpy(header, "RF64\xff\xff\xff\xffWAVEds64", 16);
    memcpy(header + 16, &chunk_bytes, 4);
    memcpy(header + 20, sizes, 24);
    memset(header + 44, 0, 4); /* an empty table */
    const char *path = write_hole("wide.rf64", header, sizeof header, 80 + 5000000000);
    if (!path) SKIP("this file system takes no file of 5 GB");
    FILE *file = fopen(path, "r+b");
    CHECK(fseeko(file, -2, SEEK_END) == 0 && fwrite(end, 1, 2, file) == 2);
    fclose(file);
    struct audio_request request = {.path = path, .begin_s = 2500000000 / 16000.0 - 1};
    CHECK(sound_read(&sound, &request, 4096, &failure));
    CHECK_EQ(sound.facts.declared_frames, 2500000000);
    CHECK_EQ(sound.n, 16000);
    CHECK(sound.x[15998] == 0 && sound.x[15999] == 0.5f);
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
    remove(path);
}

/* Every byte of a header takes 6 values in turn: nothing may crash, hang or need memory. */
static void a_damaged_header_never_crashes(void)
{
    static const int codes[] = {SF_FORMAT_WAVEX | SF_FORMAT_PCM_16,
                                SF_FORMAT_RF64 | SF_FORMAT_PCM_16,
                                SF_FORMAT_AIFF | SF_FORMAT_PCM_16};
    for (size_t k = 0; k < 3; k++) {
        struct audio_request request = {.path = sound_write("d", codes[k], 16000, 2, 100)};
        int fd = open(request.path, O_RDWR);
        for (off_t i = 0; i < 120; i++) {
            unsigned char before;
            CHECK(pread(fd, &before, 1, i) == 1);
            for (unsigned value = 0; value < 256; value += 51) {
                struct sound sound;
                unsigned char byte = (unsigned char)value;
                CHECK(pwrite(fd, &byte, 1, i) == 1);
                sound_read(&sound, &request, 1000, &failure);
                CHECK(sound.n < 10000);
                sound_free(&sound);
            }
            CHECK(pwrite(fd, &before, 1, i) == 1);
        }
        close(fd);
    }
}

int main(void)
{
    if (!scratch_begin()) return 99;
    RUN(a_missing_file_is_named);
    RUN(a_folder_is_not_audio);
    RUN(an_empty_file_is_said_to_be_empty);
    RUN(text_is_not_audio);
    RUN(what_only_a_browser_or_a_shell_understands_is_told);
    RUN(a_file_without_permission_is_named);
    RUN(a_wav_header_that_makes_no_sense_is_refused);
    RUN(a_file_cut_short_keeps_its_samples_and_says_how_many_are_missing);
    RUN(a_flac_cut_short_keeps_the_samples_before_the_cut);
    RUN(a_header_that_claims_gigabytes_costs_no_memory);
    RUN(a_file_whose_header_states_no_length_is_read_to_the_end);
    RUN(a_w64_written_to_a_pipe_states_no_length_either);
    RUN(an_mp3_may_miss_its_last_frames_but_not_its_half);
    RUN(a_wav_of_no_samples_is_not_an_error);
    RUN(bytes_after_the_declared_end_are_told);
    RUN(a_list_that_counts_otherwise_is_told);
    RUN(an_hour_is_read_in_the_memory_of_a_second);
    RUN(an_rf64_file_is_read_beyond_4_gb);
    RUN(a_damaged_header_never_crashes);
    return check_done();
}
