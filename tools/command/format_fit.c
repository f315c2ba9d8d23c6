/* SPDX-License-Identifier: MIT */
#include "tools/command/format_fit.h"

#include "tools/cli/option_fit.h"

bool format_fit(const struct option_table *table, const void *values,
                const struct unit_format *units, const struct feature_format *features,
                struct failure *failure)
{
    unsigned has = units ? unit_format_writer_options(units)
                         : feature_format_writer_options(features);
    bool writes_names = (units ? units->name_rule : features->name_rule) != NAME_ANY;
    bool has_rank = option_is_given(table, values, "rank");
    bool has_shards = option_is_given(table, values, "nshard");
    char why[128];
    snprintf(why, sizeof why, "has no effect with format %s%s; leave it out",
             units ? units->name : features->name, units ? "" : " of features");
    const struct option_rule rule[] = {
        {"dedup", units, why},
        {"durations", has & WRITER_DURATIONS, why},
        {"dict", has & WRITER_DICT, why},
        {"scp", has & WRITER_SCP, why},
        {"text", has & WRITER_TEXT, why},
        {"npy-type", has & WRITER_NPY_TYPE, why},
        {"labels", has & WRITER_LABELS, why},
        {"split", has & WRITER_SHARDS, why},
        {"name-escape", writes_names, why},
        {"rank", has_shards, "is one of several shards; add --nshard N"},
        {"nshard", has_rank, "divides the inputs; add --rank N, counted from 0"},
    };
    return option_fit(table, values, rule, sizeof rule / sizeof *rule, failure);
}
