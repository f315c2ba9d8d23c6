/* SPDX-License-Identifier: MIT */
/* own_callback MODEL < SPEECH: units inside a program that has audio already, int16 at 16 kHz in
   frames of 10 ms, as WebRTC hands them out. on_frame may run on the audio thread: it allocates
   nothing, takes no lock and calls no system. Standard input plays the microphone here. */
#include <voq.h>

#include <stdio.h>

enum { FRAME = 160, MOST_UNITS = 64 };

struct listener {
    voq_stream *stream;
    void (*on_unit)(uint64_t index, uint32_t unit); /* unit `index` starts at index * 10 ms */
};

static void give(struct listener *listener, const uint32_t *id, size_t n)
{
    uint64_t first = voq_stream_position(listener->stream) - n;
    for (size_t i = 0; i < n; i++) listener->on_unit(first + i, id[i]);
}

/* Your audio callback. n_lost: samples that never came, if your device tells you of any. */
static void on_frame(struct listener *listener, const int16_t x[FRAME], uint64_t n_lost)
{
    uint32_t id[MOST_UNITS];
    const voq_output units = {.struct_size = sizeof units, .capacity = MOST_UNITS, .id = id};
    size_t n;
    if (n_lost && voq_gap(listener->stream, n_lost, &units, &n) == VOQ_OK) give(listener, id, n);
    if (voq_push_i16(listener->stream, x, FRAME, &units, &n) == VOQ_OK) give(listener, id, n);
}

static void on_end(struct listener *listener)
{
    uint32_t id[MOST_UNITS];
    const voq_output units = {.struct_size = sizeof units, .capacity = MOST_UNITS, .id = id};
    size_t n;
    if (voq_finish(listener->stream, &units, &n) == VOQ_OK) give(listener, id, n);
}

static void print_unit(uint64_t index, uint32_t unit)
{
    printf("%.2f s: %u\n", (double)index * 0.01, (unsigned)unit);
}

int main(int argc, char **argv)
{
    voq_model *model;
    struct listener listener = {.on_unit = print_unit};
    int16_t x[FRAME];
    if (argc != 2 || voq_model_open(argv[1], NULL, &model, NULL) != VOQ_OK) return 1;
    if (voq_stream_new(model, NULL, &listener.stream) != VOQ_OK) return 1;
    while (fread(x, sizeof *x, FRAME, stdin) == FRAME) on_frame(&listener, x, 0);
    on_end(&listener);
    voq_stream_free(listener.stream);
    voq_model_close(model);
    return 0;
}
