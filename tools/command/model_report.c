/* SPDX-License-Identifier: MIT */
#include "tools/command/model_report.h"

#include "tools/base/json.h"
#include "tools/base/number.h"
#include "tools/base/utf8.h"

#include <inttypes.h>
#include <string.h>

static const char *const normalise_name[] = {"none", "running mean", "running mean and variance",
                                             "global", "mean of the utterance"};

/* All that is known of a model, gathered once for both reports. */
struct facts {
    voq_info info;
    voq_parts parts;
    char frontend[4096]; /* "key=value\n" lines */
    size_t n_byte;
};

static bool gather(const voq_model *model, struct facts *facts, struct failure *failure)
{
    const void *bytes;
    *facts = (struct facts){.info.struct_size = sizeof facts->info,
                            .parts.struct_size = sizeof facts->parts};
    voq_status status = voq_model_describe(model, &facts->info);
    if (status == VOQ_OK) status = voq_model_parts(model, &facts->parts);
    if (status == VOQ_OK && facts->parts.frontend) {
        size_t n;
        status = voq_frontend_text(facts->parts.frontend, facts->frontend, sizeof facts->frontend,
                                   &n);
    }
    voq_model_bytes(model, &bytes, &facts->n_byte);
    return status == VOQ_OK ? true
                            : fail(failure, EXIT_INTERNAL, "%s", voq_status_string(status));
}

/* ---- text ---------------------------------------------------------------------------------- */

/* "160 samples (10 ms)" */
static void write_duration(FILE *file, const char *what, uint32_t samples, uint32_t rate_hz)
{
    uint64_t us = ((uint64_t)samples * 1000000 + rate_hz / 2) / rate_hz;
    char ms[32];
    format_double(ms, (double)us / 1000);
    fprintf(file, "%-12s%" PRIu32 " samples (%s ms)\n", what, samples, ms);
}

/* A text from outside: nothing in it reaches the terminal as a command. */
static void write_text(FILE *file, const char *what, const char *text)
{
    fprintf(file, "%-12s", what);
    utf8_write_harmless(file, text, strlen(text));
    fputc('\n', file);
}

static void write_lines(FILE *file, const char *heading, const char *lines)
{
    if (!lines || !lines[0]) return;
    fprintf(file, "\n%s\n", heading);
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        fputs("  ", file);
        utf8_write_harmless(file, lines, n);
        fputc('\n', file);
        lines += n + (lines[n] == '\n');
    }
}

static void write_normalise(FILE *file, const voq_normalise *normalise)
{
    if (!normalise) return;
    char floor[32];
    format_float(floor, normalise->floor);
    fprintf(file, "%-12s%s, %" PRIu32 " dimensions", "normalise", normalise_name[normalise->kind],
            normalise->dim);
    if (normalise->kind <= VOQ_NORMALISE_RUNNING_VARIANCE)
        fprintf(file, ", n0 %" PRIu32 ", at most %" PRIu32 " frames", normalise->n0,
                normalise->n_max);
    if (normalise->variance) fprintf(file, ", floor %s", floor);
    fputc('\n', file);
}

static void write_transform(FILE *file, const voq_transform *transform)
{
    if (!transform) return;
    fprintf(file, "%-12sframes -%" PRIu32 " to +%" PRIu32 " of %" PRIu32, "transform",
            transform->stack_left, transform->stack_right, transform->in_dim);
    fprintf(file, " dimensions, %s to %" PRIu32 "\n", transform->matrix ? "mapped" : "stacked",
            transform->out_dim);
}

bool model_report_text(const voq_model *model, const char *path, FILE *file,
                       struct failure *failure)
{
    struct facts facts;
    if (!gather(model, &facts, failure)) return false;
    const voq_info *info = &facts.info;
    write_text(file, "name", info->name);
    write_text(file, "file", path);
    fprintf(file, "%-12s%zu bytes\n%-12s%s\n", "size", facts.n_byte, "hash", info->hash);
    if (info->rate_hz) {
        fprintf(file, "%-12s%" PRIu32 " Hz\n", "rate", info->rate_hz);
        write_duration(file, "hop", info->hop_samples, info->rate_hz);
        write_duration(file, "window", info->window_samples, info->rate_hz);
        write_duration(file, "look-ahead", info->look_ahead_samples, info->rate_hz);
    } else {
        fprintf(file, "%-12svectors, no audio\n", "input");
    }
    write_normalise(file, facts.parts.normalise);
    write_transform(file, facts.parts.transform);
    fprintf(file, "%-12s%" PRIu32 " dimensions\n", "features", info->dim);
    if (info->n_codebook == 1)
        fprintf(file, "%-12s%" PRIu32 " codewords\n", "codebook", info->n_code);
    else if (info->n_codebook > 1)
        fprintf(file, "%-12s%" PRIu32 " residual, of %" PRIu32 " codewords each\n", "codebooks",
                info->n_codebook, info->n_code);
    else
        fprintf(file, "%-12snone: features only\n", "codebook");
    fprintf(file, "%-12s%s\n", "variant", info->cpu);
    write_lines(file, "front end", facts.frontend);
    write_lines(file, "provenance", info->provenance);
    return true;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static void json_key(FILE *file, const char *key)
{
    fprintf(file, ",\"%s\":", key);
}

static void json_number(FILE *file, const char *key, uint64_t value)
{
    fprintf(file, ",\"%s\":%" PRIu64, key, value);
}

static void json_text(FILE *file, const char *key, const char *value)
{
    json_key(file, key);
    json_write_string(file, value);
}

/* [n], or null. */
static void json_floats(FILE *file, const float *value, size_t n)
{
    char text[32];
    if (!value) {
        fputs("null", file);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        format_float(text, value[i]);
        fprintf(file, "%c%s", i ? ',' : '[', text);
    }
    fputs(n ? "]" : "[]", file);
}

/* [n_row][n_column] */
static void json_rows(FILE *file, const float *value, size_t n_row, size_t n_column)
{
    for (size_t i = 0; i < n_row; i++) {
        fputc(i ? ',' : '[', file);
        json_floats(file, value + i * n_column, n_column);
    }
    fputs(n_row ? "]" : "[]", file);
}

/* "key=value\n" lines as an object of strings. */
static void json_settings(FILE *file, const char *lines)
{
    char key[128], value[1024];
    fputc('{', file);
    for (bool first = true; lines && *lines; first = false) {
        size_t n = strcspn(lines, "\n"), n_key = strcspn(lines, "=\n");
        size_t n_value = n > n_key ? n - n_key - 1 : 0;
        snprintf(key, sizeof key, "%.*s", (int)n_key, lines);
        snprintf(value, sizeof value, "%.*s", (int)n_value, n_value ? lines + n_key + 1 : "");
        if (!first) fputc(',', file);
        json_write_string(file, key);
        fputc(':', file);
        json_write_string(file, value);
        lines += n + (lines[n] == '\n');
    }
    fputc('}', file);
}

static void json_normalise(FILE *file, const voq_normalise *normalise)
{
    char floor[32];
    json_key(file, "normalise");
    if (!normalise) {
        fputs("null", file);
        return;
    }
    format_float(floor, normalise->floor);
    fputs("{\"kind\":", file);
    json_write_string(file, normalise_name[normalise->kind]);
    json_number(file, "n0", normalise->n0);
    json_number(file, "n_max", normalise->n_max);
    fprintf(file, ",\"floor\":%s,\"mean\":", floor);
    json_floats(file, normalise->mean, normalise->dim);
    json_key(file, "variance");
    json_floats(file, normalise->variance, normalise->dim);
    fputc('}', file);
}

static void json_transform(FILE *file, const voq_transform *transform)
{
    json_key(file, "transform");
    if (!transform) {
        fputs("null", file);
        return;
    }
    size_t n_column = (size_t)(transform->stack_left + 1 + transform->stack_right) *
                      transform->in_dim;
    fprintf(file, "{\"stack_left\":%" PRIu32, transform->stack_left);
    json_number(file, "stack_right", transform->stack_right);
    json_number(file, "in_dim", transform->in_dim);
    json_number(file, "out_dim", transform->out_dim);
    json_key(file, "matrix");
    if (transform->matrix)
        json_rows(file, transform->matrix, transform->out_dim, n_column);
    else
        fputs("null", file);
    json_key(file, "bias");
    json_floats(file, transform->bias, transform->out_dim);
    fputc('}', file);
}

bool model_report_json(const voq_model *model, const char *path, FILE *file,
                       struct failure *failure)
{
    struct facts facts;
    if (!gather(model, &facts, failure)) return false;
    const voq_info *info = &facts.info;
    fputs("{\"name\":", file);
    json_write_string(file, info->name);
    json_text(file, "file", path);
    json_text(file, "hash", info->hash);
    json_number(file, "bytes", facts.n_byte);
    json_text(file, "cpu", info->cpu);
    json_number(file, "rate", info->rate_hz);
    json_number(file, "hop", info->hop_samples);
    json_number(file, "window", info->window_samples);
    json_number(file, "look_ahead", info->look_ahead_samples);
    json_number(file, "look_ahead_frames", info->look_ahead_frames);
    json_number(file, "frontend_dim", info->frontend_dim);
    json_number(file, "dim", info->dim);
    json_number(file, "codebooks", info->n_codebook);
    json_number(file, "codes", info->n_code);
    json_key(file, "frontend");
    json_settings(file, facts.frontend);
    json_normalise(file, facts.parts.normalise);
    json_transform(file, facts.parts.transform);
    json_key(file, "provenance");
    json_settings(file, info->provenance);
    json_key(file, "codewords");
    fputc('[', file);
    for (uint32_t c = 0; c < info->n_codebook; c++) {
        size_t n = (size_t)info->n_code * info->dim;
        if (c) fputc(',', file);
        json_rows(file, facts.parts.codeword + c * n, info->n_code, info->dim);
    }
    fputs("]}\n", file);
    return true;
}
