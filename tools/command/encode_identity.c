/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_identity.h"

#include "tools/command/journal_hash.h"
#include "tools/formats/format.h"

const char *encode_format_name(const struct encode_options *options)
{
    if (options->format) return options->format;
    return options->features ? feature_format_at(0)->name : unit_format_at(0)->name;
}

static uint64_t hash_items(uint64_t hash, const struct encode_item *item, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct utterance *utterance = item[i].utterance;
        const struct feature_shard_part *part = item[i].part;
        /* A member is known by its name: it may move in a tar that changed. */
        const uint64_t offset = utterance->member ? 0 : utterance->offset;
        const double span[] = {utterance->begin_s, utterance->end_s};
        const uint64_t frames[] = {part ? part->first : 0, part ? part->n_frame : UINT64_MAX};
        hash = journal_hash_text(hash, item[i].name);
        hash = journal_hash_text(hash, utterance_label(utterance));
        hash = journal_hash(hash, &item[i].channel, sizeof item[i].channel);
        hash = journal_hash(hash, &offset, sizeof offset);
        hash = journal_hash(hash, span, sizeof span);
        hash = journal_hash(hash, frames, sizeof frames);
    }
    return hash;
}

uint64_t encode_options_hash(const struct encode_options *options, const struct encode_plan *plan)
{
    const uint32_t number[] = {options->features,     options->utterance_mean, options->dedup,
                               options->durations,    options->text,           options->npy_type,
                               options->rate_hz,      options->channels,       options->force_raw,
                               options->name_escape,  options->scp != NULL,
                               options->dict != NULL, options->tsv != NULL};
    uint64_t hash = journal_hash(JOURNAL_HASH_START, number, sizeof number);
    hash = journal_hash_text(hash, encode_format_name(options));
    hash = journal_hash_text(hash, options->split);
    hash = journal_hash_text(hash, options->raw_encoding);
    for (uint32_t i = 0; plan->label && i < plan->info.n_code; i++)
        hash = journal_hash_text(hash, plan->label[i]);
    return hash;
}

uint64_t encode_list_hash(const struct encode_items *items)
{
    return hash_items(JOURNAL_HASH_START, items->list, items->n_list);
}

uint64_t encode_run_hash(const struct encode_options *options, const struct encode_plan *plan,
                         const struct encode_items *items)
{
    const uint32_t shard[] = {options->rank, options->n_shard};
    const uint64_t alike = encode_options_hash(options, plan);
    uint64_t hash = journal_hash_text(JOURNAL_HASH_START, plan->info.hash);
    hash = journal_hash(hash, &alike, sizeof alike);
    hash = journal_hash(hash, shard, sizeof shard);
    hash = journal_hash_text(hash, options->scp);
    hash = journal_hash_text(hash, options->dict);
    hash = journal_hash_text(hash, options->tsv);
    return hash_items(hash, items->item, items->n);
}
