/* SPDX-License-Identifier: MIT */
/* Options by the names of Kaldi and librosa. If one of these claims fails, a user who types the
   options of the tool gets other features than the tool's, without a word. */
#include "tests/support/check.h"
#include "voq.h"

#include <float.h>
#include <stdlib.h>

static voq_frontend profile(const char *name)
{
    voq_frontend frontend = {.struct_size = sizeof frontend};
    if (voq_frontend_profile(name, &frontend) != VOQ_OK) abort();
    return frontend;
}

static voq_status set(voq_frontend *frontend, const char *key, const char *value)
{
    voq_error error = {.struct_size = sizeof error};
    return voq_frontend_set(frontend, key, value, &error);
}

static void htk_compat_and_energy_come_in_any_order(void)
{
    voq_frontend a = profile("kaldi"), b = profile("kaldi");
    CHECK_EQ(set(&a, "htk_compat", "true"), VOQ_OK);
    CHECK_EQ(set(&a, "use_energy", "false"), VOQ_OK);
    CHECK_EQ(set(&b, "use_energy", "false"), VOQ_OK);
    CHECK_EQ(set(&b, "htk_compat", "true"), VOQ_OK);
    CHECK(memcmp(&a, &b, sizeof a) == 0);
    CHECK_EQ(a.dct, VOQ_DCT_HTK);
}

static void use_energy_keeps_windowed_energy(void)
{
    voq_frontend f = profile("kaldi");
    CHECK_EQ(set(&f, "raw_energy", "false"), VOQ_OK);
    CHECK_EQ(set(&f, "use_energy", "true"), VOQ_OK);
    CHECK_EQ(f.energy, VOQ_ENERGY_WINDOWED);
}

static void raw_energy_without_energy_is_refused(void)
{
    voq_frontend f = profile("kaldi-fbank"), before = f;
    CHECK_EQ(set(&f, "raw_energy", "false"), VOQ_ERROR_ARGUMENT);
    CHECK(memcmp(&f, &before, sizeof f) == 0);
}

static void fft_follows_the_window(void)
{
    voq_frontend f = profile("kaldi");
    CHECK_EQ(set(&f, "frame_length", "40"), VOQ_OK);
    CHECK_EQ(f.window_samples, 640);
    CHECK_EQ(f.fft_samples, 1024);
    CHECK_EQ(set(&f, "round_to_power_of_two", "false"), VOQ_OK);
    CHECK_EQ(f.fft_samples, 640);
    CHECK_EQ(set(&f, "frame_length", "25"), VOQ_OK);
    CHECK_EQ(f.fft_samples, 400);
}

static void sample_frequency_keeps_milliseconds(void)
{
    voq_frontend f = profile("kaldi");
    CHECK_EQ(set(&f, "sample_frequency", "8000"), VOQ_OK);
    CHECK_EQ(f.window_samples, 200);
    CHECK_EQ(f.hop_samples, 80);
    CHECK_EQ(f.fft_samples, 256);
}

static void sr_keeps_samples(void)
{
    voq_frontend f = profile("librosa");
    CHECK_EQ(set(&f, "sr", "16000"), VOQ_OK);
    CHECK_EQ(f.window_samples, 2048);
    CHECK_EQ(f.hop_samples, 512);
}

static void win_length_and_n_fft_come_in_any_order(void)
{
    voq_frontend a = profile("librosa"), b = profile("librosa");
    CHECK_EQ(set(&a, "win_length", "400"), VOQ_OK);
    CHECK_EQ(set(&a, "n_fft", "512"), VOQ_OK);
    CHECK_EQ(set(&b, "n_fft", "512"), VOQ_OK);
    CHECK_EQ(b.window_samples, 512);
    CHECK_EQ(set(&b, "win_length", "400"), VOQ_OK);
    CHECK(memcmp(&a, &b, sizeof a) == 0);
}

static void center_keeps_the_pad_mode(void)
{
    voq_frontend f = profile("librosa");
    CHECK_EQ(set(&f, "pad_mode", "reflect"), VOQ_OK);
    CHECK_EQ(set(&f, "center", "true"), VOQ_OK);
    CHECK_EQ(f.grid, VOQ_GRID_REFLECT);
    CHECK_EQ(set(&f, "center", "false"), VOQ_OK);
    CHECK_EQ(f.grid, VOQ_GRID_SNIP);
    CHECK_EQ(set(&f, "pad_mode", "edge"), VOQ_ERROR_ARGUMENT);
}

static void norm_is_of_the_dct_or_of_the_filters(void)
{
    voq_frontend f = profile("librosa");
    CHECK_EQ(set(&f, "norm", "ortho"), VOQ_OK);
    CHECK_EQ(set(&f, "norm", "none"), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(set(&f, "feature", "fbank"), VOQ_OK);
    CHECK_EQ(set(&f, "norm", "none"), VOQ_OK);
    CHECK_EQ(f.mel_norm, VOQ_MEL_PEAK);
}

static void dither_is_refused(void)
{
    voq_frontend f = profile("kaldi");
    CHECK_EQ(set(&f, "dither", "0.0"), VOQ_OK);
    CHECK_EQ(set(&f, "dither", "1.0"), VOQ_ERROR_ARGUMENT);
}

static void refusals_name_key_and_choices(void)
{
    voq_frontend f = profile("kaldi");
    voq_error error = {.struct_size = sizeof error};
    CHECK_EQ(voq_frontend_set(&f, "window_type", "kaiser", &error), VOQ_ERROR_ARGUMENT);
    CHECK(strstr(error.text, "window_type") && strstr(error.text, "povey"));
    CHECK_EQ(voq_frontend_set(&f, "frame_lenght", "25", &error), VOQ_ERROR_ARGUMENT);
    CHECK(strstr(error.text, "frame_lenght"));
}

static void text_reads_back_to_the_same_front_end(void)
{
    for (size_t i = 0; voq_frontend_profile_name(i); i++) {
        char text[2048];
        size_t n_byte;
        voq_frontend from = profile(voq_frontend_profile_name(i)), to = profile("kaldi");
        from.preemphasis = 0.1f;
        from.log_floor = -77.25f;
        CHECK_EQ(voq_frontend_text(&from, text, sizeof text, &n_byte), VOQ_OK);
        for (char *key = strtok(text, "="); key; key = strtok(NULL, "="))
            CHECK_EQ(set(&to, key, strtok(NULL, "\n")), VOQ_OK);
        CHECK(memcmp(&from, &to, sizeof from) == 0);
    }
}

/* As text it is a decimal that is a little larger. */
static void the_largest_number_reads_back_from_its_text(void)
{
    voq_frontend f = profile("kaldi");
    CHECK_EQ(set(&f, "scale", "3.4028235e38"), VOQ_OK);
    CHECK(f.scale == FLT_MAX);
    CHECK_EQ(set(&f, "scale", "3.4028236e38"), VOQ_ERROR_ARGUMENT);
    CHECK_EQ(set(&f, "log_floor", "-1e39"), VOQ_ERROR_ARGUMENT);
    CHECK(f.scale == FLT_MAX);
}

int main(void)
{
    RUN(htk_compat_and_energy_come_in_any_order);
    RUN(use_energy_keeps_windowed_energy);
    RUN(raw_energy_without_energy_is_refused);
    RUN(fft_follows_the_window);
    RUN(sample_frequency_keeps_milliseconds);
    RUN(sr_keeps_samples);
    RUN(win_length_and_n_fft_come_in_any_order);
    RUN(center_keeps_the_pad_mode);
    RUN(norm_is_of_the_dct_or_of_the_filters);
    RUN(dither_is_refused);
    RUN(refusals_name_key_and_choices);
    RUN(text_reads_back_to_the_same_front_end);
    RUN(the_largest_number_reads_back_from_its_text);
    return check_done();
}
