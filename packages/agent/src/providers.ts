import { PROVIDER_NEEDS, type ProviderName } from '@agenthook/contracts';
import type { NumberMarks } from '@agenthook/json';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { createPatientFetch } from './http.js';
import { createMoreFields } from './model/wire/more-fields.js';
import { createWireFetch } from './model/wire/wire-fetch.js';
import { type ProviderSettings, REQUIRED_SETTING, trimSettings } from './settings.js';
import { final, type Verdict } from './verdict.js';

/** The providers that are called over HTTP. */
type RemoteProvider = Exclude<ProviderName, 'sandbox'>;

type ChosenModel = { model: LanguageModelV4 } | { problem: Verdict };

/** Returns a model of a provider, or the problem if the settings are incomplete. */
export type ChooseModel = (provider: RemoteProvider, name: string) => ChosenModel;

// Passed explicitly, because the SDK would otherwise read a base URL from the environment.
const OPENAI_URL = 'https://api.openai.com/v1';
const ANTHROPIC_URL = 'https://api.anthropic.com/v1';
const GOOGLE_URL = 'https://generativelanguage.googleapis.com/v1beta';

/** Creates the providers once for all attempts, so that they share connections. */
export function createModels(settings: ProviderSettings, marks: NumberMarks): ChooseModel {
  const given = trimSettings(settings);
  const more = createMoreFields(createWireFetch(createPatientFetch(marks)));
  const { fetch } = more;

  const base: Record<RemoteProvider, () => string> = {
    openai: () => given.openai_base_url ?? OPENAI_URL,
    anthropic: () => withVersion(given.anthropic_base_url ?? ANTHROPIC_URL),
    google: () => given.google_base_url ?? GOOGLE_URL,
    ollama: () => `${(given.ollama_base_url ?? '').replace(/(?<!\/)\/+$/, '').replace(/\/(v1|api)$/, '')}/v1`,
    compatible: () => given.openai_base_url ?? '',
  };
  const make: Record<RemoteProvider, (baseURL: string, name: string) => LanguageModelV4> = {
    openai: (baseURL, name) => createOpenAI({ apiKey: given.openai_api_key ?? '', baseURL, fetch })(name),
    anthropic: (baseURL, name) =>
      createAnthropic({ apiKey: given.anthropic_api_key ?? '', baseURL, fetch })(name),
    google: (baseURL, name) => createGoogle({ apiKey: given.google_api_key ?? '', baseURL, fetch })(name),
    ollama: (baseURL, name) =>
      createOpenAICompatible({
        name: 'ollama',
        baseURL,
        includeUsage: true,
        supportsStructuredOutputs: true,
        fetch,
      })(name),
    compatible: (baseURL, name) =>
      createOpenAICompatible({
        name: 'compatible',
        baseURL,
        includeUsage: true,
        supportsStructuredOutputs: true,
        fetch,
        ...(given.openai_api_key !== undefined && { apiKey: given.openai_api_key }),
      })(name),
  };

  return (provider, name) => {
    if (given[REQUIRED_SETTING[provider]] === undefined) return { problem: notConfigured(provider) };
    const baseURL = base[provider]();
    if (!isUsable(baseURL)) return { problem: badBaseUrl(provider) };
    return { model: more.wrap(make[provider](baseURL, name)) };
  };
}

/** Anthropic's own clients take the URL without the version, the AI SDK takes it with the version. */
function withVersion(baseUrl: string): string {
  const bare = baseUrl.replace(/(?<!\/)\/+$/, '');
  return URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/v1` : bare;
}

/** fetch rejects URLs that contain credentials, and its error would quote them. */
function isUsable(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, username, password } = new URL(baseUrl);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function notConfigured(provider: RemoteProvider): Verdict {
  const needs = PROVIDER_NEEDS[provider].needs.join(' and ');
  return final('model_auth', `The provider "${provider}" is not configured: set ${needs} for the worker.`);
}

function badBaseUrl(provider: RemoteProvider): Verdict {
  return final(
    'internal',
    `The base URL of the provider "${provider}" must be an http(s) URL without credentials.`,
  );
}
