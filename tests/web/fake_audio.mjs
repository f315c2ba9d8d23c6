// SPDX-License-Identifier: MIT
// As much of Web Audio as an AudioWorkletProcessor sees, without a browser: a context whose quanta a test renders.

import { pathToFileURL } from 'node:url';

const QUANTUM = 128;

/** Loads voq-worklet.js into this realm and returns a context at rateHz. One context at a time. */
export async function contextAt(rateHz, path) {
  const processors = {};
  globalThis.AudioWorkletProcessor = class {
    port = globalThis.portOfNode;
  };
  globalThis.registerProcessor = (name, processor) => { processors[name] = processor; };
  globalThis.sampleRate = rateHz;
  globalThis.currentFrame = 0;
  await import(`${pathToFileURL(path)}?rate=${rateHz}-${contextAt.n = (contextAt.n ?? 0) + 1}`);
  return {
    /** An AudioWorkletNode; keep(message) gets what it posts. */
    node(name, processorOptions, keep) {
      globalThis.portOfNode = { postMessage: keep };
      const processor = new processors[name]({ processorOptions: structuredClone(processorOptions) });
      const { port } = processor;
      return { processor, request: (data) => port.onmessage({ data }) };
    },
    /** Renders the quanta of x[channel] through a node; a channel list of null is a node without a source. */
    render({ processor }, channels, n = channels[0].length) {
      let goesOn = true;
      for (let at = 0; at < n && goesOn; at += QUANTUM) {
        const input = channels ? channels.map((x) => x.subarray(at, at + QUANTUM)) : [];
        goesOn = processor.process([input], [], {});
        globalThis.currentFrame += QUANTUM;
      }
      return goesOn;
    },
  };
}
