import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { Verdict } from './verdict.js';

export interface NamedModel {
  /** `provider:model`. */
  name: string;
  model: LanguageModelV4;
}

/**
 * Combines several models into one. Each turn goes to the first model that has not failed in this run. If all
 * have failed, it throws the most hopeful error: retryable before not, then the shortest wait.
 *
 * @param verdictOn maps an error to a verdict; rethrows bugs
 * @param onAnswer called with the model that answered a turn
 */
export function chainModels(
  models: readonly NamedModel[],
  verdictOn: (error: unknown) => Verdict,
  onAnswer: (name: string) => void,
  firstToAsk = 0,
): LanguageModelV4 {
  const [primary] = models;
  if (!primary) throw new Error('a chain needs a model');
  let active = firstToAsk;

  const doGenerate = async (options: LanguageModelV4CallOptions) => {
    const failures: { error: unknown; verdict: Verdict }[] = [];
    for (; ; active++) {
      const candidate = models[active];
      if (!candidate) throw mostHopeful(failures);
      try {
        const result = await candidate.model.doGenerate(options);
        onAnswer(candidate.name);
        return result;
      } catch (error) {
        if (options.abortSignal?.aborted) throw error;
        failures.push({ error, verdict: verdictOn(error) });
      }
    }
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

function mostHopeful(failures: { error: unknown; verdict: Verdict }[]): unknown {
  const retryable = failures.filter(({ verdict }) => verdict.retryable);
  const soonest = retryable.sort((a, b) => (a.verdict.retry_after_ms ?? 0) - (b.verdict.retry_after_ms ?? 0));
  return (soonest[0] ?? failures[0])?.error;
}
