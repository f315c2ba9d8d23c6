/* SPDX-License-Identifier: MIT */
#include "tools/audio/channels.h"

#include <string.h>

void channels_to_mono(const float *x, size_t n, uint32_t channels, uint32_t channel, float *mono)
{
    if (channels == 1) {
        if (mono != x) memcpy(mono, x, n * sizeof *mono);
        return;
    }
    if (channel > 0) {
        const float *picked = x + channel - 1;
        for (size_t i = 0; i < n; i++) mono[i] = picked[i * channels];
        return;
    }
    float scale = 1.0f / (float)channels;
    for (size_t i = 0; i < n; i++, x += channels) {
        float sum = x[0];
        for (uint32_t c = 1; c < channels; c++) sum += x[c];
        mono[i] = sum * scale;
    }
}
