/* SPDX-License-Identifier: MIT */
/* If this fails, a live program waits longer for a unit than the model says, or a unit changes by
   samples that should be too late for it. */
#include "tests/support/check.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"

enum { N_SAMPLE = 6000 };

static float speech[N_SAMPLE];

static size_t decided_at(const voq_info *info, size_t i)
{
    return (i + 1) * info->hop_samples + info->look_ahead_samples;
}

static void a_unit_is_given_as_soon_as_its_look_ahead_is_there(void)
{
    for (size_t r = 0; r < N_RECIPE; r++) {
        struct recipe recipe = recipe_number(r);
        voq_model *model = model_of(&recipe);
        voq_info info = info_of(model);
        voq_stream *f;
        CHECK_EQ(voq_stream_new(model, NULL, &f), VOQ_OK);
        for (size_t i = 0; decided_at(&info, i) < N_SAMPLE; i++) {
            if (voq_max_units(f, decided_at(&info, i)) >= i + 1) continue;
            printf("# recipe %zu: frame %zu is not there after %zu samples\n", r, i,
                   decided_at(&info, i));
            CHECK(false);
        }
        voq_stream_free(f);
        voq_model_close(model);
    }
}

static void a_unit_is_not_given_a_sample_earlier(void)
{
    for (size_t r = 0; r < N_RECIPE; r++) {
        struct recipe recipe = recipe_number(r);
        if (recipe.frontend.hop_samples > recipe.frontend.window_samples) continue;
        if (recipe.frontend.grid == VOQ_GRID_REFLECT) continue; /* only unit 0 waits that long */
        voq_model *model = model_of(&recipe);
        voq_info info = info_of(model);
        voq_stream *f;
        CHECK_EQ(voq_stream_new(model, NULL, &f), VOQ_OK);
        for (size_t i = 1; decided_at(&info, i) < N_SAMPLE; i++)
            CHECK_EQ(voq_max_units(f, decided_at(&info, i) - 1), i);
        voq_stream_free(f);
        voq_model_close(model);
    }
}

/* Which features change when sample `at` does. */
static bool changes(const voq_model *model, size_t at, size_t *first_changed)
{
    static float other[N_SAMPLE];
    memcpy(other, speech, sizeof other);
    other[at] += other[at] > 0.0f ? -0.5f : 0.5f;
    struct collected a = outputs_of(model, 1, speech, N_SAMPLE, PUSH_ALL);
    struct collected b = outputs_of(model, 1, other, N_SAMPLE, PUSH_ALL);
    size_t dim = info_of(model).dim, i = 0;
    while (i < a.n && memcmp(a.feature + i * dim, b.feature + i * dim, dim * 4) == 0) i++;
    bool changed = i < a.n;
    *first_changed = i;
    collected_free(&a);
    collected_free(&b);
    return changed;
}

static void an_impulse_reaches_back_as_far_as_the_look_ahead_and_no_further(void)
{
    for (size_t r = 0; r < N_RECIPE; r++) {
        struct recipe recipe = recipe_number(r);
        recipe.frontend.window = VOQ_WINDOW_RECTANGULAR; /* a window's last sample counts */
        voq_model *model = model_of(&recipe);
        voq_info info = info_of(model);
        size_t edge = 0, hop = info.hop_samples, first;
        for (size_t at = N_SAMPLE / 2; at<N_SAMPLE / 2 + hop; at += hop> 40 ? hop / 40 : 1) {
            if (!changes(model, at, &first)) continue;
            CHECK(at < decided_at(&info, first)); /* it was not decided yet */
        }
        for (size_t i = 0; i < 3; i++)
            edge += changes(model, decided_at(&info, i) - 1, &first) && first == i;
        bool is_sparse = hop > info.window_samples;
        if (!is_sparse && edge == 0) printf("# recipe %zu\n", r);
        CHECK(is_sparse || edge > 0);
        voq_model_close(model);
    }
}

static void the_models_that_ship_decide_within_80_ms(void)
{
    struct recipe r = from_profile("hubert", VOQ_GRID_MIRROR);
    voq_model *model = model_of(&r);
    voq_info info = info_of(model);
    CHECK_EQ(info.look_ahead_frames, 4);
    CHECK_EQ(info.look_ahead_samples, (400 - 160) / 2 + 160 * 4);
    CHECK(info.look_ahead_samples <= 1280);
    voq_model_close(model);
}

int main(void)
{
    uint64_t seed = 9;
    for (size_t i = 0; i < N_SAMPLE; i++) speech[i] = 0.25f * random_float(&seed);
    RUN(a_unit_is_given_as_soon_as_its_look_ahead_is_there);
    RUN(a_unit_is_not_given_a_sample_earlier);
    RUN(an_impulse_reaches_back_as_far_as_the_look_ahead_and_no_further);
    RUN(the_models_that_ship_decide_within_80_ms);
    return check_done();
}
