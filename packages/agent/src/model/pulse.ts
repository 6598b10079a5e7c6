import { AsyncLocalStorage } from 'node:async_hooks';
import { orAborted } from '@agenthook/async';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { passing, VerdictError } from '../verdict.js';

type Fetch = typeof globalThis.fetch;

/** Notices calls on whose connections nothing arrives. */
export interface Pulse {
  /** A fetch that reports each arrival of headers and bytes to its call. */
  watch(fetch: Fetch): Fetch;
  /**
   * A model whose calls may be silent for `seconds`. Longer ones throw VerdictError `model_unavailable`.
   */
  limit(model: LanguageModelV4, seconds: number): LanguageModelV4;
}

export function createPulse(): Pulse {
  const current = new AsyncLocalStorage<() => void>();
  return {
    watch: (fetch) => async (url, init) => {
      const beat = current.getStore();
      const response = await fetch(url, init);
      if (!beat || response.body === null) return response;
      beat();
      const watched = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          beat();
          controller.enqueue(chunk);
        },
      });
      const { status, statusText, headers } = response;
      return new Response(response.body.pipeThrough(watched), { status, statusText, headers: [...headers] });
    },
    limit: (model, seconds) => ({
      specificationVersion: 'v4',
      provider: model.provider,
      modelId: model.modelId,
      supportedUrls: model.supportedUrls,
      doGenerate: async (call) => {
        const silence = new AbortController();
        const timer = setTimeout(() => silence.abort(), seconds * 1000);
        const { abortSignal: given } = call;
        const abortSignal = given ? AbortSignal.any([given, silence.signal]) : silence.signal;
        try {
          const answer = current.run(
            () => void timer.refresh(),
            () => Promise.resolve(model.doGenerate({ ...call, abortSignal })),
          );
          return await orAborted(answer, abortSignal);
        } catch (error) {
          if (!silence.signal.aborted || given?.aborted) throw error;
          throw new VerdictError(passing('model_unavailable', `The model sent nothing for ${seconds} s.`));
        } finally {
          clearTimeout(timer);
        }
      },
      doStream: (call) => model.doStream(call),
    }),
  };
}
