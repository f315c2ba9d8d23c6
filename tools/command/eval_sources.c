/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_sources.h"

#include "tools/command/eval_fit.h"
#include "tools/base/growing.h"
#include "tools/eval/unit_source.h"

#include <stdlib.h>

static void say_note(void *context, const char *text)
{
    messages_note(context, "%s", text);
}

static bool read_unit_file(struct eval_sources *s, const struct eval_options *options,
                           const char *path, struct unit_set *units, struct failure *failure)
{
    struct unit_reader_options reader = {
        .facts = {.n_code = options->codes, .hop_samples = options->hop, .rate_hz = options->rate},
        .notes = {say_note, s->messages}};
    struct unit_source_guess guess;
    if (options->format && !unit_format_find(options->format, &reader.format, failure))
        return false;
    if (!unit_source_read(units, path, &reader, &guess, failure)) return false;
    if (guess.hop || guess.rate)
        messages_note(s->messages,
                      "%s does not state the length of a unit; assuming %u samples at %u Hz "
                      "(--hop, --rate)", path, units->hop_samples, units->rate_hz);
    if (guess.codes)
        messages_note(s->messages,
                      "%s does not state the number of codes; assuming %u (--codes)", path,
                      units->n_code);
    return true;
}

/* Phones and items that the options do not name are taken from the folder of the corpus. */
static bool find_names(struct eval_sources *s, const struct eval_options *options,
                       struct failure *failure)
{
    s->phones_name = options->phones;
    s->items_name = options->items;
    if (options->units) return true;
    const char *corpus = s->operands.operand[s->operands.n_model];
    if (!corpus_root_find(&s->root, corpus, failure)) return false;
    if (!s->phones_name) s->phones_name = s->root.phones;
    if (!s->phones_name)
        messages_note(s->messages,
                      "%s: has no phones.ctm, so only the use of units is measured "
                      "(--phones)", corpus);
    if (!s->items_name) {
        s->items_name = s->root.items;
        if (s->root.n_items > 1)
            messages_note(s->messages, "there are %zu .item files; using %s (--items)",
                          s->root.n_items, s->root.items);
    }
    return true;
}

static bool guard_files(struct eval_sources *s, const struct eval_options *options,
                        struct failure *failure)
{
    const char *const found[] = {s->root.phones, s->root.items};
    if (!option_guard_options(&s->guard, &eval_option_table, options, failure)) return false;
    for (size_t i = 0; i < sizeof found / sizeof *found; i++)
        if (found[i] && !option_guard_reads(&s->guard, found[i], failure)) return false;
    return (options->units || eval_corpus_open(s, options, failure)) &&
           option_guard_check(&s->guard, failure);
}

/* Vectors have a time only if the options state it; without it phones and items cannot be used. */
static bool settle_time(struct eval_sources *s, const struct eval_options *options,
                        struct failure *failure)
{
    if (!s->has_vectors || (options->hop && options->rate)) return true;
    if (options->hop || options->rate)
        return fail(failure, EXIT_USAGE,
                    "--hop and --rate state the time of vectors only together; give both");
    if (options->phones || options->items)
        return fail(failure, EXIT_USAGE,
                    "vectors have no time, so phones and items cannot be matched; add --hop and "
                    "--rate");
    if (s->phones_name || s->items_name)
        messages_note(s->messages,
                      "vectors have no time, so phones and items are ignored (--hop, --rate)");
    s->phones_name = s->items_name = NULL;
    return true;
}

static bool read_alignment(struct eval_sources *s, const struct eval_options *options,
                           struct failure *failure)
{
    if (s->phones_name && !alignment_read(&s->phones, s->phones_name, options->tier, failure))
        return false;
    if (!s->items_name) return true;
    s->has_items = item_list_read(&s->items, s->items_name, failure);
    return s->has_items;
}

static bool make_subjects(struct eval_sources *s, const struct eval_options *options,
                          struct failure *failure)
{
    s->n_subject = options->units ? 1 : s->operands.n_model;
    s->name = zeroed(s->n_subject, sizeof *s->name, failure);
    s->units = zeroed(s->n_subject, sizeof *s->units, failure);
    s->features = zeroed(s->n_subject, sizeof *s->features, failure);
    if (!s->name || !s->units || !s->features) return false;
    if (!options->units) return eval_models_open(s, options, failure);
    s->name[0] = options->units;
    return true;
}

static bool check_fit(const struct eval_sources *s, const struct eval_options *options,
                      struct failure *failure)
{
    const struct eval_facts facts = {.n_model = options->units ? 0 : s->operands.n_model,
                                     .has_phones = s->phones_name, .has_items = s->items_name,
                                     .has_vectors = s->has_vectors};
    return eval_fit(options, &facts, failure);
}

static bool read_units(struct eval_sources *s, const struct eval_options *options,
                       struct failure *failure)
{
    if (!options->units) return eval_corpus_encode(s, options, failure);
    if (!read_unit_file(s, options, options->units, &s->units[0], failure)) return false;
    return !options->speakers || unit_set_read_speakers(&s->units[0], options->speakers, failure);
}

bool eval_sources_read(struct eval_sources *s, struct eval_options *options, char **operand,
                       size_t n_operand, struct failure *failure)
{
    if (options->units && n_operand)
        return fail(failure, EXIT_USAGE, "--units replaces MODEL CORPUS; give one of the two");
    if (!options->units && !eval_operands_sort(&s->operands, options->command, operand,
                                               n_operand, failure))
        return false;
    return make_subjects(s, options, failure) && find_names(s, options, failure) &&
           guard_files(s, options, failure) && settle_time(s, options, failure) &&
           check_fit(s, options, failure) && read_alignment(s, options, failure) &&
           read_units(s, options, failure) &&
           (!options->features ||
            feature_set_read(&s->features[0], options->features, failure)) &&
           (!options->changed ||
            read_unit_file(s, options, options->changed, &s->changed, failure));
}

void eval_sources_clear(struct eval_sources *s)
{
    for (size_t i = 0; s->units && s->features && i < s->n_subject; i++) {
        unit_set_clear(&s->units[i]);
        feature_set_clear(&s->features[i]);
    }
    unit_set_clear(&s->changed);
    alignment_free(s->phones);
    item_list_clear(&s->items);
    corpus_root_clear(&s->root);
    eval_corpus_close(s);
    option_guard_free(&s->guard);
    free(s->name);
    free(s->units);
    free(s->features);
}
