import type { LanguageModelV3, LanguageModelV3CallOptions } from '@ai-sdk/provider';
import { UnsupportedFunctionalityError } from '@ai-sdk/provider';
import type { Verdict } from './verdict.js';

export interface NamedModel {
  /** `provider:model`. */
  name: string;
  model: LanguageModelV3;
}

/**
 * One model out of several: each turn is asked of the first that has not failed yet in this run. When all have, the
 * error that leaves most hope is thrown: one worth another attempt before one that is not, the soonest first.
 *
 * @param verdictOn what an error means; throws what is a defect
 * @param onAnswer told which model a turn came from
 */
export function chainModels(
  models: readonly NamedModel[],
  verdictOn: (error: unknown) => Verdict,
  onAnswer: (name: string) => void,
  firstToAsk = 0,
): LanguageModelV3 {
  const [primary] = models;
  if (!primary) throw new Error('a chain needs a model');
  let active = firstToAsk;

  const doGenerate = async (options: LanguageModelV3CallOptions) => {
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
    specificationVersion: 'v3',
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
