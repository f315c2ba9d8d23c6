/* SPDX-License-Identifier: MIT */
/* log_mel_model OUT.voq: writes the model behind the page's spectrogram, a front end without a
   codebook whose features are log mel energies. */
#include "voq.h"

#include <stdio.h>

enum { N_MEL = 72 };

static voq_status write_model(const char *path, voq_error *error)
{
    voq_frontend frontend = {.struct_size = sizeof frontend};
    voq_model *model;
    voq_status status = voq_frontend_profile("encoder", &frontend);
    if (status != VOQ_OK) return status;
    frontend.n_mel = N_MEL;
    const voq_parts parts = {
        .struct_size = sizeof parts, .frontend = &frontend, .name = "log-mel"};
    status = voq_model_make(&parts, NULL, &model, error);
    if (status != VOQ_OK) return status;
    status = voq_model_write(model, path, error);
    voq_model_close(model);
    return status;
}

int main(int argc, char **argv)
{
    voq_error error = {.struct_size = sizeof error};
    if (argc == 2 && write_model(argv[1], &error) == VOQ_OK) return 0;
    fprintf(stderr, "log_mel_model: %s\n", argc == 2 ? error.text : "usage: log_mel_model OUT.voq");
    return 1;
}
