/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_sources.h"

#include "tools/eval/unit_source.h"

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
                      "%s does not say how long a unit is: taken as %u samples at %u Hz (--hop, "
                      "--rate)", path, units->hop_samples, units->rate_hz);
    if (guess.codes)
        messages_note(s->messages,
                      "%s does not say how many codes there are: taken as %u (--codes)", path,
                      units->n_code);
    return true;
}

static bool read_units(struct eval_sources *s, const struct eval_options *options,
                       struct failure *failure)
{
    s->units_name = options->units;
    if (!read_unit_file(s, options, options->units, &s->units, failure)) return false;
    return !options->speakers || unit_set_read_speakers(&s->units, options->speakers, failure);
}

/* What the options do not name is taken from the corpus' folder. */
static bool find_names(struct eval_sources *s, const struct eval_options *options, char **operand,
                       size_t n_operand, struct failure *failure)
{
    s->phones_name = options->phones;
    s->items_name = options->items;
    if (n_operand < 2) return true;
    if (!corpus_root_find(&s->root, operand[1], failure)) return false;
    if (!s->phones_name) s->phones_name = s->root.phones;
    if (!s->phones_name)
        messages_note(s->messages, "%s: no phones.ctm there, so only the use of units is measured "
                      "(--phones)", operand[1]);
    if (!s->items_name) {
        s->items_name = s->root.items;
        if (s->root.n_items > 1)
            messages_note(s->messages, "%zu .item files there; %s is taken (--items)",
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
    return option_guard_check(&s->guard, failure);
}

bool eval_sources_read(struct eval_sources *s, const struct eval_options *options, char **operand,
                       size_t n_operand, struct failure *failure)
{
    if (!find_names(s, options, operand, n_operand, failure) ||
        !guard_files(s, options, failure))
        return false;
    if (s->phones_name && !alignment_read(&s->phones, s->phones_name, options->tier, failure))
        return false;
    if (s->items_name) {
        if (!item_list_read(&s->items, s->items_name, failure)) return false;
        s->has_items = true;
    }
    if (options->units ? !read_units(s, options, failure)
                       : !eval_corpus_encode(s, options, operand, n_operand, failure))
        return false;
    if (options->features && !feature_set_read(&s->features, options->features, failure))
        return false;
    return !options->changed ||
           read_unit_file(s, options, options->changed, &s->changed, failure);
}

void eval_sources_clear(struct eval_sources *s)
{
    unit_set_clear(&s->units);
    unit_set_clear(&s->changed);
    alignment_free(s->phones);
    item_list_clear(&s->items);
    feature_set_clear(&s->features);
    corpus_root_clear(&s->root);
    eval_corpus_close(s);
    option_guard_free(&s->guard);
}
