/* SPDX-License-Identifier: MIT */
/* Any bytes as a safetensors file. What is read has every tensor within the bytes of the file and
   finds it by its name, and every float can be read; what is refused has a reason. */
#define _GNU_SOURCE
#include "tests/fuzz/memory_file.h"
#include "tools/learn/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static volatile double seen;

static void check(const struct safetensors *file, size_t n_byte)
{
    for (size_t i = 0; i < file->n_tensor; i++) {
        const struct tensor *tensor = &file->tensor[i];
        char text[64];
        if (tensor->begin > tensor->end || tensor->end > n_byte) abort();
        if (safetensors_find(file, tensor->name) != tensor) abort();
        tensor_shape_text(tensor->shape, tensor->n_axis, text, sizeof text);
        for (uint64_t k = 0; tensor->type != TENSOR_OTHER && k < tensor->n; k++)
            seen = tensor_value(tensor, k);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct safetensors tensors;
    struct failure failure = {.text = ""};
    struct memory_file file = memory_file_open(data, n);
    if (safetensors_read(&tensors, file.path, &failure)) {
        check(&tensors, n);
        safetensors_free(&tensors);
    } else if (!failure.text[0]) {
        abort();
    }
    memory_file_close(&file);
    return 0;
}
