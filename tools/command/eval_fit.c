/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_fit.h"

#define STATED(value) ((value) != EVAL_NOT_STATED)

struct rule {
    bool is_given;
    const char *option;
    bool fits;
    const char *why; /* and what to do */
};

bool eval_fit(const struct eval_options *o, const struct eval_facts *f, struct failure *failure)
{
    static const char phones[] = "is about phones; give --phones";
    static const char items[] = "is about ABX; give --items";
    static const char file[] = "describes a file of --units or --changed; a model states it itself";
    static const char model[] = "is for encoding; give MODEL CORPUS, not --units";
    static const char one[] = "goes with one model; leave out the others";
    static const char draws[] = "is about phones and ABX; give --phones or --items";
    bool has_file = o->units || o->changed, has_model = f->n_model > 0;
    bool has_time = has_file || f->has_vectors, is_alone = f->n_model < 2;
    bool has_seed = o->seed != UINT64_MAX;
    const struct rule rule[] = {
        {o->features, "features", f->has_items, items},
        {o->features, "features", is_alone, one},
        {o->changed, "changed", is_alone, one},
        {o->speakers, "speakers", f->has_phones || f->has_items, draws},
        {o->tier, "tier", f->has_phones, phones},
        {o->format, "from", has_file, file},
        {o->hop, "hop", has_time, file},
        {o->rate, "rate", has_time, file},
        {o->codes, "codes", has_file, file},
        {o->grid, "grid", f->has_phones, phones},
        {STATED(o->upsample), "upsample", o->grid, "goes with --grid"},
        {STATED(o->pad), "pad", o->grid, "goes with --grid"},
        {STATED(o->tolerance_ms), "tolerance", f->has_phones, phones},
        {STATED(o->distance), "distance", f->has_items, items},
        {STATED(o->distance), "distance", has_model || o->features,
         "is of features; give --features"},
        {o->any_context, "any-context", f->has_items, items},
        {STATED(o->max_size), "max-size", f->has_items, items},
        {STATED(o->max_x), "max-x", f->has_items, items},
        {STATED(o->bootstrap), "bootstrap", f->has_phones || f->has_items, draws},
        {has_seed, "seed", f->has_phones || f->has_items, draws},
        {has_seed, "seed", o->bootstrap, "goes with draws, and --bootstrap 0 makes none"},
        {o->robustness, "robustness", has_model, model},
        {o->snr, "snr", o->robustness, "goes with --robustness"},
        {o->per_phone, "per-phone", f->has_phones, phones},
        {o->per_unit, "per-unit", f->has_phones, phones},
        {o->matrix, "matrix", f->has_phones, phones},
        {o->matrix, "matrix", is_alone, one},
        {STATED(o->cpu), "cpu", has_model, model},
        {o->strict, "strict", has_model, model},
    };
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++)
        if (rule[i].is_given && !rule[i].fits)
            return fail(failure, EXIT_USAGE, "--%s %s", rule[i].option, rule[i].why);
    return true;
}
