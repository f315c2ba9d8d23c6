/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_frontend.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_TEXT = 2048 };

bool option_frontend_profile(const char *profile, voq_frontend *frontend, struct failure *failure)
{
    char names[256] = "";
    size_t n = 0;
    *frontend = (voq_frontend){.struct_size = sizeof *frontend};
    if (voq_frontend_profile(profile, frontend) == VOQ_OK) return true;
    for (size_t i = 0; voq_frontend_profile_name(i) && n < sizeof names; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "%s%s", i ? ", " : "",
                              voq_frontend_profile_name(i));
    return fail(failure, EXIT_USAGE, "--profile %s: expected one of %s", profile, names);
}

static bool set_one(const char *setting, voq_frontend *frontend, struct failure *failure)
{
    char key[64];
    const char *equals = strchr(setting, '=');
    if (!equals || (size_t)(equals - setting) >= sizeof key)
        return fail(failure, EXIT_USAGE, "--set %s: expected KEY=VALUE", setting);
    memcpy(key, setting, (size_t)(equals - setting));
    key[equals - setting] = 0;
    for (char *c = key; *c; c++)
        if (*c == '-') *c = '_'; /* Kaldi's own options have hyphens */
    voq_error error = {.struct_size = sizeof error};
    if (voq_frontend_set(frontend, key, equals + 1, &error) == VOQ_OK) return true;
    return fail(failure, EXIT_USAGE, "--set %s: %s", setting, error.text);
}

/* The value of the line "key=value" in the text of a front end; NULL: no such key. */
static const char *value_of(const char *text, const char *key, size_t n_key, size_t *n_value)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        if (strncmp(line, key, n_key) != 0 || line[n_key] != '=') continue;
        *n_value = strcspn(line + n_key + 1, "\n");
        return line + n_key + 1;
    }
    return NULL;
}

/* Whether the setting alone changes this field, which has another name in Kaldi or librosa. */
static bool changes_field(const char *setting, const voq_frontend *before, const char *field,
                          size_t n_field)
{
    char old[MOST_TEXT], new[MOST_TEXT];
    size_t n, n_old = 0, n_new = 0;
    voq_frontend after = *before;
    struct failure ignored;
    if (!set_one(setting, &after, &ignored) ||
        voq_frontend_text(before, old, sizeof old, &n) != VOQ_OK ||
        voq_frontend_text(&after, new, sizeof new, &n) != VOQ_OK)
        return false;
    const char *a = value_of(old, field, n_field, &n_old);
    const char *b = value_of(new, field, n_field, &n_new);
    return a && b && (n_old != n_new || memcmp(a, b, n_old) != 0);
}

static const char *setting_of(const struct option_texts *set, const voq_frontend *before,
                              const char *field, size_t n_field)
{
    for (size_t i = set->n; i-- > 0;)
        if (changes_field(set->text[i], before, field, n_field)) return set->text[i];
    return NULL;
}

/* Returns the name of a field in the tool of the profile; NULL if it has none of its own. */
static const char *name_in_tool(const voq_frontend *profile, const char *field, size_t n_field)
{
    static const struct {
        const char *field, *kaldi, *librosa;
    } name[] = {{"n_mel", "num_mel_bins", "n_mels"},
                {"n_cepstrum", "num_ceps", "n_mfcc"},
                {"low_hz", "low_freq", "fmin"},
                {"high_hz", "high_freq", "fmax"},
                {"lifter", "cepstral_lifter", "lifter"}};
    bool is_librosa = profile->mel_scale == VOQ_MEL_SLANEY;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (strlen(name[i].field) == n_field && memcmp(name[i].field, field, n_field) == 0)
            return is_librosa ? name[i].librosa : name[i].kaldi;
    return NULL;
}

/* Rewrites the library's message about fields with the names that the user gave; the other fields
   get the names of the profile's tool and their values. */
static bool fail_together(const struct option_texts *set, const voq_frontend *before,
                          const voq_frontend *frontend, const char *sentence,
                          struct failure *failure)
{
    char text[MOST_TEXT], told[1024] = "";
    const char *culprit = NULL, *colon = strstr(sentence, ": ");
    size_t n, used = 0;
    if (strncmp(sentence, "section ", 8) == 0 && colon) sentence = colon + 2;
    if (voq_frontend_text(frontend, text, sizeof text, &n) != VOQ_OK) text[0] = 0;
    for (const char *word = sentence; *word && used + 128 < sizeof told; word += n) {
        size_t n_value = 0;
        for (n = 0; isalnum((unsigned char)word[n]) || word[n] == '_';) n++;
        const char *value = n > 0 ? value_of(text, word, n, &n_value) : NULL;
        const char *setting = value ? setting_of(set, before, word, n) : NULL;
        if (n == 0) n = 1;
        if (setting) {
            culprit = setting;
            used += (size_t)snprintf(told + used, sizeof told - used, "%.*s",
                                     (int)strcspn(setting, "="), setting);
        } else {
            const char *name = value ? name_in_tool(before, word, n) : NULL;
            used += (size_t)snprintf(told + used, sizeof told - used, "%.*s",
                                     name ? (int)strlen(name) : (int)n, name ? name : word);
            if (value)
                used += (size_t)snprintf(told + used, sizeof told - used, " (%.*s)", (int)n_value,
                                         value);
        }
    }
    if (culprit) return fail(failure, EXIT_USAGE, "--set %s: %s", culprit, told);
    return fail(failure, EXIT_USAGE, "--profile: %s", told);
}

bool option_frontend_set(const struct option_texts *set, voq_frontend *frontend,
                         struct failure *failure)
{
    const voq_frontend before = *frontend;
    for (size_t i = 0; i < set->n; i++)
        if (!set_one(set->text[i], frontend, failure)) return false;

    const voq_parts parts = {.struct_size = sizeof parts, .frontend = frontend};
    voq_error error = {.struct_size = sizeof error};
    voq_model *model;
    voq_status status = voq_model_make(&parts, NULL, &model, &error);
    if (status == VOQ_ERROR_MEMORY) return fail_memory(failure);
    if (status != VOQ_OK)
        return fail_together(set, &before, frontend,
                             error.text[0] ? error.text : voq_status_string(status), failure);
    voq_model_close(model);
    return true;
}
