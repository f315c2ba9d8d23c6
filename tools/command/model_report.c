/* SPDX-License-Identifier: MIT */
#include "tools/command/model_report.h"

#include "tools/base/json_writer.h"
#include "tools/base/number.h"
#include "tools/base/utf8.h"
#include "tools/command/encoder_report.h"
#include "tools/learn/decoder_section.h"

#include <inttypes.h>
#include <string.h>

static const char *const normalise_name[] = {"none", "running mean", "running mean and variance",
                                             "global", "mean of the utterance",
                                             "running mean, then a scale"};

/* The facts about a model, collected once for both reports. */
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

/* The text is untrusted: escape sequences in it must not reach the terminal. */
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
    if (normalise->kind != VOQ_NORMALISE_GLOBAL &&
        normalise->kind != VOQ_NORMALISE_UTTERANCE_MEAN)
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

static void write_labels(FILE *file, const voq_parts *parts)
{
    if (!parts->label) return;
    const char *const *label = parts->label;
    uint32_t n_named = 0;
    for (uint32_t i = 0; i < parts->n_code; i++) n_named += label[i][0] != 0;
    fprintf(file, "%-12sof %" PRIu32 " codewords, shown by voq encode --labels\n",
            "labels", n_named);
}

static void write_decoder(FILE *file, const voq_model *model)
{
    size_t n_byte;
    if (voq_model_section(model, DECODER_SECTION, &n_byte))
        fprintf(file, "%-12s%zu bytes, for voq decode --features\n", "decoder", n_byte);
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
    encoder_report_text(file, facts.parts.encoder, info);
    fprintf(file, "%-12s%" PRIu32 " dimensions\n", "features", info->dim);
    if (info->n_codebook == 1)
        fprintf(file, "%-12s%" PRIu32 " codewords\n", "codebook", info->n_code);
    else if (info->n_codebook > 1)
        fprintf(file, "%-12s%" PRIu32 " residual, of %" PRIu32 " codewords each\n", "codebooks",
                info->n_codebook, info->n_code);
    else
        fprintf(file, "%-12snone: features only\n", "codebook");
    write_labels(file, &facts.parts);
    write_decoder(file, model);
    fprintf(file, "%-12s%s\n", "variant", info->cpu);
    write_lines(file, "front end", facts.frontend);
    write_lines(file, "provenance", info->provenance);
    return true;
}

/* ---- JSON ---------------------------------------------------------------------------------- */

static void json_floats(struct json_writer *json, const char *key, const float *value, size_t n)
{
    if (!value) {
        json_null(json, key);
        return;
    }
    json_open(json, key, '[');
    for (size_t i = 0; i < n; i++) json_float(json, NULL, value[i]);
    json_close(json, ']');
}

/* [n_row][n_column] */
static void json_rows(struct json_writer *json, const char *key, const float *value, size_t n_row,
                      size_t n_column)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < n_row; i++) json_floats(json, NULL, value + i * n_column, n_column);
    json_close(json, ']');
}

/* "key=value\n" lines as an object of strings. */
static void json_settings(struct json_writer *json, const char *key, const char *lines)
{
    char name[128], value[1024];
    json_open(json, key, '{');
    while (lines && *lines) {
        size_t n = strcspn(lines, "\n"), n_name = strcspn(lines, "=\n");
        size_t n_value = n > n_name ? n - n_name - 1 : 0;
        snprintf(name, sizeof name, "%.*s", (int)n_name, lines);
        snprintf(value, sizeof value, "%.*s", (int)n_value, n_value ? lines + n_name + 1 : "");
        json_text(json, name, value);
        lines += n + (lines[n] == '\n');
    }
    json_close(json, '}');
}

static void json_normalise(struct json_writer *json, const voq_normalise *normalise)
{
    if (!normalise) {
        json_null(json, "normalise");
        return;
    }
    json_open(json, "normalise", '{');
    json_text(json, "kind", normalise_name[normalise->kind]);
    json_count(json, "n0", normalise->n0);
    json_count(json, "n_max", normalise->n_max);
    json_float(json, "floor", normalise->floor);
    json_floats(json, "mean", normalise->mean, normalise->dim);
    json_floats(json, "variance", normalise->variance, normalise->dim);
    json_floats(json, "scale", normalise->scale, normalise->dim);
    json_close(json, '}');
}

static void json_transform(struct json_writer *json, const voq_transform *transform)
{
    if (!transform) {
        json_null(json, "transform");
        return;
    }
    size_t n_column = (size_t)(transform->stack_left + 1 + transform->stack_right) *
                      transform->in_dim;
    json_open(json, "transform", '{');
    json_count(json, "stack_left", transform->stack_left);
    json_count(json, "stack_right", transform->stack_right);
    json_count(json, "in_dim", transform->in_dim);
    json_count(json, "out_dim", transform->out_dim);
    if (transform->matrix)
        json_rows(json, "matrix", transform->matrix, transform->out_dim, n_column);
    else
        json_null(json, "matrix");
    json_floats(json, "bias", transform->bias, transform->out_dim);
    json_close(json, '}');
}

static void json_labels(struct json_writer *json, const voq_parts *parts)
{
    if (!parts->label) {
        json_null(json, "labels");
        return;
    }
    json_open(json, "labels", '[');
    for (uint32_t i = 0; i < parts->n_code; i++) {
        json_open(json, NULL, '{');
        json_text(json, "label", parts->label[i]);
        json_float(json, "probability", parts->label_probability[i]);
        json_close(json, '}');
    }
    json_close(json, ']');
}

bool model_report_json(const voq_model *model, const char *path, FILE *file,
                       struct failure *failure)
{
    struct facts facts;
    struct json_writer json = {.file = file, .layout = JSON_COMPACT};
    if (!gather(model, &facts, failure)) return false;
    const voq_info *info = &facts.info;
    json_open(&json, NULL, '{');
    json_text(&json, "name", info->name);
    json_text(&json, "file", path);
    json_text(&json, "hash", info->hash);
    json_count(&json, "bytes", facts.n_byte);
    json_text(&json, "cpu", info->cpu);
    json_count(&json, "rate", info->rate_hz);
    json_count(&json, "hop", info->hop_samples);
    json_count(&json, "window", info->window_samples);
    json_count(&json, "look_ahead", info->look_ahead_samples);
    json_count(&json, "look_ahead_frames", info->look_ahead_frames);
    json_count(&json, "frontend_dim", info->frontend_dim);
    json_count(&json, "dim", info->dim);
    json_count(&json, "codebooks", info->n_codebook);
    json_count(&json, "codes", info->n_code);
    json_settings(&json, "frontend", facts.frontend);
    json_normalise(&json, facts.parts.normalise);
    json_transform(&json, facts.parts.transform);
    encoder_report_json(&json, facts.parts.encoder, info);
    json_labels(&json, &facts.parts);
    size_t n_decoder = 0;
    (void)voq_model_section(model, DECODER_SECTION, &n_decoder);
    json_count(&json, "decoder_bytes", n_decoder);
    json_settings(&json, "provenance", info->provenance);
    json_open(&json, "codewords", '[');
    for (uint32_t c = 0; c < info->n_codebook; c++)
        json_rows(&json, NULL, facts.parts.codeword + (size_t)c * info->n_code * info->dim,
                  info->n_code, info->dim);
    json_close(&json, ']');
    json_close(&json, '}');
    return true;
}
