/* SPDX-License-Identifier: MIT */
/* Named arrays in Hugging Face's safetensors format: a u64 length, a JSON header of that length,
   then the bytes of all arrays. */
#ifndef VOQ_LEARN_SAFETENSORS_H
#define VOQ_LEARN_SAFETENSORS_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

enum tensor_type { TENSOR_OTHER, TENSOR_F16, TENSOR_BF16, TENSOR_F32, TENSOR_F64 };
enum { TENSOR_MOST_AXES = 8 };

struct tensor {
    char *name;
    enum tensor_type type; /* OTHER: a type that is not read, such as an integer */
    uint32_t n_axis;
    uint64_t shape[TENSOR_MOST_AXES];
    uint64_t n;            /* elements: the product of the shape */
    const unsigned char *bytes;
    uint64_t begin, end;   /* of the bytes, from the end of the header */
};

struct safetensors {
    unsigned char *bytes; /* the file */
    struct tensor *tensor; /* [n_tensor], sorted by name */
    size_t n_tensor;
};

/* Reads a whole file, or "-". EXIT_INPUT: "PATH: what is wrong; what to do". */
bool safetensors_read(struct safetensors *file, const char *path, struct failure *failure);
void safetensors_free(struct safetensors *file);

const struct tensor *safetensors_find(const struct safetensors *file, const char *name);

/* Element i of a tensor of floats, exactly. */
double tensor_value(const struct tensor *tensor, uint64_t i);

/* Writes the shape as "[256][40][5]"; text holds n bytes. Returns text. */
const char *tensor_shape_text(const uint64_t *shape, size_t n_axis, char *text, size_t n);

#endif
