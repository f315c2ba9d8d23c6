/* SPDX-License-Identifier: MIT */
/* The promise: units are a function of model, samples and voq's major version. A user whose stored
   units no longer match what this voq gives loses them. So the units of every shipped model are
   pinned; from 1.0 on these lines change only with the major version. */
#include "src/kernel/kernel.h"
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "voq.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *hash; /* of the model */
    uint64_t unit_hash;      /* FNV-1a of the units of the recording, as u32 little-endian */
} shipped[] = {
    {"distil-500", "6435ab47603c0a18", 0x3a60098b4fa1de72},
    {"lda-100", "1cc3202c71373a03", 0x117f3b2e48cb86be},
    {"lda-500", "acf3d74240f01454", 0x0c1ebc508368126c},
    {"mfcc-100", "649b220163073aad", 0xf37a29f6ec47d444},
    {"mfcc-500", "8d6a7808f7a76c9c", 0x18bf2de01c3d5710},
    {"phone-256", "553111109688acbd", 0x924ba78394eec458},
    {"phone-256-20ms", "04ea115bb98c6c53", 0xeee6224433867a97},
    {"vqvae-256", "7e50b522720da60e", 0xc71b34df227cf920},
};

enum { HEADER = 44, MAX_UNITS = 1024 };

static const char *models, *recording;
static int16_t audio[1 << 17];
static size_t n_audio;

static bool read_recording(void)
{
    FILE *file = fopen(recording, "rb");
    if (!file) return false;
    bool read = fseek(file, HEADER, SEEK_SET) == 0;
    n_audio = read ? fread(audio, 2, sizeof audio / 2, file) : 0;
    fclose(file);
    return n_audio > 16000;
}

static uint64_t fnv(const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < n; i++) hash = (hash ^ p[i]) * 1099511628211u;
    return hash;
}

/* Units of the recording in pushes of n_push samples; 0 on any error. */
static uint64_t unit_hash(const voq_model *model, uint32_t block, size_t n_push)
{
    static uint32_t id[MAX_UNITS];
    size_t n = 0, n_unit;
    voq_stream *stream;
    const voq_options options = {.struct_size = sizeof options, .block = block};
    if (voq_stream_new(model, &options, &stream) != VOQ_OK) return 0;
    bool fine = true;
    for (size_t i = 0; fine && i < n_audio; i += n_push, n += n_unit) {
        size_t n_left = n_audio - i < n_push ? n_audio - i : n_push;
        n_unit = 0;
        fine = voq_push_i16(stream, audio + i, n_left, UNITS(id + n, NULL, MAX_UNITS - n),
                            &n_unit) == VOQ_OK;
    }
    fine = fine && voq_finish(stream, UNITS(id + n, NULL, MAX_UNITS - n), &n_unit) == VOQ_OK;
    voq_stream_free(stream);
    return fine ? fnv(id, (n + n_unit) * sizeof *id) : 0;
}

static void check_model(size_t i, voq_cpu cpu)
{
    char path[1024];
    voq_model *model;
    voq_info info = {.struct_size = sizeof info};
    const voq_options options = {.struct_size = sizeof options, .cpu = cpu};
    snprintf(path, sizeof path, "%s/%s.voq", models, shipped[i].name);
    CHECK(voq_model_open(path, &options, &model, NULL) == VOQ_OK);
    CHECK(voq_model_describe(model, &info) == VOQ_OK);
    uint64_t live = unit_hash(model, 1, 160), odd = unit_hash(model, 5, 7);
    uint64_t whole = unit_hash(model, 64, sizeof audio);
    printf("# %s %s %s units %016llx\n", shipped[i].name, info.hash, info.cpu,
           (unsigned long long)whole);
    bool same_model = strcmp(info.hash, shipped[i].hash) == 0;
    voq_model_close(model);
    CHECK(same_model);
    CHECK(whole == shipped[i].unit_hash);
    CHECK(live == whole);
    CHECK(odd == whole);
}

static void shipped_models_give_their_golden_units_on_every_instruction_set(void)
{
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++)
        for (int cpu = VOQ_CPU_AUTO; cpu <= VOQ_CPU_WASM && !check_state.failed; cpu++)
            if (voq_kernel_for(cpu)) check_model(i, (voq_cpu)cpu);
}

int main(int argc, char **argv)
{
    if (argc != 3) return 99;
    models = argv[1];
    recording = argv[2];
    if (!read_recording()) return 99;
    RUN(shipped_models_give_their_golden_units_on_every_instruction_set);
    return check_done();
}
