/* SPDX-License-Identifier: MIT */
/* Bytes as audio, as a file and from a pipe: both get one answer. */
#ifndef VOQ_TESTS_AUDIO_INPUT_H
#define VOQ_TESTS_AUDIO_INPUT_H

#include "tests/fuzz/memory_file.h"
#include "tools/audio/audio.h"

enum { PIPE_BYTES = 1 << 16 };

struct answer {
    bool good;
    uint64_t n_sample, sum;
    unsigned warnings;
    char text[1024]; /* of the failure or of all warnings */
};

static inline void read_all(struct audio *audio, struct answer *answer, struct failure *failure)
{
    float x[777];
    size_t n_read = 1;
    while (answer->good && n_read > 0) {
        answer->good = audio_read(audio, x, sizeof x / sizeof *x, &n_read, failure);
        for (size_t i = 0; answer->good && i < n_read; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, sizeof bits);
            answer->sum = answer->sum * 31 + bits;
        }
        answer->n_sample += answer->good ? n_read : 0;
    }
}

static inline void ask(const struct audio_request *request, struct answer *answer)
{
    struct failure failure = {0};
    struct audio *audio;
    memset(answer, 0, sizeof *answer);
    answer->good = audio_open(&audio, request, &failure);
    if (answer->good) {
        read_all(audio, answer, &failure);
        answer->warnings = audio_facts(audio)->warnings;
        for (unsigned bit = 1; bit <= answer->warnings; bit <<= 1) {
            size_t used = strlen(answer->text);
            if (answer->warnings & bit)
                audio_warning_text(audio, (enum audio_warning)bit, answer->text + used,
                                   sizeof answer->text - used);
        }
        audio_close(audio);
    }
    if (!answer->good) snprintf(answer->text, sizeof answer->text, "%s", failure.text);
}

/* By standard input: a pipe whose writer is gone cannot be opened anew. */
static inline void ask_pipe(const struct audio_request *request, const uint8_t *data, size_t n,
                            struct answer *answer)
{
    struct audio_request piped = *request;
    int ends[2];
    if (pipe(ends) != 0 || write(ends[1], data, n) != (ssize_t)n) abort();
    close(ends[1]);
    if (ends[0] != STDIN_FILENO) {
        if (dup2(ends[0], STDIN_FILENO) < 0) abort();
        close(ends[0]);
    }
    piped.path = "-";
    ask(&piped, answer);
}

/* The request's path leads to the bytes. */
static inline void compare_file_and_pipe(const struct audio_request *request, const uint8_t *data,
                                         size_t n)
{
    struct answer from_file, from_pipe;
    ask(request, &from_file);
    if (n > PIPE_BYTES) return;
    ask_pipe(request, data, n, &from_pipe);
    if (memcmp(&from_file, &from_pipe, sizeof from_file) != 0) abort();
}

#endif
