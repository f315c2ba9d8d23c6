/* SPDX-License-Identifier: MIT */
/* consumer MODEL FILE.wav: the units of a 16-bit WAV with a 44-byte header, pushed seven samples
   at a time, one a line. A program of somebody who installed voq: C and C++. */
#include <voq.h>

#include <stdio.h>

static void print(const uint32_t *id, size_t n)
{
    for (size_t i = 0; i < n; i++) printf("%lu\n", (unsigned long)id[i]);
}

static int units(const voq_model *model, FILE *wav)
{
    voq_stream *stream;
    int16_t x[7];
    uint32_t id[64];
    voq_output output = {0};
    size_t n, n_unit;
    voq_status status = voq_stream_new(model, NULL, &stream);
    output.struct_size = sizeof output;
    output.capacity = 64;
    output.id = id;
    if (status != VOQ_OK) return status;
    while (status == VOQ_OK && (n = fread(x, sizeof *x, 7, wav)) > 0) {
        status = voq_push_i16(stream, x, n, &output, &n_unit);
        if (status == VOQ_OK) print(id, n_unit);
    }
    if (status == VOQ_OK) {
        status = voq_finish(stream, &output, &n_unit);
        if (status == VOQ_OK) print(id, n_unit);
    }
    voq_stream_free(stream);
    return status;
}

int main(int argc, char **argv)
{
    voq_model *model;
    voq_error error;
    FILE *wav;
    int status;
    error.struct_size = sizeof error;
    if (argc != 3) return 2;
    if (voq_model_open(argv[1], NULL, &model, &error) != VOQ_OK) {
        fprintf(stderr, "consumer: %s\n", error.text);
        return 2;
    }
    wav = fopen(argv[2], "rb");
    if (!wav || fseek(wav, 44, SEEK_SET) != 0) return 3;
    status = units(model, wav);
    fclose(wav);
    voq_model_close(model);
    return status;
}
