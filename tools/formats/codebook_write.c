/* SPDX-License-Identifier: MIT */
#include "tools/base/number.h"
#include "tools/base/output_file.h"
#include "tools/formats/codebook_file.h"
#include "tools/formats/npy_header.h"

#include <stdlib.h>
#include <string.h>

bool codebook_write_npy(const char *path, const float *codeword, const struct unit_facts *facts,
                        uint32_t dim, struct failure *failure)
{
    struct output_file *output;
    if (!output_file_open_binary(&output, path, failure)) return false;
    FILE *file = output_file_stream(output);
    char header[NPY_HEADER_SIZE];
    npy_make_codebook_header(header, "<f4", facts->n_codebook, facts->n_code, dim);
    fwrite(header, 1, sizeof header, file);
    for (size_t i = 0; i < (size_t)facts->n_codebook * facts->n_code * dim; i++) {
        uint32_t bits;
        unsigned char bytes[4];
        memcpy(&bits, &codeword[i], sizeof bits);
        put_u32le(bytes, bits);
        fwrite(bytes, 1, sizeof bytes, file);
    }
    return output_file_commit(output, failure);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Keywords of C11 and C++17: the header must be valid in both. */
static bool is_keyword(const char *word)
{
    static const char *const keyword[] = {
        "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break",
        "case", "catch", "char", "char16_t", "char32_t", "class", "compl", "const", "const_cast",
        "constexpr", "continue", "decltype", "default", "delete", "do", "double", "dynamic_cast",
        "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
        "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq",
        "nullptr", "operator", "or", "or_eq", "private", "protected", "public", "register",
        "reinterpret_cast", "restrict", "return", "short", "signed", "sizeof", "static",
        "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
        "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using",
        "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq"};
    for (size_t i = 0; i < sizeof keyword / sizeof *keyword; i++)
        if (strcmp(word, keyword[i]) == 0) return true;
    return false;
}

static bool check_symbol(const char *symbol, struct failure *failure)
{
    bool ok = is_letter(symbol[0]) && !is_keyword(symbol);
    for (const char *c = symbol; *c && ok; c++) ok = is_letter(*c) || (*c >= '0' && *c <= '9');
    return ok || fail(failure, EXIT_USAGE,
                      "--symbol '%s' is not a C identifier; use letters, digits and _", symbol);
}

/* Writes a float constant: "1.0f", "0.5f", "1e+10f". */
static void put_float(FILE *file, float value)
{
    char text[32];
    format_float(text, value);
    fprintf(file, "%s%sf", text, strpbrk(text, ".e") ? "" : ".0");
}

static void put_codewords(FILE *file, const float *codeword, uint32_t n_code, uint32_t dim)
{
    for (size_t k = 0; k < n_code; k++) {
        fputs(" ", file);
        for (size_t d = 0; d < dim; d++) {
            fputs(" ", file);
            put_float(file, codeword[k * dim + d]);
            fputs(",", file);
        }
        fputs("\n", file);
    }
}

static void put_header(FILE *file, const char *symbol, const char *upper, const float *codeword,
                       const struct unit_facts *facts, uint32_t dim)
{
    fprintf(file, "/* voq codebook: K=%u dim=%u", facts->n_code, dim);
    if (facts->n_codebook > 1) fprintf(file, " codebooks=%u", facts->n_codebook);
    if (facts->model_hash[0]) fprintf(file, " model=%s", facts->model_hash);
    if (facts->hop_samples) fprintf(file, " hop=%u rate=%u", facts->hop_samples, facts->rate_hz);
    fprintf(file, " */\n#ifndef %s_H\n#define %s_H\n", upper, upper);
    fprintf(file, "#define %s_K %u\n#define %s_DIM %u\n", upper, facts->n_code, upper, dim);
    uint32_t n = facts->n_codebook;
    if (n > 1) fprintf(file, "#define %s_N %u\n", upper, n);
    fprintf(file, "static const float %s", symbol);
    if (n > 1) fprintf(file, "[%s_N]", upper);
    fprintf(file, "[%s_K * %s_DIM] = {\n", upper, upper);
    for (uint32_t i = 0; i < n; i++) {
        if (n > 1) fputs(" {\n", file);
        put_codewords(file, codeword + (size_t)i * facts->n_code * dim, facts->n_code, dim);
        if (n > 1) fputs(" },\n", file);
    }
    fputs("};\n#endif\n", file);
}

bool codebook_write_c(const char *path, const char *symbol, const float *codeword,
                      const struct unit_facts *facts, uint32_t dim, struct failure *failure)
{
    struct output_file *output;
    if (!check_symbol(symbol, failure)) return false;
    char *upper = strdup(symbol);
    if (!upper) return fail_memory(failure);
    for (char *c = upper; *c; c++)
        if (*c >= 'a' && *c <= 'z') *c = (char)(*c - 'a' + 'A');
    bool ok = output_file_open(&output, path, failure);
    if (ok) {
        put_header(output_file_stream(output), symbol, upper, codeword, facts, dim);
        ok = output_file_commit(output, failure);
    }
    free(upper);
    return ok;
}
