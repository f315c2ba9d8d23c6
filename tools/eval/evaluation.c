/* SPDX-License-Identifier: MIT */
#include "tools/eval/evaluation.h"

#include "tools/base/growing.h"
#include "tools/eval/utterance_key.h"

#include <stdlib.h>

/* Counts over frames. */
struct tally {
    struct counts speech;
    struct speaker_counts speaker;
    struct name_index speakers;
    struct paired paired;
};

static bool find_speaker(struct tally *tally, const struct unit_utterance *u, uint32_t *id,
                         struct failure *failure)
{
    if (u->speaker) return name_index_add(&tally->speakers, u->speaker, id, failure);
    char *speaker = utterance_speaker(u->name);
    bool good = speaker ? name_index_add(&tally->speakers, speaker, id, failure)
                        : fail_memory(failure);
    free(speaker);
    return good;
}

static bool count_utterance(struct evaluation *e, struct tally *tally,
                            const struct unit_utterance *u, const struct aligned_utterance *phones,
                            struct failure *failure)
{
    struct paired *paired = &tally->paired;
    uint32_t speaker;
    if (!find_speaker(tally, u, &speaker, failure) ||
        !pair_utterance(&e->pairing, u, e->units->hop_samples, e->units->rate_hz, phones, paired,
                        failure))
        return false;
    e->paired.utterances++;
    e->paired.trimmed_frames += paired->trimmed_frames;
    e->paired.unlabelled_frames += paired->unlabelled_frames;
    for (size_t i = 0; i < paired->n; i++) {
        uint32_t phone = paired->label[i], unit = paired->unit[i];
        if (!counts_add(&e->counts, phone, unit, failure) ||
            !speaker_counts_add(&tally->speaker, speaker, phone, unit, failure))
            return false;
        if (!e->phones->is_silence[phone] && !counts_add(&tally->speech, phone, unit, failure))
            return false;
    }
    return true;
}

static bool count_all(struct evaluation *e, struct tally *tally, struct failure *failure)
{
    uint32_t n_phone = e->phones->labels.n, n_symbol = e->units->n_symbol;
    if (!speaker_counts_init(&tally->speaker, n_phone, failure)) return false;
    for (size_t i = 0; i < e->units->n_utterance; i++) {
        const struct unit_utterance *u = &e->units->utterance[i];
        const struct aligned_utterance *phones = alignment_find(e->phones, u->name);
        if (!phones) {
            if (!e->paired.ignored++) e->paired.ignored_name = u->name;
        } else if (!count_utterance(e, tally, u, phones, failure)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < e->phones->utterances.n; i++)
        if (!unit_set_find(e->units, e->phones->utterances.name[i]) && !e->paired.missing++)
            e->paired.missing_name = e->phones->utterances.name[i];
    return counts_finish(&e->counts, n_phone, n_symbol, failure) &&
           counts_finish(&tally->speech, n_phone, n_symbol, failure);
}

static bool measure_agreement(struct evaluation *e, struct failure *failure)
{
    struct tally tally = {0};
    bool good = count_all(e, &tally, failure) &&
                agreement_measure(&e->counts, &e->all, failure) &&
                agreement_measure(&tally.speech, &e->speech, failure) &&
                speaker_measure(&tally.speaker, tally.speakers.n, e->units->n_symbol, &e->speaker,
                                failure);
    counts_clear(&tally.speech);
    speaker_counts_clear(&tally.speaker);
    name_index_clear(&tally.speakers);
    paired_clear(&tally.paired);
    return good;
}

static bool measure_usage(struct evaluation *e, struct failure *failure)
{
    if (!usage_measure(e->units, USAGE_JOINT, &e->usage, failure)) return false;
    if (e->units->n_codebook == 1) return true;
    e->codebook_usage = zeroed(e->units->n_codebook, sizeof *e->codebook_usage, failure);
    if (!e->codebook_usage) return false;
    for (uint32_t k = 0; k < e->units->n_codebook; k++)
        if (!usage_measure(e->units, k, &e->codebook_usage[k], failure)) return false;
    return true;
}

bool evaluation_measure(struct evaluation *e, struct failure *failure)
{
    if (!measure_usage(e, failure)) return false;
    if (!e->phones) return true;
    return measure_agreement(e, failure) &&
           boundaries_measure(e->units, e->phones, e->tolerance_us, false, &e->boundaries_all,
                              failure) &&
           boundaries_measure(e->units, e->phones, e->tolerance_us, true, &e->boundaries_speech,
                              failure);
}

void evaluation_clear(struct evaluation *e)
{
    counts_clear(&e->counts);
    free(e->codebook_usage);
    e->codebook_usage = NULL;
}
