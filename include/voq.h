/* SPDX-License-Identifier: MIT */
/* voq: speech becomes a stream of discrete units.

   How to use it:

       voq_model *model;
       voq_stream *stream;
       if (voq_model_open("lda-100.voq", NULL, &model, NULL) != VOQ_OK) return 1;
       if (voq_stream_new(model, NULL, &stream) != VOQ_OK) return 1;
       uint32_t id[64];
       float x[160];
       size_t n, n_unit;
       while ((n = microphone(x, 160)) > 0)
           if (voq_push(stream, x, n, id, NULL, 64, &n_unit) == VOQ_OK) use(id, n_unit);
       if (voq_finish(stream, id, NULL, 64, &n_unit) == VOQ_OK) use(id, n_unit);
       voq_stream_free(stream);
       voq_model_close(model);

   Rules for all calls:

   - Samples are floats within +-1 at the model's rate, one channel. An int16 sample is x / 32768.
   - Unit i stands for the samples [i*hop, (i+1)*hop); its window is centred on them.
   - Units are a function of the model, the samples and the major version of voq. They do not depend
     on how samples are cut into pushes, on `block`, on threads, CPU, compiler, or on the caller's
     floating-point environment. Distances and features have the same bits everywhere too.
   - A fallible call returns a voq_status; counts come by out-parameter. A call that fails leaves
     its out-parameters alone unless its comment says otherwise, and consumes nothing.
   - Threads: a model is immutable, any number of threads may use it at once. A stream or features
     object is used by one thread at a time and may move between threads. No call locks.
   - Ownership: the caller closes what it opened. A model outlives its streams.
   - n = 0 with a null pointer is fine. Another null pointer that the comment does not allow is
     ARGUMENT; a call without a status then returns 0 or does nothing. So is an n that no memory
     holds.
   - Plain structs that the caller fills or receives start with struct_size = sizeof the struct,
     which the caller sets. From 0.2 on they grow at their end: a program built against an older or
     a newer header is served with the fields that both know. The library does not change the
     struct_size of the caller's struct, nor what lies behind the fields that it knows. Whoever
     copies a struct that a pointer of the library leads to sets the struct_size of the copy.
   - push, finish, gap, quantize and decode never allocate, lock or call the operating system.
   - Versions: a patch version changes nothing in this header. Until 1.0 a minor version may change
     or remove what is here, and the soname changes with it. From 1.0 on only a major version
     removes a function, a field or a number, and only after a minor version whose header marks it
     as deprecated and names what replaces it. CHANGELOG.md lists every change.
   - The library prints nothing, reads no environment variable, keeps no global state. */
#ifndef VOQ_H
#define VOQ_H

#include <stddef.h>
#include <stdint.h>

#define VOQ_VERSION_MAJOR 0
#define VOQ_VERSION_MINOR 2
#define VOQ_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define VOQ_API __attribute__((visibility("default")))
#define VOQ_CHECKED VOQ_API __attribute__((warn_unused_result))
#else
#define VOQ_API
#define VOQ_CHECKED
#endif

/* ---- status and error ---------------------------------------------------------------------- */

/* Numbers are pinned and never reused. */
typedef enum voq_status {
    VOQ_OK = 0,
    VOQ_ERROR_ARGUMENT = 1,    /* an argument is out of range or null */
    VOQ_ERROR_MEMORY = 2,      /* no memory, or the memory given is too small */
    VOQ_ERROR_IO = 3,          /* a file could not be opened, read or written */
    VOQ_ERROR_NOT_VOQ = 4,     /* the bytes are not a voq model */
    VOQ_ERROR_VERSION = 5,     /* a newer voq made the model, with what this one does not know */
    VOQ_ERROR_CORRUPT = 6,     /* the model is truncated or damaged */
    VOQ_ERROR_LIMIT = 7,       /* a size is beyond what voq supports */
    VOQ_ERROR_CAPACITY = 8,    /* the output is too small; nothing was consumed */
    VOQ_ERROR_UNSUPPORTED = 9, /* the model lacks it, or it needs the whole signal */
    VOQ_ERROR_CPU = 10,        /* the instruction set asked for is not here */
    VOQ_ERROR_VALUE = 11,      /* a vector or a table holds NaN or infinity, or overflows */
    VOQ_ERROR_STATE = 12       /* push after finish; call reset first */
} voq_status;

/* What went wrong, for people. Filled by the calls that take one; NULL where nobody asks. */
typedef struct voq_error {
    size_t struct_size;
    voq_status status;
    uint64_t offset; /* byte of the model the sentence is about, or VOQ_NO_OFFSET */
    char text[200];  /* one sentence: what is wrong; what to do. Lower case, no newline */
} voq_error;

#define VOQ_NO_OFFSET UINT64_MAX

/* A short name for a status, static storage. */
VOQ_API const char *voq_status_string(voq_status status);

/* ---- options ------------------------------------------------------------------------------- */

/* Which compiled variant computes. All give the same bits. */
typedef enum voq_cpu {
    VOQ_CPU_AUTO = 0, /* the fastest that this machine has */
    VOQ_CPU_SCALAR = 1,
    VOQ_CPU_SSE2 = 2,
    VOQ_CPU_AVX2 = 3,
    VOQ_CPU_AVX512 = 4,
    VOQ_CPU_NEON = 5
} voq_cpu;

typedef struct voq_options {
    size_t struct_size;
    voq_cpu cpu;    /* read when a model is opened */
    uint32_t block; /* read when a stream is made: frames computed together at most, 1 to 1024;
                       0 is 1.
                       1: least memory, least work per push, for live audio and firmware.
                       64: frames share vector lanes, several times faster for files. Same bits. */
} voq_options;

/* ---- front end ----------------------------------------------------------------------------- */

enum voq_feature { VOQ_FEATURE_MFCC = 0, VOQ_FEATURE_LOG_MEL = 1 };
enum voq_window {
    VOQ_WINDOW_POVEY = 0,
    VOQ_WINDOW_HAMMING = 1,
    VOQ_WINDOW_HANN = 2, /* symmetric: Kaldi's hanning */
    VOQ_WINDOW_HANN_PERIODIC = 3,
    VOQ_WINDOW_BLACKMAN = 4,
    VOQ_WINDOW_RECTANGULAR = 5
};
/* Where windows lie and what stands outside the signal x[0..N-1]. */
enum voq_grid {
    VOQ_GRID_SNIP = 0,    /* window i starts at i*hop, all inside: Kaldi's snip-edges=true */
    VOQ_GRID_MIRROR = 1,  /* centred on its hop, x[-1-s] is x[s]: snip-edges=false. Models */
    VOQ_GRID_ZERO = 2,    /* centred on i*hop, 1 + N/hop frames, zeros outside: librosa's */
    VOQ_GRID_REFLECT = 3, /* the same, x[-s] is x[s]: librosa pad_mode="reflect" */
    VOQ_GRID_EDGE = 4     /* the same, first and last sample repeated: librosa pad_mode="edge" */
};
enum voq_mel_scale { VOQ_MEL_HTK = 0, VOQ_MEL_SLANEY = 1 };
/* Shape of a mel filter: straight lines over mel (Kaldi) or over Hz (librosa). */
enum voq_mel_shape { VOQ_MEL_IN_MEL = 0, VOQ_MEL_IN_HZ = 1 };
enum voq_mel_norm { VOQ_MEL_PEAK = 0, VOQ_MEL_AREA = 1 };
enum voq_log { VOQ_LOG_NATURAL = 0, VOQ_LOG_DECIBEL = 1, VOQ_LOG_NONE = 2 };
enum voq_energy { VOQ_ENERGY_NONE = 0, VOQ_ENERGY_RAW = 1, VOQ_ENERGY_WINDOWED = 2 };
enum voq_dct { VOQ_DCT_ORTHO = 0, VOQ_DCT_HTK = 1 };

/* Everything that turns samples into features. Formulas: src/frontend/README.md. Start from a
   profile, then change fields or use voq_frontend_set. */
typedef struct voq_frontend {
    size_t struct_size;
    uint32_t feature;        /* enum voq_feature */
    uint32_t rate_hz;
    uint32_t window_samples; /* 2 to 16384 */
    uint32_t hop_samples;    /* 1 to 16384 */
    uint32_t fft_samples;    /* even, factors 2, 3, 5 only, window_samples to 16384 */
    uint32_t window;         /* enum voq_window */
    uint32_t grid;           /* enum voq_grid */
    uint32_t remove_dc;      /* 1: subtract the window's mean first */
    uint32_t spectrum_power; /* 2: power, 1: magnitude */
    uint32_t n_mel;          /* 1 to 256 */
    uint32_t mel_scale;      /* enum voq_mel_scale */
    uint32_t mel_shape;      /* enum voq_mel_shape */
    uint32_t mel_norm;       /* enum voq_mel_norm */
    uint32_t log;            /* enum voq_log */
    uint32_t n_cepstrum;     /* 1 to n_mel; MFCC only */
    uint32_t dct;            /* enum voq_dct */
    uint32_t energy;         /* enum voq_energy; MFCC: replaces c0; log mel: one more dimension */
    uint32_t htk_order;      /* 1: energy or c0 comes last (Kaldi's htk-compat) */
    uint32_t lifter_origin;  /* index of the first coefficient in the lifter: 0 Kaldi, 1 librosa */
    uint32_t n_delta;        /* 0 to 3 orders of deltas appended */
    uint32_t delta_reach;    /* frames to each side, 1 to 16 (2 is a window of 5) */
    float scale;             /* samples are multiplied by it first: Kaldi 32768 */
    float preemphasis;       /* 0 to 1 */
    float low_hz, high_hz;   /* high_hz <= 0 counts from the Nyquist frequency */
    float mel_floor;         /* smallest mel energy before the log, above 0 */
    float energy_floor;      /* 0: none */
    float lifter;            /* 0: none */
    float log_floor;         /* log mel values are at least this; -FLT_MAX: none */
    float top_db;            /* 0: none. Needs the whole signal: a stream refuses it */
} voq_frontend;

/* Fills *frontend from a profile: "kaldi", "kaldi-fbank", "hubert", "librosa". Else ARGUMENT. Here
   alone struct_size need not be set: what can be none, as 0, becomes that of 0.2. */
VOQ_CHECKED voq_status voq_frontend_profile(const char *name, voq_frontend *frontend);

/* The names of the profiles, i from 0; NULL past the last. */
VOQ_API const char *voq_frontend_profile_name(size_t i);

/* Sets one option by the name that Kaldi or librosa gives it, with underscores (num_mel_bins,
   frame_shift in ms, n_fft, hop_length in samples, ...). Errors name the key and what it takes. */
VOQ_CHECKED voq_status voq_frontend_set(voq_frontend *frontend, const char *key, const char *value,
                                        voq_error *error);

/* Writes "key=value\n" lines, sorted, zero-ended, that voq_frontend_set reads back to the same
   front end. *n_byte is the length without the zero. Too small: CAPACITY, *n_byte is needed. */
VOQ_CHECKED voq_status voq_frontend_text(const voq_frontend *frontend, char *text, size_t capacity,
                                         size_t *n_byte);

/* ---- model --------------------------------------------------------------------------------- */

typedef struct voq_model voq_model;

enum voq_normalise_kind {
    VOQ_NORMALISE_RUNNING_MEAN = 1,     /* a = 1/min(n0+t+1, n_max); m += a*(x-m); y = x-m */
    VOQ_NORMALISE_RUNNING_VARIANCE = 2, /* and v += a*((x-m)^2 - v); y = (x-m)/sqrt(v + floor) */
    VOQ_NORMALISE_GLOBAL = 3,           /* y = (x-mean)/sqrt(variance + floor) */
    VOQ_NORMALISE_UTTERANCE_MEAN = 4    /* needs the whole signal: a stream refuses it */
};

/* Mean and variance are the prior of the running kinds, the statistics of the global one. */
typedef struct voq_normalise {
    size_t struct_size;
    uint32_t kind; /* enum voq_normalise_kind */
    uint32_t dim;
    uint32_t n0, n_max;    /* running kinds: weight of the prior, longest memory, in frames */
    float floor;           /* 0 or more; above 0 in kind 2, whose variance may shrink to 0 */
    const float *mean;     /* [dim] */
    const float *variance; /* [dim], kinds 2 and 3; NULL in kind 3: only the mean is taken off */
} voq_normalise;

/* y = A * stack(x) + b, where stack puts the frames t-left .. t+right one after another. */
typedef struct voq_transform {
    size_t struct_size;
    uint32_t stack_left, stack_right; /* frames, 0 to 32 */
    uint32_t in_dim;                  /* one frame before stacking */
    uint32_t out_dim;
    const float *matrix; /* [out_dim][(left+1+right)*in_dim], or NULL: stacking only */
    const float *bias;   /* [out_dim], or NULL: zeros */
} voq_transform;

/* The parts of a model, in the order of the chain. */
typedef struct voq_parts {
    size_t struct_size;
    const voq_frontend *frontend;   /* NULL: a model of vectors, without audio */
    const voq_normalise *normalise; /* NULL: none */
    const voq_transform *transform; /* NULL: none */
    const float *codeword;          /* [n_codebook][n_code][dim]; NULL: features only, no units */
    uint32_t n_codebook;            /* above 1: residual, each codes what the one before left */
    uint32_t n_code;
    uint32_t dim;
    const char *name;       /* UTF-8, one line */
    const char *provenance; /* UTF-8 lines "key=value\n" sorted by key, or NULL */
} voq_parts;

typedef struct voq_info {
    size_t struct_size;
    const char *name;       /* lives as long as the model */
    const char *provenance; /* likewise */
    const char *cpu;        /* the variant in use: "avx2" */
    char hash[17];          /* 16 hex digits: equal hashes give equal units */
    uint32_t rate_hz;       /* 0 in a model of vectors, as the next four */
    uint32_t hop_samples;
    uint32_t window_samples;
    uint32_t look_ahead_samples; /* beyond the end of a unit's own hop, before it can be decided */
    uint32_t look_ahead_frames;  /* of deltas and stacking */
    uint32_t frontend_dim;       /* of a frame before the transform */
    uint32_t dim;                /* of a feature vector, which is a codeword's */
    uint32_t n_codebook, n_code; /* 0: features only */
} voq_info;

/* Opens a model file. Errors: IO, NOT_VOQ, VERSION, CORRUPT, LIMIT, VALUE, CPU, MEMORY. */
VOQ_CHECKED voq_status voq_model_open(const char *path, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* Reads a model from n_byte bytes, which it copies. */
VOQ_CHECKED voq_status voq_model_read(const void *bytes, size_t n_byte, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* The same in the caller's memory of at least the size that voq_model_size gives for these bytes
   and options; any alignment. Do not close such a model: its memory is yours. */
VOQ_CHECKED voq_status voq_model_size(const void *bytes, size_t n_byte, const voq_options *options,
                                      size_t *size, voq_error *error);
VOQ_CHECKED voq_status voq_model_init(void *memory, size_t size, const void *bytes, size_t n_byte,
                                      const voq_options *options, voq_model **model,
                                      voq_error *error);

/* Makes a model from parts, which it copies. Errors: ARGUMENT, LIMIT, VALUE, CPU, MEMORY. */
VOQ_CHECKED voq_status voq_model_make(const voq_parts *parts, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* The parts of a model; pointers live as long as it does. */
VOQ_CHECKED voq_status voq_model_parts(const voq_model *model, voq_parts *parts);

/* What a program needs to know. */
VOQ_CHECKED voq_status voq_model_describe(const voq_model *model, voq_info *info);

/* The model as a file's bytes, which live as long as the model; write puts them into a file. The
   same parts always give the same bytes; sections unknown to this version are kept. */
VOQ_API void voq_model_bytes(const voq_model *model, const void **bytes, size_t *n_byte);
VOQ_CHECKED voq_status voq_model_write(const voq_model *model, const char *path, voq_error *error);

/* Frees a model made by open, read or make; NULL is fine. Its streams are freed before. */
VOQ_API void voq_model_close(voq_model *model);

/* ---- stream: samples in, units out --------------------------------------------------------- */

typedef struct voq_stream voq_stream;

/* Errors of new, size, init: ARGUMENT, MEMORY, UNSUPPORTED (a model of vectors, without codebook,
   or with an option that needs the whole signal). */
VOQ_CHECKED voq_status voq_stream_new(const voq_model *model, const voq_options *options,
                                      voq_stream **stream);
VOQ_API void voq_stream_free(voq_stream *stream); /* of new; NULL is fine */

/* The same in the caller's memory, any alignment; under 64 kB for block 1 and shipped models. */
VOQ_CHECKED voq_status voq_stream_size(const voq_model *model, const voq_options *options,
                                       size_t *size);
VOQ_CHECKED voq_status voq_stream_init(void *memory, size_t size, const voq_model *model,
                                       const voq_options *options, voq_stream **stream);

/* Takes n samples x[n]; gives the units that they decide.
   id[capacity][n_codebook]; distance, same shape or NULL, is the squared Euclidean distance of the
   feature (of the residual, for later codebooks) to its codeword. *n_unit units are given.
   CAPACITY: too small, nothing consumed, *n_unit is what is needed. STATE: after finish.
   VALUE: a feature overflowed; reset the stream. A sample that is NaN or infinite counts as 0 and
   raises voq_stream_bad_samples. */
VOQ_CHECKED voq_status voq_push(voq_stream *stream, const float *x, size_t n, uint32_t *id,
                                float *distance, size_t capacity, size_t *n_unit);
VOQ_CHECKED voq_status voq_push_i16(voq_stream *stream, const int16_t *x, size_t n, uint32_t *id,
                                    float *distance, size_t capacity, size_t *n_unit);

/* The signal is over: gives the last units. After it only reset is possible. */
VOQ_CHECKED voq_status voq_finish(voq_stream *stream, uint32_t *id, float *distance,
                                  size_t capacity, size_t *n_unit);

/* n_lost samples are missing here. Gives the units of what came before, as finish does; then goes
   on at the first multiple of hop not before the new position (samples up to there are dropped), so
   unit i still starts at sample i*hop. The running mean is kept. n_lost 0: nothing happens.
   ARGUMENT: time would pass 2^63 samples, or has done so. */
VOQ_CHECKED voq_status voq_gap(voq_stream *stream, uint64_t n_lost, uint32_t *id, float *distance,
                               size_t capacity, size_t *n_unit);

/* Back to the state after new. */
VOQ_API void voq_reset(voq_stream *stream);

/* Exactly how many units a push of n samples, or finish or gap, would give now. An n that no memory
   holds counts as many samples as time does; a count that size_t cannot hold is SIZE_MAX. */
VOQ_API size_t voq_max_units(const voq_stream *stream, size_t n);
VOQ_API size_t voq_finish_units(const voq_stream *stream);

/* The frame index of the next unit: it starts at sample position*hop of the stream. */
VOQ_API uint64_t voq_stream_position(const voq_stream *stream);

/* Samples so far that were NaN or infinite. */
VOQ_API uint64_t voq_stream_bad_samples(const voq_stream *stream);

/* ---- features: samples in, vectors out ------------------------------------------------------- */

/* The chain without the codebook: a stream whose output is float feature[capacity][dim], dim as in
   voq_info. Calls, errors and rules are those of the stream; a model of vectors is UNSUPPORTED. */
typedef struct voq_features voq_features;

VOQ_CHECKED voq_status voq_features_new(const voq_model *model, const voq_options *options,
                                        voq_features **features);
VOQ_API void voq_features_free(voq_features *features);
VOQ_CHECKED voq_status voq_features_size(const voq_model *model, const voq_options *options,
                                         size_t *size);
VOQ_CHECKED voq_status voq_features_init(void *memory, size_t size, const voq_model *model,
                                         const voq_options *options, voq_features **features);
VOQ_CHECKED voq_status voq_features_push(voq_features *features, const float *x, size_t n,
                                         float *feature, size_t capacity, size_t *n_frame);
VOQ_CHECKED voq_status voq_features_push_i16(voq_features *features, const int16_t *x, size_t n,
                                             float *feature, size_t capacity, size_t *n_frame);
VOQ_CHECKED voq_status voq_features_finish(voq_features *features, float *feature, size_t capacity,
                                           size_t *n_frame);
VOQ_CHECKED voq_status voq_features_gap(voq_features *features, uint64_t n_lost, float *feature,
                                        size_t capacity, size_t *n_frame);
VOQ_API void voq_features_reset(voq_features *features);
VOQ_API size_t voq_features_max_frames(const voq_features *features, size_t n);
VOQ_API size_t voq_features_finish_frames(const voq_features *features);
VOQ_API uint64_t voq_features_position(const voq_features *features);
VOQ_API uint64_t voq_features_bad_samples(const voq_features *features);

/* ---- quantize: vectors in, units out --------------------------------------------------------- */

/* Vector quantization of x[n][dim], which enter just before the codebook (any model with one).
   id[n][n_codebook]; distance[n][n_codebook] or NULL; z_q[n][dim] or NULL is the codeword (the sum
   of codewords, with several codebooks). The definition of the nearest codeword and its tie rule
   (lowest index): src/quantize/README.md. VALUE: a vector holds NaN or infinity or overflows; the
   error names frame and dimension; what was written before that frame stays. The call takes 64 kB
   of stack. */
VOQ_CHECKED voq_status voq_quantize(const voq_model *model, const float *x, size_t n, uint32_t *id,
                                    float *distance, float *z_q, voq_error *error);

/* z_q[n][dim] of id[n][n_codebook]. An id that is not below n_code: ARGUMENT. */
VOQ_CHECKED voq_status voq_decode(const voq_model *model, const uint32_t *id, size_t n, float *z_q);

/* ---- version ------------------------------------------------------------------------------- */

/* MAJOR<<16 | MINOR<<8 | PATCH of the library that runs; the header's are the macros above. */
VOQ_API uint32_t voq_version(void);
VOQ_API const char *voq_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
