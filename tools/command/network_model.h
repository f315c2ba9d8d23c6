/* SPDX-License-Identifier: MIT */
/* A network in floats with what comes before and behind it, on its way to a model. */
#ifndef VOQ_TOOLS_NETWORK_MODEL_H
#define VOQ_TOOLS_NETWORK_MODEL_H

#include "tools/command/calibration_corpus.h"
#include "tools/learn/integers.h"
#include "tools/learn/safetensors.h"

struct network_model {
    const char *path; /* of the safetensors file */
    struct safetensors file;
    voq_parts parts;     /* front end, normalisation, transform, later encoder and codebook */
    voq_model *frontend; /* owner of what parts points to, where --frontend is a model */
    voq_model *features; /* the parts before the encoder */
    voq_frontend profile;
    voq_normalise normalise;
    float *mean, *scale, *codeword;
    struct float_network network;
    double step[ENCODER_MOST_LAYERS]; /* of conv outputs; 0: not known */
    struct integers integers;
    struct calibration_corpus corpus;
};

/* Reads the file and what comes before the encoder. frontend: a profile, or a model, whose front
   end, normalisation and transform are used. */
bool network_model_read(struct network_model *model, const char *path, const char *frontend,
                        const char *encoder, struct failure *failure);

/* Whether a conv has no step yet, so that speech must show it. */
bool network_model_needs_speech(const struct network_model *model);

/* Finds the steps that are missing, then the integers. model->corpus may be empty if no step is
   missing. */
bool network_model_quantize(struct network_model *model, struct failure *failure);

/* Returns the share of units of model->corpus that differ between floats and integers in *share. */
bool network_model_compare(const struct network_model *model, double *share,
                           struct failure *failure);

void network_model_free(struct network_model *model);

#endif
