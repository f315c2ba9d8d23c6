/* SPDX-License-Identifier: MIT */
#include "tools/formats/codebook_file.h"

#include "tools/formats/feature_reader.h"
#include "tools/formats/km_bin.h"
#include "tools/formats/npy_header.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum content { CONTENT_OTHER, CONTENT_NPY, CONTENT_PICKLE, CONTENT_REFUSED };

static enum content content_of(const char *path, const char **refused)
{
    static const struct {
        const char *magic;
        size_t n;
        const char *reason;
    } other[] = {
        {"\x78", 1, "a compressed joblib dump (zlib); re-save with compress=0"},
        {"\x1f\x8b", 2, "a compressed joblib dump (gzip); re-save with compress=0"},
        {"BZh", 3, "a compressed joblib dump (bz2); re-save with compress=0"},
        {"\xfd\x37zXZ", 5, "a compressed joblib dump (xz); re-save with compress=0"},
        {"\x04\x22\x4d\x18", 4, "a compressed joblib dump (lz4); re-save with compress=0"},
        {"PK\x03\x04", 4, "a torch checkpoint or zip file; export the centroids with np.save"},
    };
    unsigned char bytes[8] = {0};
    FILE *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    if (file) fclose(file);
    if (n >= 6 && memcmp(bytes, "\x93NUMPY", 6) == 0) return CONTENT_NPY;
    if (n >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5) return CONTENT_PICKLE;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        if (n < other[i].n || memcmp(bytes, other[i].magic, other[i].n) != 0) continue;
        *refused = other[i].reason;
        return CONTENT_REFUSED;
    }
    return CONTENT_OTHER;
}

bool codebook_file_is(const char *path)
{
    const char *refused;
    size_t n = strlen(path);
    bool is_bin = n > 4 && strcmp(path + n - 4, ".bin") == 0;
    enum content content = content_of(path, &refused);
    if (content != CONTENT_NPY) return is_bin || content == CONTENT_PICKLE;

    struct byte_reader *reader;
    struct npy_header header;
    struct failure ignored;
    if (!byte_reader_open(&reader, path, &ignored)) return false;
    bool floats = npy_read_header(reader, &header, &ignored) && header.kind == 'f';
    byte_reader_close(reader);
    return floats;
}

static bool read_npy(struct codebook_file *codebook, const char *path, struct failure *failure)
{
    struct byte_reader *bytes;
    struct npy_header header;
    if (!byte_reader_open(&bytes, path, failure)) return false;
    bool ok = npy_read_header(bytes, &header, failure);
    byte_reader_close(bytes);
    if (!ok) return false;
    bool several = header.n_dim == 3;
    uint64_t n_codebook = several ? header.shape[0] : 1, n_code = header.shape[several];
    if (n_codebook == 0 || n_codebook > INT32_MAX || n_code == 0 || n_code > INT32_MAX)
        return fail(failure, EXIT_INPUT, "%s: %llu codebook%s of %llu codewords", path,
                    (unsigned long long)n_codebook, n_codebook == 1 ? "" : "s",
                    (unsigned long long)n_code);

    struct feature_reader_options options = {.codebooks = true};
    struct feature_reader *reader;
    const struct feature_utterance *utterance;
    if (!feature_format_find("npy", &options.format, failure) ||
        !feature_reader_open(&reader, path, &options, failure))
        return false;
    size_t n = (size_t)(n_codebook * n_code), n_read = 0;
    ok = feature_reader_next(reader, &utterance, failure);
    if (ok) {
        codebook->n_codebook = (uint32_t)n_codebook;
        codebook->n_code = (uint32_t)n_code;
        codebook->dim = utterance->dim;
        codebook->from_double = header.size == 8;
        codebook->codeword = malloc(n * utterance->dim * sizeof *codebook->codeword);
        ok = codebook->codeword
                 ? feature_reader_read(reader, codebook->codeword, n, &n_read, failure)
                 : fail_memory(failure);
    }
    feature_reader_close(reader);
    return ok;
}

static bool turn(struct codebook_file *codebook, struct failure *failure)
{
    uint32_t rows = codebook->n_code, columns = codebook->dim;
    size_t size = (size_t)rows * columns;
    float *turned = malloc(codebook->n_codebook * size * sizeof *turned);
    if (!turned) return fail_memory(failure);
    for (size_t c = 0; c < codebook->n_codebook; c++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                turned[c * size + j * rows + i] = codebook->codeword[c * size + i * columns + j];
    free(codebook->codeword);
    codebook->codeword = turned;
    codebook->n_code = columns;
    codebook->dim = rows;
    return true;
}

struct ranked {
    const float *codeword;
    uint32_t dim, index;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    int order = memcmp(x->codeword, y->codeword, x->dim * sizeof *x->codeword);
    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static bool note_duplicates(const struct codebook_file *codebook, size_t which, const char *path,
                            const struct format_notes *notes, struct failure *failure)
{
    const float *codeword = codebook->codeword + which * codebook->n_code * codebook->dim;
    struct ranked *rank = malloc(codebook->n_code * sizeof *rank);
    if (!rank) return fail_memory(failure);
    for (uint32_t k = 0; k < codebook->n_code; k++)
        rank[k] = (struct ranked){codeword + (size_t)k * codebook->dim, codebook->dim, k};
    qsort(rank, codebook->n_code, sizeof *rank, by_value);
    for (uint32_t k = 1; k < codebook->n_code; k++) {
        if (memcmp(rank[k - 1].codeword, rank[k].codeword, codebook->dim * sizeof(float)) != 0)
            continue;
        format_note(notes, "%s: codewords %u and %u are equal; only the lower one will be "
                           "used", path,
                    rank[k - 1].index, rank[k].index);
        break;
    }
    free(rank);
    return true;
}

bool codebook_file_read(struct codebook_file *codebook, const char *path, uint32_t dim,
                        bool transpose, const struct format_notes *notes,
                        struct failure *failure)
{
    const char *reason = "";
    *codebook = (struct codebook_file){0};
    enum content content = content_of(path, &reason);
    if (content == CONTENT_REFUSED)
        return fail(failure, EXIT_INPUT, "%s: byte 0: %s", path, reason);
    bool ok = content == CONTENT_NPY ? read_npy(codebook, path, failure)
                                     : km_bin_read(codebook, path, failure);
    ok = ok && (!transpose || turn(codebook, failure));
    if (ok && dim != 0 && codebook->dim != dim)
        ok = fail(failure, EXIT_INPUT, "%s: %u codewords of %u dimensions, expected %u%s", path,
                  codebook->n_code, codebook->dim, dim,
                  codebook->n_code == dim ? "; add --transpose" : "");
    for (size_t c = 0; ok && c < codebook->n_codebook; c++)
        ok = note_duplicates(codebook, c, path, notes, failure);
    if (!ok) {
        codebook_file_free(codebook);
        return false;
    }
    if (codebook->from_double)
        format_note(notes, "%s: rounded from float64 to float32; ids may differ near ties", path);
    return true;
}
