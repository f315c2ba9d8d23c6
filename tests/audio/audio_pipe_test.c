/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/audio/wav_bytes.h"
#include "tests/support/check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static struct failure failure;

static void write_fully(int fd, const void *bytes, size_t n)
{
    for (size_t done = 0; done < n;) {
        ssize_t k = write(fd, (const char *)bytes + done, n - done);
        if (k <= 0) _exit(1);
        done += (size_t)k;
    }
}

static void end_stdin(void)
{
    int null = open("/dev/null", O_RDONLY);
    if (null > STDIN_FILENO) {
        dup2(null, STDIN_FILENO);
        close(null);
    }
}

/* Standard input becomes a pipe into which a child writes bytes, `piece` at a time. */
static pid_t feed(const void *bytes, size_t n, size_t piece)
{
    int ends[2];
    if (pipe(ends) != 0) abort();
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        for (size_t i = 0; i < n; i += piece)
            write_fully(ends[1], (const char *)bytes + i, n - i < piece ? n - i : piece);
        _exit(0);
    }
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    return child;
}

static bool read_fed(struct sound *sound, const void *bytes, size_t n, size_t piece,
                     const struct audio_raw *raw)
{
    struct audio_request request = {.path = "-", .raw = raw};
    pid_t child = feed(bytes, n, piece);
    bool good = sound_read(sound, &request, 160, &failure);
    end_stdin();
    waitpid(child, NULL, 0);
    return good;
}

static void a_wav_without_length_on_a_pipe_is_read_to_its_end(void)
{
    /* ffmpeg, GStreamer, arecord, sox */
    static const uint32_t sizes[] = {0xffffffff, 0, 0x80000000, 0x7ffff000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct sound sound;
        make_wav(sizes[i], sizes[i]);
        CHECK(read_fed(&sound, wav, sizeof wav, sizeof wav, NULL));
        CHECK(equals_wav(&sound, N_FRAME));
        CHECK(sound.facts.streaming && !sound.facts.rereadable && !sound.facts.truncated);
        CHECK_EQ(sound.facts.declared_frames == AUDIO_UNKNOWN, 1);
        CHECK_STR(sound.warnings, "stdin: the header states no length; read to the end\n");
        sound_free(&sound);
    }
}

static void a_wav_may_arrive_byte_by_byte(void)
{
    struct sound sound;
    make_wav(sizeof wav - 8, sizeof wav - 44);
    CHECK(read_fed(&sound, wav, sizeof wav, 1, NULL));
    CHECK(equals_wav(&sound, N_FRAME));
    sound_free(&sound);
}

static void a_wav_cut_short_on_a_pipe_is_told(void)
{
    struct sound sound;
    make_wav(sizeof wav - 8, sizeof wav - 44);
    CHECK(read_fed(&sound, wav, 44 + 2001, 512, NULL));
    CHECK(equals_wav(&sound, 1000));
    CHECK(sound.facts.truncated);
    CHECK_STR(sound.warnings, "stdin: is cut short or damaged: only 1000 of 3000 declared samples "
                              "could be read\n");
    sound_free(&sound);
}

static void what_follows_the_audio_on_a_pipe_is_not_audio(void)
{
    static unsigned char more[sizeof wav + 100];
    struct sound sound;
    make_wav(sizeof wav - 8 + 100, sizeof wav - 44);
    memcpy(more, wav, sizeof wav);
    memcpy(more + sizeof wav, "LIST\x5c\0\0\0", 8);
    CHECK(read_fed(&sound, more, sizeof more, 1000, NULL));
    CHECK(equals_wav(&sound, N_FRAME));
    CHECK_STR(sound.warnings, "");
    sound_free(&sound);
}

static void chunks_before_the_audio_are_passed_over_on_a_pipe(void)
{
    enum { NOTE = 100001 }; /* odd: a byte of padding follows */
    static unsigned char long_wav[sizeof wav + 8 + NOTE + 1];
    struct sound sound;
    uint32_t size = NOTE;
    make_wav(0xffffffff, 0xffffffff);
    memcpy(long_wav, wav, 36);
    memcpy(long_wav + 36, "LIST", 4);
    memcpy(long_wav + 40, &size, 4);
    memcpy(long_wav + 44 + NOTE + 1, wav + 36, sizeof wav - 36);
    CHECK(read_fed(&sound, long_wav, sizeof long_wav, 4096, NULL));
    CHECK(equals_wav(&sound, N_FRAME));
    sound_free(&sound);
}

static void a_pipe_that_ends_inside_a_sample_is_told(void)
{
    struct sound sound;
    struct audio_raw raw = {.rate_hz = 16000, .channels = 1};
    make_wav(0, 0);
    CHECK(read_fed(&sound, wav + 44, 2001, 100, &raw));
    CHECK(equals_wav(&sound, 1000));
    CHECK_STR(sound.warnings, "stdin: byte 2000: the audio ends inside a frame; check --raw and "
              "--channels\n");
    sound_free(&sound);
}

static void an_empty_pipe_fails(void)
{
    struct sound sound;
    CHECK(!read_fed(&sound, "", 0, 1, NULL));
    CHECK_EQ(failure.code, EXIT_INPUT);
    CHECK_STR(failure.text, "stdin: is empty");
}

static void compressed_audio_on_a_pipe_is_as_from_a_file(void)
{
    static const struct {
        const char *name;
        int code;
    } formats[] = {{"p.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
                   {"p.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS},
                   {"p.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS},
                   {"p.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III},
                   {"p.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16},
                   {"p.wav", SF_FORMAT_WAV | SF_FORMAT_ULAW}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        struct sound from_file, from_pipe;
        static unsigned char bytes[1 << 17];
        const char *path = sound_write(formats[i].name, formats[i].code, 16000, 1, 20000);
        FILE *file = fopen(path, "rb");
        size_t n = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        CHECK(sound_read(&from_file, &(struct audio_request){.path = path}, 160, &failure));
        CHECK(read_fed(&from_pipe, bytes, n, 5000, NULL));
        CHECK_EQ(from_pipe.n, from_file.n);
        CHECK_BITS(from_pipe.x, from_file.x, from_file.n);
        CHECK(!from_pipe.facts.streaming);
        sound_free(&from_file);
        sound_free(&from_pipe);
    }
}

static void an_endless_pipe_of_anything_is_not_copied(void)
{
    struct sound sound;
    CHECK(!sound_read(&sound, &(struct audio_request){.path = "/dev/zero"}, 160, &failure));
    CHECK_STR(failure.text, "/dev/zero: this audio cannot be read from a pipe; give it as a file "
                            "or as WAV; for headerless samples use voq encode --raw");
}

static void a_copy_that_has_no_place_says_what_to_do(void)
{
    struct sound sound;
    char expected[400];
    setenv("TMPDIR", scratch("nowhere"), 1);
    bool good = read_fed(&sound, "fLaC....", 8, 8, NULL);
    unsetenv("TMPDIR");
    CHECK(!good);
    snprintf(expected, sizeof expected, "stdin: a copy in %s failed: No such file or "
             "directory; set TMPDIR to another folder", scratch("nowhere"));
    CHECK_STR(failure.text, expected);
}

/* The writer waits after each 10 ms until the reader has got them: a reader that waits for a full
   buffer never returns. */
static void units_can_leave_while_the_pipe_is_open(void)
{
    static const uint32_t rates[] = {16000, 8000};
    for (size_t k = 0; k < 2; k++) {
        int to_reader[2], to_writer[2];
        make_wav(0xffffffff, 0xffffffff);
        CHECK(pipe(to_reader) == 0 && pipe(to_writer) == 0);
        pid_t child = fork();
        if (child == 0) {
            char token;
            close(to_reader[0]);
            close(to_writer[1]);
            write_fully(to_reader[1], wav, 44);
            for (size_t i = 0; i + 320 <= sizeof wav - 44; i += 320) {
                write_fully(to_reader[1], wav + 44 + i, 320);
                if (read(to_writer[0], &token, 1) != 1) _exit(1);
            }
            _exit(0);
        }
        dup2(to_reader[0], STDIN_FILENO);
        close(to_reader[0]);
        close(to_reader[1]);
        close(to_writer[0]);

        struct audio *audio;
        struct audio_request request = {.path = "-", .rate_hz = 16000};
        float x[4096];
        size_t n_read, n_block = 0, n = 0;
        alarm(60); /* a reader that waits ends here */
        CHECK(audio_open(&audio, &request, &failure));
        while (audio_read(audio, x, 4096, &n_read, &failure) && n_read > 0) {
            n += n_read;
            for (; n_block < audio_facts(audio)->read_frames / 160; n_block++)
                CHECK(write(to_writer[1], "", 1) == 1);
        }
        alarm(0);
        CHECK_EQ(n, 16000 / rates[0] * (N_FRAME / 160 * 160));
        audio_close(audio);
        end_stdin();
        close(to_writer[1]);
        waitpid(child, NULL, 0);
    }
}

/* The writer waits behind its first 4,096 samples: a reader that waits for more never returns. */
static void wide_samples_leave_while_the_pipe_is_open(void)
{
    enum { N_BYTE = 4 * 4096 };
    int to_reader[2], to_writer[2];
    unsigned char header[44];
    sound_wav_header(header, 16000, 1, 32, 0x80000024, 0x80000000);
    header[34] = 24; /* bits; each in 4 bytes */
    CHECK(pipe(to_reader) == 0 && pipe(to_writer) == 0);
    pid_t child = fork();
    if (child == 0) {
        static unsigned char samples[N_BYTE];
        char token;
        close(to_reader[0]);
        close(to_writer[1]);
        for (uint32_t i = 0; i < 4096; i++) {
            int32_t sample = (int32_t)(sound_noise(i) * 0x1p23f);
            memcpy(samples + 4 * i, &sample, 4);
        }
        write_fully(to_reader[1], header, 44);
        write_fully(to_reader[1], samples, N_BYTE);
        _exit(read(to_writer[0], &token, 1) != 1);
    }
    dup2(to_reader[0], STDIN_FILENO);
    close(to_reader[0]);
    close(to_reader[1]);
    close(to_writer[0]);

    struct audio *audio;
    float x[160];
    size_t n_read;
    alarm(60); /* a reader that waits ends here */
    CHECK(audio_open(&audio, &(struct audio_request){.path = "-"}, &failure));
    for (uint32_t n = 0; n < 4096; n += (uint32_t)n_read) {
        CHECK(audio_read(audio, x, 160, &n_read, &failure));
        CHECK(n_read > 0 && x[0] == (float)(int32_t)(sound_noise(n) * 0x1p23f) * 0x1p-23f);
    }
    CHECK(write(to_writer[1], "", 1) == 1);
    CHECK(audio_read(audio, x, 160, &n_read, &failure));
    CHECK_EQ(n_read, 0);
    CHECK_EQ(audio_facts(audio)->warnings, AUDIO_WARN_LAYOUT | AUDIO_WARN_NO_LENGTH);
    alarm(0);
    audio_close(audio);
    end_stdin();
    close(to_writer[1]);
    waitpid(child, NULL, 0);
}

static void a_read_takes_no_more_from_a_pipe_than_its_samples_need(void)
{
    struct audio *audio;
    float x[160];
    size_t n_read;
    make_wav(0, 0);
    pid_t child = feed(wav, sizeof wav, sizeof wav);
    waitpid(child, NULL, 0); /* all of it is in the pipe */
    CHECK(audio_open(&audio, &(struct audio_request){.path = "-"}, &failure));
    for (uint64_t i = 1; i <= 10; i++) {
        CHECK(audio_read(audio, x, 160, &n_read, &failure));
        CHECK_EQ(n_read, 160);
        CHECK_EQ(audio_facts(audio)->read_frames, 160 * i);
    }
    audio_close(audio);
    end_stdin();
}

static void standard_input_that_is_a_file_is_read_as_one(void)
{
    struct sound sound;
    make_wav(sizeof wav - 8, sizeof wav - 44);
    CHECK(freopen(scratch_write("in.wav", wav, sizeof wav), "rb", stdin) != NULL);
    CHECK(sound_read(&sound, &(struct audio_request){.path = "-"}, 160, &failure));
    CHECK(equals_wav(&sound, N_FRAME));
    CHECK(!sound.facts.streaming && !sound.facts.rereadable);
    sound_free(&sound);
}

int main(void)
{
    if (!scratch_begin()) return 99;
    end_stdin(); /* in case it was closed: pipes shall get other numbers */
    RUN(a_wav_without_length_on_a_pipe_is_read_to_its_end);
    RUN(a_wav_may_arrive_byte_by_byte);
    RUN(a_wav_cut_short_on_a_pipe_is_told);
    RUN(what_follows_the_audio_on_a_pipe_is_not_audio);
    RUN(chunks_before_the_audio_are_passed_over_on_a_pipe);
    RUN(a_pipe_that_ends_inside_a_sample_is_told);
    RUN(an_empty_pipe_fails);
    RUN(compressed_audio_on_a_pipe_is_as_from_a_file);
    RUN(an_endless_pipe_of_anything_is_not_copied);
    RUN(a_copy_that_has_no_place_says_what_to_do);
    RUN(units_can_leave_while_the_pipe_is_open);
    RUN(wide_samples_leave_while_the_pipe_is_open);
    RUN(a_read_takes_no_more_from_a_pipe_than_its_samples_need);
    RUN(standard_input_that_is_a_file_is_read_as_one);
    return check_done();
}
