/* SPDX-License-Identifier: MIT */
/* Weights in safetensors: every value exactly, and no file that lies about itself. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/learn/safetensors.h"

#include <math.h>
#include <stdlib.h>

static struct safetensors file;
static struct failure failure;

/* Writes length, header and n_byte bytes of data, and reads the file. */
static bool read_back(const char *header, const void *data, size_t n_byte)
{
    static unsigned char bytes[1 << 18];
    uint64_t n = strlen(header);
    for (int i = 0; i < 8; i++) bytes[i] = (unsigned char)(n >> 8 * i);
    memcpy(bytes + 8, header, n);
    memcpy(bytes + 8 + n, data, n_byte);
    return safetensors_read(&file, scratch_write("x.safetensors", bytes, 8 + n + n_byte), &failure);
}

static void every_half_is_its_value(void)
{
    static uint16_t half[65536];
    for (size_t i = 0; i < 65536; i++) half[i] = (uint16_t)i;
    CHECK(read_back("{\"x\":{\"dtype\":\"F16\",\"shape\":[65536],\"data_offsets\":[0,131072]}}  ",
                    half, sizeof half));
    const struct tensor *tensor = safetensors_find(&file, "x");
    for (unsigned i = 0; i < 65536; i++) {
        int exponent = (int)(i >> 10 & 31), fraction = (int)(i & 1023);
        double value = exponent == 0   ? ldexp(fraction, -24)
                       : exponent < 31 ? ldexp(fraction + 1024, exponent - 25)
                       : fraction == 0 ? (double)INFINITY
                                       : (double)NAN;
        double got = tensor_value(tensor, i), wanted = i >> 15 ? -value : value;
        CHECK(isnan(wanted) ? isnan(got) : got == wanted);
        CHECK(isnan(wanted) || !signbit(got) == !signbit(wanted));
    }
    safetensors_free(&file);
}

static void other_floats_are_exact_too(void)
{
    const uint16_t brain[] = {0x3F80, 0xC049, 0x0001, 0xFF80};
    const float single[] = {1.5f, -1e-45f};
    const double wide[] = {.1};
    unsigned char data[8 + 8 + 8];
    memcpy(data, brain, 8);
    memcpy(data + 8, single, 8);
    memcpy(data + 16, wide, 8);
    CHECK(read_back("{\"__metadata__\":{\"format\":\"pt\"},"
                    "\"wide\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[16,24]},"
                    "\"brain\":{\"dtype\":\"BF16\",\"shape\":[2,2],\"data_offsets\":[0,8]},"
                    "\"single\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,16]},"
                    "\"none\":{\"dtype\":\"F32\",\"shape\":[0,3],\"data_offsets\":[16,16]},"
                    "\"what\":{\"dtype\":\"F8_E4M3\",\"shape\":[3],\"data_offsets\":[24,24]}}",
                    data, sizeof data));
    CHECK_EQ(file.n_tensor, 5);
    CHECK(tensor_value(safetensors_find(&file, "wide"), 0) == .1);
    CHECK(tensor_value(safetensors_find(&file, "single"), 1) == (double)-1e-45f);
    const struct tensor *tensor = safetensors_find(&file, "brain");
    CHECK(tensor_value(tensor, 0) == 1 && tensor_value(tensor, 1) == -3.140625);
    CHECK(tensor_value(tensor, 2) == ldexp(1, -133) && tensor_value(tensor, 3) == -INFINITY);
    CHECK_EQ(safetensors_find(&file, "what")->type, TENSOR_OTHER);
    CHECK(!safetensors_find(&file, "whatever"));
    char text[64];
    CHECK_STR(tensor_shape_text(tensor->shape, tensor->n_axis, text, sizeof text), "[2][2]");
    safetensors_free(&file);
}

static void a_file_that_lies_is_refused_with_the_reason(void)
{
#define X(dtype, shape, offsets) \
    "{\"x\":{\"dtype\":\"" dtype "\",\"shape\":[" shape "],\"data_offsets\":[" offsets "]}}"
    static const char *const wrong[][2] = {
        {"", "byte 8: not a JSON value; is it a safetensors file?"},
        {"[]", "the header is not a JSON object"},
        {"{\"x\":3}", "tensor 'x': is not described by an object"},
        {"{\"x\":{}}", "tensor 'x': has no dtype"},
        {"{\"x\":{\"dtype\":\"F32\"}}", "tensor 'x': has no shape"},
        {"{\"x\":{\"dtype\":\"F32\",\"shape\":[2]}}", "data_offsets are not [BEGIN, END]"},
        {X("F32", "2", "0,8,9"), "data_offsets are not [BEGIN, END]"},
        {X("F32", "2", "8,0"), "data_offsets are not [BEGIN, END]"},
        {X("F32", "2", "0,-8"), "data_offsets are not [BEGIN, END]"},
        {X("F32", "2", "0,8.0"), "data_offsets are not [BEGIN, END]"},
        {X("F32", "3", "0,8"), "do not fit its shape and dtype"},
        {X("F16", "2", "0,8"), "do not fit its shape and dtype"},
        {X("F32", "-2", "0,8"), "its shape is not one of whole numbers"},
        {X("F32", "2.0", "0,8"), "its shape is not one of whole numbers"},
        {X("F32", "4294967296,4294967296", "0,0"), "its shape is not one of whole numbers"},
        {X("F32", "4611686018427387906", "0,8"), "do not fit its shape and dtype"},
        {X("F32", "1,1,1,1,1,1,1,1,2", "0,8"), "has more than 8 axes"},
        {X("F32", "1", "4,8"), "its bytes do not follow those of the one before"},
        {X("F32", "1", "0,4"), "more bytes than the header describes"},
        {X("F32", "3", "0,12"), "the file ends here, inside the tensors"},
        {X("U8", "4294967296", "0,4294967296"), "over 2 GiB of tensors"},
        {"{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}}",
         "tensor 'y': its bytes"},
        {"{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
         "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", "two tensors 'x'"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK(!read_back(wrong[i][0], "\0\0\0\0\0\0\0", 8));
        CHECK_EQ(failure.code, EXIT_INPUT);
        if (!strstr(failure.text, wrong[i][1])) printf("# %zu: %s\n", i, failure.text);
        CHECK(strstr(failure.text, wrong[i][1]));
        CHECK(strstr(failure.text, "x.safetensors: "));
    }
}

static void a_long_header_is_not_believed(void)
{
    const char *path = scratch_write("long", "\xff\xff\xff\xff\xff\xff\xff\x7f{}", 10);
    CHECK(!safetensors_read(&file, path, &failure));
    CHECK(strstr(failure.text, "long: byte 0: the header would have 9223372036854775807 bytes"));
    CHECK(!safetensors_read(&file, scratch_write("short", "\3\0\0", 3), &failure));
    CHECK(strstr(failure.text, "the length of the header"));
    CHECK(!safetensors_read(&file, scratch("nowhere"), &failure));
    CHECK(strstr(failure.text, "nowhere: cannot be opened"));
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(every_half_is_its_value);
    RUN(other_floats_are_exact_too);
    RUN(a_file_that_lies_is_refused_with_the_reason);
    RUN(a_long_header_is_not_believed);
    return check_done();
}
