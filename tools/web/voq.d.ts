// SPDX-License-Identifier: MIT

/** The address of a file, or its bytes. */
export type Source = string | URL | ArrayBuffer | ArrayBufferView;

export interface LoadOptions {
  /** Which kernels compute; all have the same results. "wasm" needs a module that was built with SIMD. */
  cpu?: 'auto' | 'scalar' | 'wasm';
}

export interface StreamOptions {
  /** Frames that are computed together: 1 (the default) for live audio, 64 for files. Same units. */
  block?: number;
}

/** What a model is. Counts of samples are at rateHz. */
export interface Info {
  readonly version: string;
  readonly name: string;
  /** 16 hex digits; equal hashes mean equal units. */
  readonly hash: string;
  /** The kernels in use. */
  readonly cpu: string;
  /** Lines key=value: how the model was made. */
  readonly provenance: string;
  /** 0 in a model of vectors, which takes no audio. */
  readonly rateHz: number;
  /** Unit i stands for the samples from i*hopSamples on. */
  readonly hopSamples: number;
  readonly windowSamples: number;
  /** Samples after the end of its hop that a unit waits for. */
  readonly lookAheadSamples: number;
  readonly dim: number;
  /** Ids per unit. */
  readonly nCodebook: number;
  readonly nCode: number;
  /** The model has no streams: use encode. */
  readonly wholeSignal: boolean;
  /** Of the learned encoder; 0 without one. */
  readonly nParameter: number;
}

/** A failure that the library reported; the message is its sentence. */
export class VoqError extends Error {
  constructor(message: string, status: number, units?: Uint32Array | null);
  /** Of enum voq_status in voq.h. */
  readonly status: number;
  /** What had been computed before the failure. */
  readonly units: Uint32Array | null;
}

export class Voq {
  /** Compiles the module, once for any number of models and worklets. */
  static compile(wasm: Source | WebAssembly.Module): Promise<WebAssembly.Module>;
  static load(wasm: Source | WebAssembly.Module, model: Source, options?: LoadOptions): Promise<Model>;
}

/** Ids are in the order of units; with several codebooks a unit has nCodebook of them, one after another. */
export class Model {
  constructor(module: WebAssembly.Module, bytes: ArrayBuffer | ArrayBufferView, options?: LoadOptions);
  readonly info: Info;
  /** The most likely label of a unit; "" where the model has none. */
  label(id: number): string;
  /** Makes a stream. Throws where info.wholeSignal or a model of vectors does not allow one. */
  stream(options?: StreamOptions): Stream;
  /** Makes a stream whose rows are the vectors that enter the codebook, info.dim values each. */
  featureStream(options?: StreamOptions): Stream<Float32Array>;
  /** [nCodebook][nCode][dim]; of several codebooks the later ones quantize what the earlier left. */
  codewords(): Float32Array;
  /** The ids of a whole signal: mono, at info.rateHz, within -1 and 1. */
  encode(samples: Float32Array): Uint32Array;
  /** Gives the memory of the model and of its streams back. */
  close(): void;
}

/** Samples that arrive in pieces of any size. Its rows are units, of nCodebook ids each, or features. */
export class Stream<Row extends Uint32Array | Float32Array = Uint32Array> {
  private constructor();
  /** The rows that these samples complete. */
  push(samples: Float32Array): Row;
  /** Like push, of the first n samples, into rows, whose length is at least count(n). Returns how many values that are
   *  and allocates nothing. */
  pushInto(samples: Float32Array, rows: Row, n?: number): number;
  /** How many values a push of n samples returns now. */
  count(n: number): number;
  /** nLost samples are missing here: returns the rows of what came before. Later rows keep their time. */
  gap(nLost: number): Row;
  /** Ends the signal and returns the last rows. */
  finish(): Row;
  /** Back to the beginning, for another signal. */
  reset(): void;
  /** The number of the next row. */
  readonly position: number;
  /** How many samples were NaN or infinite; they counted as 0. */
  readonly badSamples: number;
  close(): void;
}

/** processorOptions of the AudioWorkletProcessor "voq". */
export interface ProcessorOptions {
  wasm: WebAssembly.Module | ArrayBuffer;
  model: ArrayBuffer;
  cpu?: LoadOptions['cpu'];
  /** Post the samples that enter the model, too. */
  audio?: boolean;
}

/** What the processor posts. Times are in seconds of the audio context. */
export type ProcessorMessage =
  | { type: 'ready'; info: Info; rateHz: number; resampled: boolean }
  | { type: 'units'; first: number; time: number; units: Uint32Array }
  | { type: 'audio'; samples: Float32Array }
  | { type: 'gap'; samples: number; next: number; time: number; why: string }
  | { type: 'finished'; nUnit: number; badSamples: number }
  | { type: 'error'; message: string; status: number };

/** What the processor takes. */
export type ProcessorRequest = { type: 'gap'; frames: number; why?: string } | { type: 'finish' };
