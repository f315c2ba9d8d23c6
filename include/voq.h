/* SPDX-License-Identifier: MIT */
/* voq turns speech into a stream of discrete units.

   How to use it:

       voq_model *model;
       voq_stream *stream;
       uint32_t id[64];
       voq_output output = {.struct_size = sizeof output, .capacity = 64, .id = id};
       float x[160];
       size_t n, n_frame;
       if (voq_model_open("phone-256.voq", NULL, &model, NULL) != VOQ_OK) return 1;
       if (voq_stream_new(model, NULL, &stream) != VOQ_OK) return 1;
       while ((n = microphone(x, 160)) > 0)
           if (voq_push(stream, x, n, &output, &n_frame) == VOQ_OK) use(id, n_frame);
       if (voq_finish(stream, &output, &n_frame) == VOQ_OK) use(id, n_frame);
       voq_stream_free(stream);
       voq_model_close(model);

   Rules for all calls:

   - Samples are floats within +-1 at the model's rate, one channel. An int16 sample is x / 32768.
   - Frame i stands for the samples [i*hop, (i+1)*hop); its window is centred on them. It has one
     feature vector, and in a model with codebooks one id per codebook: its unit.
   - Units are a function of the model, the samples and the major version of voq. They do not depend
     on how samples are cut into pushes, on `block`, on threads, CPU, compiler, or on the caller's
     floating-point environment. Distances and features have the same bits everywhere too.
   - A call that can fail returns a voq_status and writes counts to out-parameters. Unless its
     comment says otherwise, a call that fails leaves its out-parameters alone and consumes nothing.
   - Threads: any number of threads may use one model at once, because a model never changes. Only
     one thread at a time may use a stream, which may move between threads. No call locks.
   - Ownership: the caller closes what it opened. A model must outlive its streams.
   - n = 0 with a null pointer is allowed. Any other null pointer that the comment does not allow is
     ARGUMENT, as is an n too large for any memory; calls without a status return 0 or do nothing.
   - Plain structs that the caller fills or receives start with struct_size = sizeof the struct,
     which the caller sets. From 0.2 on they grow at their end: a program built against an older or
     a newer header works with the fields that both sides know. The library changes neither the
     struct_size of the caller's struct nor the bytes after the fields that it knows. To copy a
     struct that the library points to, copy it and then set the copy's struct_size.
   - push, finish, gap and decode never allocate, lock or call the operating system. Nor does
     quantize, except in a model of vectors with more than a codebook, where it allocates.
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
    VOQ_ERROR_VERSION = 5,     /* the model needs a newer version of voq */
    VOQ_ERROR_CORRUPT = 6,     /* the model is truncated or damaged */
    VOQ_ERROR_LIMIT = 7,       /* a size is beyond what voq supports */
    VOQ_ERROR_CAPACITY = 8,    /* the output is too small; nothing was consumed */
    VOQ_ERROR_UNSUPPORTED = 9, /* the model cannot do this, or not without the whole signal */
    VOQ_ERROR_CPU = 10,        /* this machine or build lacks the requested instruction set */
    VOQ_ERROR_VALUE = 11,      /* a vector or a table holds NaN or infinity, or overflows */
    VOQ_ERROR_STATE = 12       /* push after finish; call reset first */
} voq_status;

/* What went wrong, for people. Calls that take one fill it on failure; NULL is allowed. */
typedef struct voq_error {
    size_t struct_size;
    voq_status status;
    uint64_t offset; /* byte offset in the model that text refers to, or VOQ_NO_OFFSET */
    char text[200];  /* one sentence: what is wrong; what to do. Lower case, no newline */
} voq_error;

#define VOQ_NO_OFFSET UINT64_MAX

VOQ_API const char *voq_status_string(voq_status status); /* what it means, in static storage */

/* ---- options ------------------------------------------------------------------------------- */

/* Which build of the kernels to use. All compute the same bits. */
typedef enum voq_cpu {
    VOQ_CPU_AUTO = 0, /* the fastest that this machine can run */
    VOQ_CPU_SCALAR = 1,
    VOQ_CPU_SSE2 = 2,
    VOQ_CPU_AVX2 = 3,
    VOQ_CPU_AVX512 = 4,
    VOQ_CPU_NEON = 5,
    VOQ_CPU_WASM = 6 /* SIMD of WebAssembly, in a library that was compiled with it */
} voq_cpu;

typedef struct voq_options {
    size_t struct_size;
    voq_cpu cpu;    /* used when a model is opened */
    uint32_t block; /* used by a stream and voq_encode: frames computed together, at most 1024.
                       1: least memory, least work per push; for live audio. 64: several times
                       faster; for files. 0: 1 in a stream, 64 in voq_encode. Same bits. */
} voq_options;

/* ---- front end ----------------------------------------------------------------------------- */

enum voq_feature { VOQ_FEATURE_MFCC = 0, VOQ_FEATURE_LOG_MEL = 1 };
enum voq_window {
    VOQ_WINDOW_POVEY = 0,
    VOQ_WINDOW_HAMMING = 1,
    VOQ_WINDOW_HANN = 2, /* symmetric: Kaldi's hanning */
    VOQ_WINDOW_HANN_PERIODIC = 3,
    VOQ_WINDOW_BLACKMAN = 4,
    VOQ_WINDOW_RECTANGULAR = 5,
    VOQ_WINDOW_HANN_NONZERO = 6 /* symmetric, without the zeros at its ends: MATLAB's hanning */
};
/* Where windows are placed, and how the signal x[0..N-1] is extended past its ends (padding). */
enum voq_grid {
    VOQ_GRID_SNIP = 0,    /* window i starts at i*hop, all inside: Kaldi's snip-edges=true */
    VOQ_GRID_MIRROR = 1,  /* centred on its hop, x[-1-s] is x[s]: snip-edges=false. Models */
    VOQ_GRID_ZERO = 2,    /* centred on i*hop, 1 + N/hop frames, zeros outside: librosa's */
    VOQ_GRID_REFLECT = 3, /* as ZERO, but x[-s] is x[s]: librosa pad_mode="reflect" */
    VOQ_GRID_EDGE = 4     /* as ZERO, but repeats the edge samples: librosa pad_mode="edge" */
};
enum voq_mel_scale { VOQ_MEL_HTK = 0, VOQ_MEL_SLANEY = 1 };
/* The sides of a mel filter are straight lines over mel (Kaldi) or over Hz (librosa). */
enum voq_mel_shape { VOQ_MEL_IN_MEL = 0, VOQ_MEL_IN_HZ = 1 };
enum voq_mel_norm { VOQ_MEL_PEAK = 0, VOQ_MEL_AREA = 1 };
/* NATURAL and DECIBEL: of max(energy, mel_floor). OFFSET: natural, of energy + mel_floor. */
enum voq_log { VOQ_LOG_NATURAL = 0, VOQ_LOG_DECIBEL = 1, VOQ_LOG_NONE = 2, VOQ_LOG_OFFSET = 3 };
enum voq_energy { VOQ_ENERGY_NONE = 0, VOQ_ENERGY_RAW = 1, VOQ_ENERGY_WINDOWED = 2 };
enum voq_dct { VOQ_DCT_ORTHO = 0, VOQ_DCT_HTK = 1 };

/* Everything that turns samples into frames. src/frontend/README.md has the formulas. Start from a
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
    uint32_t energy;         /* enum voq_energy; MFCC: replaces c0; log mel: adds a dimension */
    uint32_t htk_order;      /* 1: energy or c0 comes last (Kaldi's htk-compat) */
    uint32_t lifter_origin;  /* index of the first coefficient in the lifter: 0 Kaldi, 1 librosa */
    uint32_t n_delta;        /* 0 to 3 orders of deltas appended */
    uint32_t delta_reach;    /* frames to each side, 1 to 16 (2 is a window of 5) */
    float scale;             /* multiplies the samples first: 32768 for Kaldi */
    float preemphasis;       /* 0 to 1 */
    float low_hz, high_hz;   /* high_hz <= 0 counts from the Nyquist frequency */
    float mel_floor;         /* above 0: smallest mel energy before the log, or what is added */
    float energy_floor;      /* 0: none */
    float lifter;            /* 0: none */
    float log_floor;         /* log mel values are at least this; -FLT_MAX: none */
    float top_db;            /* 0: none. Needs the whole signal: voq_encode, not a stream */
} voq_frontend;

/* Fills *frontend from a profile: "kaldi", "kaldi-fbank", "hubert", "librosa", "encoder"; else
   ARGUMENT. Only here may struct_size be unset: 0, or what cannot be one, becomes that of 0.2. */
VOQ_CHECKED voq_status voq_frontend_profile(const char *name, voq_frontend *frontend);

VOQ_API const char *voq_frontend_profile_name(size_t i); /* from 0; NULL past the last */

/* Sets one option by its name in Kaldi or librosa, with underscores (num_mel_bins, frame_shift in
   ms, n_fft, hop_length in samples, ...). ARGUMENT: the error text names the key and its values. */
VOQ_CHECKED voq_status voq_frontend_set(voq_frontend *frontend, const char *key, const char *value,
                                        voq_error *error);

/* Writes sorted "key=value\n" lines and a final zero; voq_frontend_set reads them back to the same
   front end. *n_byte is the length without the zero. CAPACITY: too small, *n_byte is needed. */
VOQ_CHECKED voq_status voq_frontend_text(const voq_frontend *frontend, char *text, size_t capacity,
                                         size_t *n_byte);

/* ---- model --------------------------------------------------------------------------------- */

typedef struct voq_model voq_model;

enum voq_normalise_kind {
    VOQ_NORMALISE_RUNNING_MEAN = 1,     /* a = 1/min(n0+t+1, n_max); m += a*(x-m); y = x-m */
    VOQ_NORMALISE_RUNNING_VARIANCE = 2, /* and v += a*((x-m)^2 - v); y = (x-m)/sqrt(v + floor) */
    VOQ_NORMALISE_GLOBAL = 3,           /* y = (x-mean)/sqrt(variance + floor) */
    VOQ_NORMALISE_UTTERANCE_MEAN = 4,   /* needs the whole signal: voq_encode, not a stream */
    VOQ_NORMALISE_RUNNING_SCALED = 5    /* as 1, but y = (x-m)*scale */
};

/* Mean and variance are the prior of the running kinds and the statistics of the global kind. */
typedef struct voq_normalise {
    size_t struct_size;
    uint32_t kind; /* enum voq_normalise_kind */
    uint32_t dim;
    uint32_t n0, n_max;    /* running kinds: weight of the prior, longest memory, in frames */
    float floor;           /* 0 or more; above 0 in kind 2, whose variance may shrink to 0 */
    const float *mean;     /* [dim] */
    const float *variance; /* [dim], kinds 2 and 3; NULL in kind 3: subtract the mean only */
    const float *scale;    /* [dim], kind 5: above 0 */
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

enum voq_layer_kind { VOQ_LAYER_CONV = 1, VOQ_LAYER_GRU = 2, VOQ_LAYER_LATENT = 3 };

/* A matrix of an encoder, in integers: row r of a product is
   (int64(bias[r] + sum of weight * input) * multiplier[r] + 2^(shift-1)) >> shift, clamped.
   src/encoder/README.md has the definition and the bounds. This struct does not grow. */
typedef struct voq_matrix {
    const int8_t *weight;      /* [row][tap][in], -127 to 127 */
    const int32_t *bias;       /* [row] */
    const int32_t *multiplier; /* [row], 1 or more */
    uint32_t shift;            /* 25 to 32 */
} voq_matrix;

/* A layer of an encoder. Its size is voq_encoder.layer_size; it grows at its end. */
typedef struct voq_layer {
    uint32_t kind;            /* enum voq_layer_kind */
    uint32_t in_dim, out_dim; /* 1 to 1024 */
    uint32_t taps;            /* CONV: frames that an output reads, 1 to 64; else 1 */
    uint32_t dilation;        /* CONV: frames from tap to tap; (taps-1)*dilation <= 256; else 1 */
    uint32_t right;           /* CONV: taps after the output's own frame, below taps; else 0 */
    uint32_t stride;          /* CONV: frames in for a frame out, 1 to 16; else 1 */
    voq_matrix input;         /* rows: out_dim; in a GRU 3*out_dim, the gates r, z, n */
    voq_matrix state;         /* GRU only: [3*out_dim][out_dim] */
} voq_layer;

/* A learned encoder: up to 16 layers, of which the last is a LATENT and no other. The strides of
   all layers multiply to at most 16. */
typedef struct voq_encoder {
    size_t struct_size;
    size_t layer_size;      /* sizeof(voq_layer) where the array was made: step by it */
    const voq_layer *layer; /* [n_layer] */
    size_t n_layer;
} voq_encoder;

/* A section of a model's file that the library keeps but does not read; it is no part of the hash.
   This struct does not grow. */
typedef struct voq_section {
    char type[8]; /* four characters, then zeros; not the type of a part below */
    const void *bytes;
    size_t n_byte;
} voq_section;

/* The parts of a model, in the order of the chain. */
typedef struct voq_parts {
    size_t struct_size;
    const voq_frontend *frontend;   /* NULL: a model of vectors, which takes no audio */
    const voq_normalise *normalise; /* NULL: none */
    const voq_transform *transform; /* NULL: none */
    const float *codeword;          /* [n_codebook][n_code][dim]; NULL: features only, no units */
    uint32_t n_codebook;            /* above 1: residual; each quantizes the error of the last */
    uint32_t n_code;
    uint32_t dim;
    const char *name;       /* UTF-8, one line */
    const char *provenance; /* UTF-8 lines "key=value\n" sorted by key, or NULL */
    const voq_encoder *encoder; /* after the transform, before the codebook; NULL: none */
    const char *const *label;   /* [n_code], of the first codebook: voq_unit_label; or NULL */
    const float *label_probability; /* [n_code], 0 to 1; NULL where label is */
    const voq_section *section; /* [n_section], in the order of the file: voq_model_section */
    size_t n_section;           /* a file has at most 64 sections in all */
} voq_parts;

typedef struct voq_info {
    size_t struct_size;
    const char *name;       /* lives as long as the model */
    const char *provenance; /* likewise */
    const char *cpu;        /* the kernels in use: "avx2" */
    char hash[17];          /* 16 hex digits: equal hashes mean equal units */
    uint32_t rate_hz;       /* 0 in a model of vectors, like the next five */
    uint32_t hop_samples; /* of a unit: the front end's hop times the encoder's stride */
    uint32_t window_samples;
    uint32_t look_ahead_samples; /* samples after the end of its own hop that a frame needs */
    uint32_t look_ahead_frames;  /* its part for deltas, stacking, encoder, in front-end hops */
    uint32_t frontend_dim;       /* of a frame before normalisation and transform */
    uint32_t dim;                /* of a feature vector and of a codeword */
    uint32_t n_codebook, n_code; /* 0: no codebook, so features but no units */
    uint32_t input_dim;          /* of a vector that voq_quantize takes */
    uint32_t whole_signal;       /* 1: needs the whole signal; use voq_encode, not a stream */
    uint32_t n_layer;            /* of the encoder; 0: no encoder, like the next three */
    uint32_t stride;             /* frames that enter the encoder for a unit */
    uint64_t n_parameter;        /* weights and biases of the encoder */
    uint64_t n_multiply;         /* multiply-adds of the encoder per frame that enters it */
} voq_info;

/* Opens a model file. Errors: IO, NOT_VOQ, VERSION, CORRUPT, LIMIT, VALUE, CPU, MEMORY. */
VOQ_CHECKED voq_status voq_model_open(const char *path, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* Reads a model from n_byte bytes, which it copies. Errors as open, without IO. */
VOQ_CHECKED voq_status voq_model_read(const void *bytes, size_t n_byte, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* Reads a model into the caller's memory, of any alignment and at least as large as voq_model_size
   returns for the same bytes and options (else MEMORY). Do not close such a model. */
VOQ_CHECKED voq_status voq_model_size(const void *bytes, size_t n_byte, const voq_options *options,
                                      size_t *size, voq_error *error);
VOQ_CHECKED voq_status voq_model_init(void *memory, size_t size, const void *bytes, size_t n_byte,
                                      const voq_options *options, voq_model **model,
                                      voq_error *error);

/* Makes a model from parts, which it copies. Errors: ARGUMENT, LIMIT, VALUE, CPU, MEMORY. */
VOQ_CHECKED voq_status voq_model_make(const voq_parts *parts, const voq_options *options,
                                      voq_model **model, voq_error *error);

/* Fill *parts, with pointers that live as long as the model, and *info, whose hash is computed when
   it is first asked for. */
VOQ_CHECKED voq_status voq_model_parts(const voq_model *model, voq_parts *parts);
VOQ_CHECKED voq_status voq_model_describe(const voq_model *model, voq_info *info);

/* Returns the most likely label of a codeword of the first codebook, a phone for example, and
   writes its probability, unless `probability` is NULL. Returns NULL, and writes nothing, where the
   model has no labels or no such codeword. The text lives as long as the model; "" is no label. */
VOQ_API const char *voq_unit_label(const voq_model *model, uint32_t id, float *probability);

/* Returns the bytes of the first section of voq_parts.section with that type, and writes how many
   they are, unless n_byte is NULL. Returns NULL, and writes nothing, where there is none. The bytes
   live as long as the model and are aligned to 8. */
VOQ_API const void *voq_model_section(const voq_model *model, const char *type, size_t *n_byte);

/* Returns the bytes of the model's file, which live as long as the model; write puts them into a
   file (error: IO). The same parts always make the same bytes; unknown sections are kept. */
VOQ_API void voq_model_bytes(const voq_model *model, const void **bytes, size_t *n_byte);
VOQ_CHECKED voq_status voq_model_write(const voq_model *model, const char *path, voq_error *error);

/* Frees a model made by open, read or make; NULL is allowed. Free its streams first. */
VOQ_API void voq_model_close(voq_model *model);

/* ---- output: what a caller asks for ---------------------------------------------------------- */

/* Where results go, one row per frame. What is NULL is not computed: where id, distance and z_q are
   NULL, no codebook is searched. A NULL output, or one whose arrays are all NULL, only counts:
   nothing is written and capacity is not read. Arrays must not overlap. Errors of every call that
   takes one: ARGUMENT (struct_size is not set), UNSUPPORTED (id, distance or z_q of a model without
   a codebook), CAPACITY (more rows are due; nothing is consumed or written, and *n_frame, where the
   call has one, is the number of rows needed). */
typedef struct voq_output {
    size_t struct_size;
    size_t capacity; /* rows that every array below has room for */
    uint32_t *id;    /* [capacity][n_codebook], or NULL */
    float *distance; /* [capacity][n_codebook], or NULL: squared Euclidean, of the feature to its
                        codeword; in later codebooks of the residual to its own */
    float *feature;  /* [capacity][dim], or NULL: the vectors before the codebook */
    float *z_q;      /* [capacity][dim], or NULL: the codeword; the sum with several codebooks */
} voq_output;

/* ---- stream: samples arrive in pieces -------------------------------------------------------- */

typedef struct voq_stream voq_stream;

/* Makes a stream. Errors of new, size and init: ARGUMENT, MEMORY, UNSUPPORTED (a model of vectors,
   or one that needs the whole signal). */
VOQ_CHECKED voq_status voq_stream_new(const voq_model *model, const voq_options *options,
                                      voq_stream **stream);
VOQ_API void voq_stream_free(voq_stream *stream); /* frees one made by new; NULL is allowed */

/* Makes a stream in the caller's memory, of any alignment and at least as large as voq_stream_size
   returns: under 64 kB for block 1 and shipped models. Do not free such a stream. */
VOQ_CHECKED voq_status voq_stream_size(const voq_model *model, const voq_options *options,
                                       size_t *size);
VOQ_CHECKED voq_status voq_stream_init(void *memory, size_t size, const voq_model *model,
                                       const voq_options *options, voq_stream **stream);

/* Consumes n samples x[n] and writes the *n_frame frames that they complete. A sample that is NaN
   or infinite counts as 0 and raises voq_stream_bad_samples. STATE: the stream has ended; reset it.
   VALUE: a feature or a distance overflowed after *n_frame frames, which are written; reset it. */
VOQ_CHECKED voq_status voq_push(voq_stream *stream, const float *x, size_t n,
                                const voq_output *output, size_t *n_frame);
VOQ_CHECKED voq_status voq_push_i16(voq_stream *stream, const int16_t *x, size_t n,
                                    const voq_output *output, size_t *n_frame);

/* Ends the signal and writes its last frames. Until voq_reset, push, finish and gap then return
   STATE. Errors as push. */
VOQ_CHECKED voq_status voq_finish(voq_stream *stream, const voq_output *output, size_t *n_frame);

/* Reports that n_lost samples are missing here. Writes the frames of what came before, as finish
   does, and resumes at the first multiple of hop that is not before the new position (samples up to
   there are dropped), so that frame i still starts at sample i*hop. Running statistics are kept.
   With n_lost 0 nothing happens. ARGUMENT: the position would pass, or has passed, 2^63 samples. */
VOQ_CHECKED voq_status voq_gap(voq_stream *stream, uint64_t n_lost, const voq_output *output,
                               size_t *n_frame);

VOQ_API void voq_reset(voq_stream *stream); /* back to its state after new */

/* Return exactly how many frames a push of n samples, or finish or gap, would write now; 0 after
   the end. A count that size_t cannot hold is SIZE_MAX. */
VOQ_API size_t voq_max_units(const voq_stream *stream, size_t n);
VOQ_API size_t voq_finish_units(const voq_stream *stream);

/* Return the index i of the next frame, which starts at sample i*hop of the stream, and how many
   samples since new or reset were NaN or infinite. */
VOQ_API uint64_t voq_stream_position(const voq_stream *stream);
VOQ_API uint64_t voq_stream_bad_samples(const voq_stream *stream);

/* ---- encode: the whole signal in one call ---------------------------------------------------- */

/* Encodes x[n], one whole signal, into *n_frame frames: the bits of a stream's push and finish. It
   also serves the models that a stream refuses because they need the whole signal. Of options only
   block is read. Allocates a stream for the call; with nothing asked, it only counts. NaN and
   infinite samples count as 0. VALUE: a feature or a distance overflowed; some rows may have been
   written. UNSUPPORTED: a model of vectors. MEMORY. */
VOQ_CHECKED voq_status voq_encode(const voq_model *model, const voq_options *options,
                                  const float *x, size_t n, const voq_output *output,
                                  size_t *n_frame, voq_error *error);

/* Returns how many frames voq_encode writes for n samples; 0 for a model of vectors. */
VOQ_API size_t voq_encode_frames(const voq_model *model, size_t n);

/* ---- quantize: vectors in, units out --------------------------------------------------------- */

/* Quantizes the vectors x[n][input_dim] into voq_quantize_rows rows. In a model with a front end
   they enter just before the codebook, each on its own. In a model of vectors they enter at the
   start of its chain (normalisation, transform, encoder) and are one sequence; where there is such
   a chain, the call allocates memory that does not grow with n (error: MEMORY).
   src/quantize/README.md defines the nearest codeword; among equals the lowest index wins. With
   nothing asked, only arguments are checked. VALUE: a vector holds NaN or infinity, or overflows;
   the error text names the frame, and rows of earlier frames may have been written. Uses 64 kB of
   stack. */
VOQ_CHECKED voq_status voq_quantize(const voq_model *model, const float *x, size_t n,
                                    const voq_output *output, voq_error *error);

/* Returns how many rows voq_quantize writes for n vectors: n, but with the encoder of a model of
   vectors n / stride, rounded up. */
VOQ_API size_t voq_quantize_rows(const voq_model *model, size_t n);

/* Looks up the codewords of id[n][n_codebook] and writes z_q[n][dim], with several codebooks their
   sum. ARGUMENT: an id is not below n_code. UNSUPPORTED: the model has no codebook. */
VOQ_CHECKED voq_status voq_decode(const voq_model *model, const uint32_t *id, size_t n, float *z_q);

/* ---- version ------------------------------------------------------------------------------- */

/* Returns MAJOR<<16 | MINOR<<8 | PATCH of the library that runs; the macros are the header's. */
VOQ_API uint32_t voq_version(void);
VOQ_API const char *voq_version_string(void);

#ifdef __cplusplus
}
#endif

#endif
