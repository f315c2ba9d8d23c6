/* SPDX-License-Identifier: MIT */
#include "tools/formats/npy_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_HEADER = 1 << 20 };

/* The header's text is a Python dictionary; at is an index into it. */
struct dictionary {
    const struct byte_reader *reader;
    uint64_t offset; /* of text[0] in the file */
    const char *text;
    size_t length, at;
    struct failure *failure;
};

static bool complain(const struct dictionary *d, const char *what)
{
    return byte_reader_fail(d->reader, d->offset + d->at, d->failure, "%s", what);
}

static void skip_blanks(struct dictionary *d)
{
    while (d->at < d->length && strchr(" \t\r\n", d->text[d->at]) && d->text[d->at]) d->at++;
}

static bool take(struct dictionary *d, char c)
{
    skip_blanks(d);
    if (d->at == d->length || d->text[d->at] != c) return false;
    d->at++;
    return true;
}

static bool take_word(struct dictionary *d, const char *word)
{
    skip_blanks(d);
    size_t n = strlen(word);
    if (d->length - d->at < n || memcmp(d->text + d->at, word, n) != 0) return false;
    d->at += n;
    return true;
}

/* Reads a quoted string of fewer than `size` characters without escapes. */
static bool read_string(struct dictionary *d, char *value, size_t size)
{
    char quote = take(d, '\'') ? '\'' : '"';
    if (quote == '"' && !take(d, '"')) return complain(d, "a quoted string is missing here");
    size_t n = 0;
    while (d->at < d->length && d->text[d->at] != quote) {
        if (n + 1 == size || d->text[d->at] == '\\')
            return complain(d, "no string that a .npy header holds");
        value[n++] = d->text[d->at++];
    }
    value[n] = '\0';
    return take(d, quote) || complain(d, "a string without end");
}

static bool read_size(struct dictionary *d, uint64_t *value)
{
    skip_blanks(d);
    size_t first = d->at;
    *value = 0;
    for (; d->at < d->length && d->text[d->at] >= '0' && d->text[d->at] <= '9'; d->at++) {
        unsigned digit = (unsigned)(d->text[d->at] - '0');
        if (*value > (UINT64_MAX - digit) / 10) return complain(d, "a shape too large");
        *value = *value * 10 + digit;
    }
    return d->at > first || complain(d, "a size is missing in the shape");
}

static bool read_descr(struct dictionary *d, struct npy_header *header)
{
    skip_blanks(d);
    if (d->at < d->length && d->text[d->at] == '[')
        return complain(d, "structured arrays cannot be read; save a plain one");
    size_t begin = d->at;
    char descr[16];
    if (!read_string(d, descr, sizeof descr)) return false;
    d->at = begin;
    const char *type = descr + (strchr("<>|=", descr[0]) != NULL);
    if (*descr == '\0' || type == descr || !type[0] || !type[1] || type[2])
        return complain(d, "an array of this type cannot be read; save integers or f4");
    if (type[0] == 'O') return complain(d,
                                        "arrays of Python objects cannot be read; save a plain "
                                        "one");
    header->kind = type[0];
    header->size = (unsigned)(type[1] - '0');
    header->big_endian = descr[0] == '>';
    bool is_float = type[0] == 'f' && (header->size == 4 || header->size == 8);
    bool is_integer = (type[0] == 'i' || type[0] == 'u') &&
                      (header->size == 1 || header->size == 2 || header->size == 4 ||
                       header->size == 8);
    if (!is_float && !is_integer)
        return complain(d, "an array of this type cannot be read; save integers or f4");
    return read_string(d, descr, sizeof descr);
}

static bool read_shape(struct dictionary *d, struct npy_header *header)
{
    header->n_dim = 0;
    for (unsigned i = 0; i < NPY_MOST_DIM; i++) header->shape[i] = 1;
    if (!take(d, '(')) return complain(d, "the shape is not a tuple");
    while (!take(d, ')')) {
        if (header->n_dim == NPY_MOST_DIM) return complain(d, "more than 3 dimensions");
        if (!read_size(d, &header->shape[header->n_dim])) return false;
        bool comma = take(d, ',');
        if (!comma && (header->n_dim == 0 || d->at == d->length || d->text[d->at] != ')'))
            return complain(d, "a ',' is missing in the shape");
        header->n_dim++;
    }
    return true;
}

static bool read_dictionary(struct dictionary *d, struct npy_header *header)
{
    static const char *const key_name[] = {"descr", "fortran_order", "shape"};
    unsigned seen = 0;
    if (!take(d, '{')) return complain(d, "the header is not a dictionary");
    while (!take(d, '}')) {
        char key[32];
        skip_blanks(d);
        size_t begin = d->at;
        if (!read_string(d, key, sizeof key)) return false;
        unsigned k = 0;
        while (k < 3 && strcmp(key, key_name[k]) != 0) k++;
        if (k == 3 || seen & 1u << k) {
            d->at = begin;
            return complain(d, k == 3 ? "an unknown key" : "a key twice");
        }
        seen |= 1u << k;
        if (!take(d, ':')) return complain(d, "a ':' is missing");
        if (k == 0 && !read_descr(d, header)) return false;
        if (k == 1) {
            header->fortran = take_word(d, "True");
            if (!header->fortran && !take_word(d, "False"))
                return complain(d, "fortran_order is neither True nor False");
        }
        if (k == 2 && !read_shape(d, header)) return false;
        if (take(d, ',')) continue;
        if (!take(d, '}')) return complain(d, "a ',' is missing");
        break;
    }
    skip_blanks(d);
    if (d->at < d->length) return complain(d, "text after the header's dictionary");
    return seen == 7 || complain(d, "descr, fortran_order or shape is missing");
}

/* Checks the size of the data, and that the file holds just them. */
static bool check_size(const struct byte_reader *reader, const struct npy_header *header,
                       struct failure *failure)
{
    uint64_t start = byte_reader_offset(reader), size = byte_reader_size(reader);
    uint64_t data = header->size;
    for (unsigned i = 0; i < NPY_MOST_DIM; i++) {
        if (header->shape[i] > 0 && data > (uint64_t)INT64_MAX / header->shape[i])
            return byte_reader_fail(reader, start, failure, "a shape too large");
        data *= header->shape[i];
    }
    if (size == BYTE_READER_SIZE_UNKNOWN || size - start == data) return true;
    if (size - start < data)
        return byte_reader_fail(reader, size, failure,
                                "the file ends here, %llu bytes of data are missing; is it cut "
                                "off?", (unsigned long long)(data - (size - start)));
    return byte_reader_fail(reader, start + data, failure, "%llu bytes follow the data",
                            (unsigned long long)(size - start - data));
}

bool npy_read_header(struct byte_reader *reader, struct npy_header *header,
                     struct failure *failure)
{
    static const char what[] = "the header";
    unsigned char begin[12];
    if (!byte_reader_read(reader, begin, 8, what, failure)) return false;
    if (memcmp(begin, "\x93NUMPY", 6) != 0)
        return byte_reader_fail(reader, 0, failure, "this is not an .npy file");
    if (begin[6] < 1 || begin[6] > 3 || begin[7] != 0)
        return byte_reader_fail(reader, 6, failure, "version %u.%u of .npy is unknown", begin[6],
                                begin[7]);
    size_t n_length = begin[6] == 1 ? 2 : 4;
    if (!byte_reader_read(reader, begin + 8, n_length, what, failure)) return false;
    size_t length = n_length == 2 ? get_u16le(begin + 8) : get_u32le(begin + 8);
    if (length > LONGEST_HEADER || !byte_reader_has(reader, length))
        return byte_reader_fail(reader, 8, failure, "a header of %zu bytes; is it cut off?",
                                length);
    char *text = malloc(length + 1);
    if (!text) return fail_memory(failure);
    struct dictionary dictionary = {.reader = reader, .offset = 8 + n_length, .text = text,
                                    .length = length, .failure = failure};
    bool ok = byte_reader_read(reader, text, length, what, failure) &&
              read_dictionary(&dictionary, header) && check_size(reader, header, failure);
    free(text);
    return ok;
}

void npy_drop_axis(struct npy_header *header, unsigned axis)
{
    header->n_dim--;
    for (unsigned i = axis; i < header->n_dim; i++) header->shape[i] = header->shape[i + 1];
    header->shape[header->n_dim] = 1;
}

bool npy_read_end(struct byte_reader *reader, struct failure *failure)
{
    int byte;
    if (!byte_reader_peek(reader, &byte, failure)) return false;
    return byte < 0 || byte_reader_fail(reader, byte_reader_offset(reader), failure,
                                        "bytes follow the data");
}

static void make_header(char header[NPY_HEADER_SIZE], const char *descr, const char *shape)
{
    static const unsigned char begin[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    char text[NPY_HEADER_SIZE];
    int length = snprintf(text, sizeof text,
                          "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr,
                          shape);
    memset(header, ' ', NPY_HEADER_SIZE);
    memcpy(header, begin, sizeof begin);
    memcpy(header + sizeof begin, text, (size_t)length);
    header[NPY_HEADER_SIZE - 1] = '\n';
}

void npy_make_header(char header[NPY_HEADER_SIZE], const char *descr, uint64_t n,
                     uint64_t n_column)
{
    char shape[48];
    if (n_column > 0)
        snprintf(shape, sizeof shape, "%llu, %llu", (unsigned long long)n,
                 (unsigned long long)n_column);
    else
        snprintf(shape, sizeof shape, "%llu,", (unsigned long long)n);
    make_header(header, descr, shape);
}

void npy_make_codebook_header(char header[NPY_HEADER_SIZE], const char *descr, uint64_t n_codebook,
                              uint64_t n_code, uint64_t dim)
{
    char shape[72];
    if (n_codebook == 1) {
        npy_make_header(header, descr, n_code, dim);
        return;
    }
    snprintf(shape, sizeof shape, "%llu, %llu, %llu", (unsigned long long)n_codebook,
             (unsigned long long)n_code, (unsigned long long)dim);
    make_header(header, descr, shape);
}
