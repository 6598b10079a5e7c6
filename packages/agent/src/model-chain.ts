import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { Verdict } from './verdict.js';

export interface NamedModel {
  /** `provider:model`. */
  name: string;
  model: LanguageModelV4;
}

export interface ChainOptions {
  /** Maps an error to a verdict; rethrows bugs. */
  verdictOn: (error: unknown) => Verdict;
  /** Called with the model that answered a turn. */
  onAnswer: (name: string) => void;
  /** Called before the next model is asked. */
  onFallback: (failed: string, next: string, verdict: Verdict) => Promise<void>;
}

/**
 * Combines several models into one. Each turn goes to the model that answered the last one. If it fails or
 * takes too long, the turn goes to the others in their order, so that a run leaves a fallback that died. If
 * all fail, throws the most hopeful error: retryable before not, then the shortest wait.
 *
 * @param firstToAsk the index of the model that gets the first turn
 */
export function chainModels(
  models: readonly NamedModel[],
  options: ChainOptions,
  firstToAsk = 0,
): LanguageModelV4 {
  const [primary] = models;
  if (!primary) throw new Error('a chain needs a model');
  let active = models[firstToAsk] ?? primary;

  const doGenerate = async (call: LanguageModelV4CallOptions) => {
    const failures: Failure[] = [];
    const order = [active, ...models.filter((each) => each !== active)];
    for (const [index, candidate] of order.entries()) {
      try {
        const result = await candidate.model.doGenerate(call);
        active = candidate;
        options.onAnswer(candidate.name);
        return result;
      } catch (error) {
        if (call.abortSignal?.aborted) throw error;
        const verdict = options.verdictOn(error);
        failures.push({ error, verdict });
        const next = order[index + 1];
        if (next) await options.onFallback(candidate.name, next.name, verdict);
      }
    }
    throw mostHopeful(failures);
  };
  return {
    specificationVersion: 'v4',
    provider: primary.model.provider,
    modelId: primary.model.modelId,
    supportedUrls: {},
    doGenerate,
    doStream: () => {
      throw new UnsupportedFunctionalityError({ functionality: 'streaming' });
    },
  };
}

interface Failure {
  error: unknown;
  verdict: Verdict;
}

function mostHopeful(failures: Failure[]): unknown {
  const retryable = failures.filter(({ verdict }) => verdict.retryable);
  const soonest = retryable.sort((a, b) => (a.verdict.retry_after_ms ?? 0) - (b.verdict.retry_after_ms ?? 0));
  return (soonest[0] ?? failures[0])?.error;
}
