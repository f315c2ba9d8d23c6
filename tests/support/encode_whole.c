/* SPDX-License-Identifier: MIT */
/* encode_whole MODEL < SAMPLES: prints the units that voq_encode returns for raw floats, one per
   line. */
#include "voq.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1 << 22 };

int main(int argc, char **argv)
{
    static float x[MOST];
    voq_model *model;
    voq_error error = {.struct_size = sizeof error};
    if (argc != 2 || voq_model_open(argv[1], NULL, &model, NULL) != VOQ_OK) return 2;
    size_t n = fread(x, sizeof *x, MOST, stdin), n_frame, room = voq_encode_frames(model, n);
    uint32_t *id = malloc((room + 1) * sizeof *id);
    const voq_output units = {.struct_size = sizeof units, .capacity = room, .id = id};
    if (!id || voq_encode(model, NULL, x, n, &units, &n_frame, &error) != VOQ_OK) {
        fprintf(stderr, "encode_whole: %s\n", error.text);
        return 1;
    }
    for (size_t i = 0; i < n_frame; i++) printf("%u\n", (unsigned)id[i]);
    free(id);
    voq_model_close(model);
    return 0;
}
