/* SPDX-License-Identifier: MIT */
#include "tests/parity/vectors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_file(const char *path, size_t *n_byte)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    char *bytes = NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0) bytes = malloc((size_t)size + 1);
    if (bytes && fread(bytes, 1, (size_t)size, file) != (size_t)size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    if (!bytes) return NULL;
    bytes[size] = 0;
    *n_byte = (size_t)size;
    return bytes;
}

static bool read_line(const char *line, struct vectors *v)
{
    struct signal_vectors *signal = &v->signal[v->n_signal];
    if (strncmp(line, "tool ", 5) == 0) return sscanf(line, "tool %31s", v->tool) == 1;
    if (strncmp(line, "profile ", 8) == 0) return sscanf(line, "profile %31s", v->profile) == 1;
    if (strncmp(line, "set ", 4) == 0 && v->n_setting < MAX_SETTINGS &&
        sscanf(line, "set %31[^=]=%31s", v->key[v->n_setting], v->text[v->n_setting]) == 2) {
        v->n_setting++;
        return true;
    }
    if (strncmp(line, "signal ", 7) == 0 && v->n_signal < MAX_SIGNALS &&
        sscanf(line, "signal %31s %zu %zu", signal->name, &signal->n_frame, &signal->dim) == 3) {
        v->n_signal++;
        return true;
    }
    return strcmp(line, "voq-parity 1") == 0;
}

static bool read_head(char *head, struct vectors *v)
{
    for (char *line = strtok(head, "\n"); line; line = strtok(NULL, "\n"))
        if (!read_line(line, v)) return false;
    return v->tool[0] && v->profile[0] && v->n_signal > 0;
}

/* Floats are stored little-endian, as on every machine these tests run on. */
static bool read_values(const char *at, const char *end, struct vectors *v)
{
    size_t n = 0;
    for (size_t i = 0; i < v->n_signal; i++) n += v->signal[i].n_frame * v->signal[i].dim;
    if ((size_t)(end - at) != n * sizeof(float)) return false;
    memmove(v->bytes, at, n * sizeof(float));
    const float *value = (const float *)(const void *)v->bytes;
    for (size_t i = 0; i < v->n_signal; i++) {
        v->signal[i].value = value;
        value += v->signal[i].n_frame * v->signal[i].dim;
    }
    return true;
}

bool vectors_read(const char *path, struct vectors *vectors)
{
    size_t n_byte;
    *vectors = (struct vectors){.bytes = read_file(path, &n_byte)};
    if (!vectors->bytes) return false;
    char *head_end = strstr(vectors->bytes, "\n\n");
    if (head_end) {
        *head_end = 0;
        if (read_head(vectors->bytes, vectors) &&
            read_values(head_end + 2, vectors->bytes + n_byte, vectors))
            return true;
    }
    vectors_free(vectors);
    return false;
}

void vectors_free(struct vectors *vectors)
{
    free(vectors->bytes);
    vectors->bytes = NULL;
}

const struct signal_vectors *vectors_find(const struct vectors *vectors, const char *signal)
{
    for (size_t i = 0; i < vectors->n_signal; i++)
        if (strcmp(vectors->signal[i].name, signal) == 0) return &vectors->signal[i];
    return NULL;
}

float *signal_read(const char *folder, const char *name, size_t *n)
{
    char path[1024];
    size_t n_byte;
    snprintf(path, sizeof path, "%s/audio/%s.s16", folder, name);
    char *bytes = read_file(path, &n_byte);
    if (!bytes) return NULL;
    *n = n_byte / 2;
    float *x = malloc((*n + 1) * sizeof *x);
    for (size_t i = 0; x && i < *n; i++) {
        int16_t sample;
        memcpy(&sample, bytes + 2 * i, 2);
        x[i] = (float)sample / 32768.0f;
    }
    free(bytes);
    return x;
}
