/* SPDX-License-Identifier: MIT */
#include "tools/learn/safetensors.h"

#include "tools/base/growing.h"
#include "tools/base/json.h"
#include "tools/base/number.h"
#include "tools/formats/byte_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HEADER = 1 << 20, PIECE = 1 << 20, SHOWN = 80 };
static const uint64_t MOST_BYTES = 1ull << 31;

static const struct {
    const char *name;
    enum tensor_type type;
    unsigned size;
} types[] = {
    {"F64", TENSOR_F64, 8},   {"F32", TENSOR_F32, 4},   {"F16", TENSOR_F16, 2},
    {"BF16", TENSOR_BF16, 2}, {"I64", TENSOR_OTHER, 8}, {"I32", TENSOR_OTHER, 4},
    {"I16", TENSOR_OTHER, 2}, {"I8", TENSOR_OTHER, 1},  {"U64", TENSOR_OTHER, 8},
    {"U32", TENSOR_OTHER, 4}, {"U16", TENSOR_OTHER, 2}, {"U8", TENSOR_OTHER, 1},
    {"BOOL", TENSOR_OTHER, 1},
};

/* The header while it is read. */
struct header {
    const char *path;
    struct json *json;
    struct failure *failure;
};

static bool fail_tensor(const struct header *header, const struct json *entry, const char *what)
{
    return fail(header->failure, EXIT_INPUT, "%s: tensor '%.*s': %s", header->path, SHOWN,
                entry->key, what);
}

static bool is_integer(const struct json *json, uint64_t *value)
{
    return json && json->type == JSON_NUMBER && parse_u64(json->string, value);
}

static bool read_shape(const struct header *header, const struct json *entry,
                       struct tensor *tensor)
{
    const struct json *shape = json_get(entry, "shape");
    if (!shape || shape->type != JSON_ARRAY)
        return fail_tensor(header, entry, "has no shape; write the file again");
    tensor->n = 1;
    for (const struct json *axis = shape->child; axis; axis = axis->next) {
        uint64_t *size = &tensor->shape[tensor->n_axis];
        if (tensor->n_axis == TENSOR_MOST_AXES)
            return fail_tensor(header, entry, "has more than 8 axes");
        if (!is_integer(axis, size) || __builtin_mul_overflow(tensor->n, *size, &tensor->n))
            return fail_tensor(header, entry, "its shape is not one of whole numbers that fit");
        tensor->n_axis++;
    }
    return true;
}

static bool read_type(const struct header *header, const struct json *entry,
                      struct tensor *tensor, unsigned *size)
{
    const struct json *type = json_get(entry, "dtype");
    if (!type || type->type != JSON_STRING)
        return fail_tensor(header, entry, "has no dtype; write the file again");
    *size = 0; /* unknown, such as FP8 */
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcmp(type->string, types[i].name) != 0) continue;
        tensor->type = types[i].type;
        *size = types[i].size;
    }
    return true;
}

static bool read_entry(const struct header *header, const struct json *entry,
                       struct tensor *tensor)
{
    unsigned size;
    uint64_t n_byte;
    if (!read_type(header, entry, tensor, &size) || !read_shape(header, entry, tensor))
        return false;
    const struct json *place = json_get(entry, "data_offsets");
    const struct json *begin = place && place->type == JSON_ARRAY ? place->child : NULL;
    const struct json *end = begin ? begin->next : NULL;
    if (!is_integer(begin, &tensor->begin) || !is_integer(end, &tensor->end) || end->next ||
        tensor->end < tensor->begin)
        return fail_tensor(header, entry, "its data_offsets are not [BEGIN, END]");
    if (size > 0 && (__builtin_mul_overflow(tensor->n, size, &n_byte) ||
                     n_byte != tensor->end - tensor->begin))
        return fail_tensor(header, entry, "its data_offsets do not fit its shape and dtype");
    tensor->name = strdup(entry->key);
    return tensor->name || fail_memory(header->failure);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct tensor *)a)->name, ((const struct tensor *)b)->name);
}

static int by_place(const void *a, const void *b)
{
    const struct tensor *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* The arrays fill the data from its begin, without holes. */
static bool check_places(struct safetensors *file, const char *path, uint64_t *n_byte,
                         struct failure *failure)
{
    *n_byte = 0;
    qsort(file->tensor, file->n_tensor, sizeof *file->tensor, by_place);
    for (size_t i = 0; i < file->n_tensor; i++) {
        if (file->tensor[i].begin != *n_byte)
            return fail(failure, EXIT_INPUT,
                        "%s: tensor '%.*s': its bytes do not follow those of the one before", path,
                        SHOWN, file->tensor[i].name);
        *n_byte = file->tensor[i].end;
    }
    if (*n_byte > MOST_BYTES)
        return fail(failure, EXIT_INPUT, "%s: over 2 GiB of tensors; export only the encoder",
                    path);
    qsort(file->tensor, file->n_tensor, sizeof *file->tensor, by_name);
    for (size_t i = 1; i < file->n_tensor; i++)
        if (by_name(&file->tensor[i - 1], &file->tensor[i]) == 0)
            return fail(failure, EXIT_INPUT, "%s: there are two tensors '%.*s'", path, SHOWN,
                        file->tensor[i].name);
    return true;
}

static bool read_entries(struct safetensors *file, const struct header *header, uint64_t *n_byte)
{
    size_t n = 0;
    for (const struct json *entry = header->json->child; entry; entry = entry->next) n++;
    file->tensor = zeroed(n, sizeof *file->tensor, header->failure);
    if (!file->tensor) return false;
    for (const struct json *entry = header->json->child; entry; entry = entry->next) {
        if (strcmp(entry->key, "__metadata__") == 0) continue;
        if (entry->type != JSON_OBJECT)
            return fail_tensor(header, entry, "is not described by an object");
        struct tensor *tensor = &file->tensor[file->n_tensor++];
        if (!read_entry(header, entry, tensor)) return false;
    }
    return check_places(file, header->path, n_byte, header->failure);
}

static bool parse_header(struct safetensors *file, const char *path, const char *text, size_t n,
                         uint64_t *n_byte, struct failure *failure)
{
    size_t column = 0;
    const char *reason = "";
    struct header header = {path, json_parse(text, n, &column, &reason), failure};
    if (!header.json)
        return fail(failure, EXIT_INPUT,
                    "%s: byte %zu: %s; is it a safetensors file?", path, 8 + column - 1, reason);
    bool good = header.json->type == JSON_OBJECT
                    ? read_entries(file, &header, n_byte)
                    : fail(failure, EXIT_INPUT,
                           "%s: byte 8: the header is not a JSON object; is it a safetensors file?",
                           path);
    json_free(header.json);
    return good;
}

static bool read_header(struct safetensors *file, struct byte_reader *reader, uint64_t *n_byte,
                        struct failure *failure)
{
    unsigned char length[8];
    if (!byte_reader_read(reader, length, sizeof length, "the length of the header", failure))
        return false;
    uint64_t n = get_u32le(length) | (uint64_t)get_u32le(length + 4) << 32;
    if (n > MOST_HEADER || !byte_reader_has(reader, n))
        return byte_reader_fail(reader, 0, failure,
                                "the header would have %llu bytes; is it a safetensors file?",
                                (unsigned long long)n);
    char *text = zeroed((size_t)n, 1, failure);
    bool good = text && byte_reader_read(reader, text, (size_t)n, "the header", failure) &&
                parse_header(file, byte_reader_path(reader), text, (size_t)n, n_byte, failure);
    free(text);
    return good;
}

/* Memory grows with the bytes that are there, not with what the header states. */
static bool read_data(struct safetensors *file, struct byte_reader *reader, uint64_t n_byte,
                      struct failure *failure)
{
    size_t capacity = 0;
    int next;
    if (!grow(&file->bytes, &capacity, 1, 1, failure)) return false; /* of no bytes too */
    for (uint64_t done = 0, n; done < n_byte; done += n) {
        n = n_byte - done < PIECE ? n_byte - done : PIECE;
        if (!grow(&file->bytes, &capacity, (size_t)(done + n), 1, failure) ||
            !byte_reader_read(reader, file->bytes + done, (size_t)n, "the tensors", failure))
            return false;
    }
    if (!byte_reader_peek(reader, &next, failure)) return false;
    if (next >= 0)
        return byte_reader_fail(reader, byte_reader_offset(reader), failure,
                                "more bytes than the header describes; write the file again");
    for (size_t i = 0; i < file->n_tensor; i++)
        file->tensor[i].bytes = file->bytes + file->tensor[i].begin;
    return true;
}

bool safetensors_read(struct safetensors *file, const char *path, struct failure *failure)
{
    struct byte_reader *reader;
    uint64_t n_byte = 0;
    *file = (struct safetensors){0};
    if (!byte_reader_open(&reader, path, failure)) return false;
    bool good = read_header(file, reader, &n_byte, failure) &&
                read_data(file, reader, n_byte, failure);
    byte_reader_close(reader);
    if (!good) safetensors_free(file);
    return good;
}

void safetensors_free(struct safetensors *file)
{
    for (size_t i = 0; i < file->n_tensor; i++) free(file->tensor[i].name);
    free(file->tensor);
    free(file->bytes);
    *file = (struct safetensors){0};
}
