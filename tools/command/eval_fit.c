/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_fit.h"

#include "tools/cli/option_fit.h"

#include <string.h>

bool eval_fit(const struct eval_options *o, const struct eval_facts *f, struct failure *failure)
{
    static const char phones[] = "needs phones; add --phones";
    static const char items[] = "applies to ABX; add --items";
    static const char file[] = "applies to a file of --units or --changed; a model states the "
                               "value itself";
    static const char model[] = "applies to encoding; give MODEL CORPUS, not --units";
    static const char one[] = "needs exactly one model; leave out the others";
    static const char draws[] = "applies to phones and ABX; add --phones or --items";
    bool has_file = o->units || o->changed, has_model = f->n_model > 0;
    bool has_time = has_file || f->has_vectors, is_alone = f->n_model < 2;
    const struct option_rule rule[] = {
        {"features", f->has_items, items},
        {"features", is_alone, one},
        {"changed", is_alone, one},
        {"speakers", f->has_phones || f->has_items, draws},
        {"tier", f->has_phones, phones},
        {"from", has_file, file},
        {"hop", has_time, file},
        {"rate", has_time, file},
        {"codes", has_file, file},
        {"grid", f->has_phones, phones},
        {"upsample", o->grid, "needs --grid"},
        {"pad", o->grid, "needs --grid"},
        {"tolerance", f->has_phones, phones},
        {"distance", f->has_items, items},
        {"distance", has_model || o->features,
         "applies to features; add --features"},
        {"any-context", f->has_items, items},
        {"max-size", f->has_items, items},
        {"max-x", f->has_items, items},
        {"bootstrap", f->has_phones || f->has_items, draws},
        {"seed", f->has_phones || f->has_items, draws},
        {"seed", o->bootstrap, "applies to draws, but --bootstrap 0 disables them"},
        {"robustness", has_model, model},
        {"snr", o->robustness, "needs --robustness"},
        {"per-phone", f->has_phones, phones},
        {"per-unit", f->has_phones, phones},
        {"matrix", f->has_phones, phones},
        {"matrix", is_alone, one},
        {"cpu", has_model, model},
        {"strict", has_model, model},
    };
    return option_fit(&eval_option_table, o, rule, sizeof rule / sizeof *rule, failure);
}

static bool fit_merge(const struct eval_options *o, struct failure *failure)
{
    static const char *const own[] = {"json", "per-phone", "per-unit", "matrix", "output", "merge",
                                      "jobs", "quiet"};
    for (size_t i = 0; i < eval_option_table.n_row; i++) {
        bool is_own = eval_option_table.row[i].kind == OPTION_HEADING;
        for (size_t k = 0; k < sizeof own / sizeof *own && !is_own; k++)
            is_own = strcmp(eval_option_table.row[i].name, own[k]) == 0;
        const struct option_rule rule = {eval_option_table.row[i].name, false,
                                         "is stated by the shards that --merge reads; leave it "
                                         "out"};
        if (!is_own && !option_fit(&eval_option_table, o, &rule, 1, failure)) return false;
    }
    return true;
}

bool eval_fit_shards(const struct eval_options *o, struct failure *failure)
{
    static const char report[] = "applies to the report, which --merge prints; leave it out";
    static const char whole[] = "is not measured in shards; leave out --shard";
    const struct option_rule rule[] = {
        {"json", !o->shard, report},       {"per-phone", !o->shard, report},
        {"per-unit", !o->shard, report},   {"matrix", !o->shard, report},
        {"changed", !o->shard, whole},     {"robustness", !o->shard, whole},
    };
    if (o->merge) return fit_merge(o, failure);
    return option_fit(&eval_option_table, o, rule, sizeof rule / sizeof *rule, failure);
}
