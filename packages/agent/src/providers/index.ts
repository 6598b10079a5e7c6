import { needsOf } from '@agenthook/contracts';
import type { NumberMarks } from '@agenthook/json';
import { AISDKError, type LanguageModelV4 } from '@ai-sdk/provider';
import { createPatientFetch } from '../http.js';
import { createPulse } from '../model/pulse.js';
import { createMoreFields } from '../model/wire/more-fields.js';
import { nativeOllama } from '../model/wire/ollama-native.js';
import { createPassedThoughts } from '../model/wire/passed-thoughts.js';
import type { Refusals } from '../model/wire/streamed-model.js';
import { createWireFetch } from '../model/wire/wire-fetch.js';
import { networkErrorCode } from '../network-error.js';
import type { ProviderSettings } from '../settings.js';
import { final, type Verdict, VerdictError } from '../verdict.js';
import { type Endpoint, endpointsOf } from './endpoint.js';
import { createCallLimit } from './limit-calls.js';
import { baseUrlOf, OPEN } from './open-model.js';

type ChosenModel =
  | {
      model: LanguageModelV4;
      kind: Endpoint['kind'];
      /** The context window that the operator has set, in tokens. */
      window: number | undefined;
    }
  | { problem: Verdict };

/**
 * Returns a model of a provider, or the problem if the settings are incomplete.
 *
 * @param silence how long nothing may arrive from it during a call, in seconds
 */
export type ChooseModel = (provider: string, name: string, silence?: number) => ChosenModel;

/** Creates the providers once for all attempts, so that they share connections and limits. */
export function createModels(settings: ProviderSettings, marks: NumberMarks): ChooseModel {
  const pulse = createPulse();
  const patient = createPatientFetch(marks, pulse.watch);
  const opened = new Map(
    [...endpointsOf(settings).values()].map((entry) => {
      const { name, kind, limits, num_ctx } = entry;
      const isNative = kind === 'ollama' && num_ctx !== undefined;
      const sent = isNative ? nativeOllama(patient, num_ctx) : patient;
      const more = createMoreFields(createWireFetch(createPassedThoughts(sent), kind === 'openrouter'));
      const refusals: Refusals = new Set();
      return [name, { entry, more, refusals, limit: limits && createCallLimit(name, limits) }];
    }),
  );
  return (provider, name, silence) => {
    const endpoint = opened.get(provider);
    if (!endpoint) return { problem: notConfigured(provider) };
    const { entry, more, refusals, limit } = endpoint;
    const baseUrl = baseUrlOf(entry);
    if (baseUrl !== undefined && !isUsable(baseUrl)) return { problem: badBaseUrl(provider) };
    const called = more.wrap(openLazily(entry, name, more.fetch, refusals));
    const model = silence === undefined ? called : pulse.limit(called, silence);
    return { model: limit ? limit.wrap(model) : model, kind: entry.kind, window: entry.num_ctx };
  };
}

/** A model whose package is loaded with its first call. */
function openLazily(
  entry: Endpoint,
  name: string,
  fetch: typeof globalThis.fetch,
  refusals: Refusals,
): LanguageModelV4 {
  const opened = OPEN[entry.kind](entry, name, fetch, refusals);
  if (!(opened instanceof Promise)) return opened;
  // Each call reports the failure.
  opened.catch(() => undefined);
  return {
    specificationVersion: 'v4',
    provider: entry.kind,
    modelId: name,
    supportedUrls: {},
    doGenerate: async (options) => reportCredentials(entry, async () => (await opened).doGenerate(options)),
    doStream: async (options) => (await opened).doStream(options),
  };
}

/**
 * The clouds' packages get credentials of their own. Their errors are neither the SDK's nor the network's.
 */
async function reportCredentials<T>({ name }: Endpoint, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (AISDKError.isInstance(error) || error instanceof VerdictError) throw error;
    if (networkErrorCode(error) !== undefined || (error as Error).name === 'AbortError') throw error;
    const message = `The provider "${name}" got no credentials: ${(error as Error).message}`;
    throw new VerdictError(final('model_auth', message));
  }
}

/** fetch rejects URLs that contain credentials, and its error would quote them. */
function isUsable(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, username, password } = new URL(baseUrl);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function notConfigured(provider: string): Verdict {
  const needs = needsOf(provider).join(' and ');
  return final('model_auth', `The provider "${provider}" is not configured: set ${needs} for the worker.`);
}

function badBaseUrl(provider: string): Verdict {
  return final(
    'internal',
    `The base URL of the provider "${provider}" must be an http(s) URL without credentials.`,
  );
}
