/* SPDX-License-Identifier: MIT */
/* One tensor of a file. */
#include "tools/learn/safetensors.h"

#include "tools/formats/byte_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_name(const void *name, const void *tensor)
{
    return strcmp(name, ((const struct tensor *)tensor)->name);
}

const struct tensor *safetensors_find(const struct safetensors *file, const char *name)
{
    return bsearch(name, file->tensor, file->n_tensor, sizeof *file->tensor, compare_name);
}

static double single(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/* IEEE half: the bits moved into a float's places, then its exponent's bias put right by a product
   that is exact, subnormals included. */
static double half(uint16_t bits)
{
    uint32_t sign = (uint32_t)(bits & 0x8000) << 16, rest = (uint32_t)(bits & 0x7FFF) << 13;
    if ((bits & 0x7C00) == 0x7C00) return single(sign | rest | 0x7F800000);
    return single(sign | rest) * 0x1p112;
}

double tensor_value(const struct tensor *tensor, uint64_t i)
{
    const unsigned char *bytes = tensor->bytes;
    if (tensor->type == TENSOR_F32) return single(get_u32le(bytes + 4 * i));
    if (tensor->type == TENSOR_F16) return half(get_u16le(bytes + 2 * i));
    if (tensor->type == TENSOR_BF16) return single((uint32_t)get_u16le(bytes + 2 * i) << 16);
    uint64_t bits = get_u32le(bytes + 8 * i) | (uint64_t)get_u32le(bytes + 8 * i + 4) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

const char *tensor_shape_text(const uint64_t *shape, size_t n_axis, char *text, size_t n)
{
    size_t used = 0;
    snprintf(text, n, "[]");
    for (size_t i = 0; i < n_axis && used < n; i++)
        used += (size_t)snprintf(text + used, n - used, "[%llu]", (unsigned long long)shape[i]);
    return text;
}
