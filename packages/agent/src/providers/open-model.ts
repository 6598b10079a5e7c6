import type { ProviderKind } from '@agenthook/contracts';
import { createAnthropic } from '@ai-sdk/anthropic';
import { createGoogle } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { type Refusals, streamedModel } from '../model/wire/streamed-model.js';
import { chatInstead } from './chat-instead.js';
import type { Endpoint } from './endpoint.js';

type Fetch = typeof globalThis.fetch;
type Open = (
  entry: Endpoint,
  model: string,
  fetch: Fetch,
  refusals: Refusals,
) => LanguageModelV4 | Promise<LanguageModelV4>;

// Passed explicitly, because the SDK would otherwise read a base URL from the environment.
const OPENAI_URL = 'https://api.openai.com/v1';
const ANTHROPIC_URL = 'https://api.anthropic.com/v1';
const GOOGLE_URL = 'https://generativelanguage.googleapis.com/v1beta';
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';
const OLLAMA_URL = 'http://127.0.0.1:11434';

/** The base URL that each kind has by default. */
export function baseUrlOf({ kind, base_url }: Endpoint): string | undefined {
  switch (kind) {
    case 'openai':
      return base_url ?? OPENAI_URL;
    case 'anthropic':
      return withVersion(base_url ?? ANTHROPIC_URL);
    case 'google':
      return withVersion(base_url ?? GOOGLE_URL, 'v1beta');
    case 'openrouter':
      return base_url ?? OPENROUTER_URL;
    case 'ollama':
      return `${withoutSlash(base_url ?? OLLAMA_URL).replace(/\/(v1|api)$/, '')}/v1`;
    default:
      return base_url;
  }
}

/**
 * Opens a model of each kind. The packages of the clouds are loaded when the first model of theirs is used.
 */
export const OPEN: Record<ProviderKind, Open> = {
  openai: (entry, model, fetch, refusals) => {
    const openai = createOpenAI({ ...common(entry, fetch), apiKey: entry.api_key ?? '' });
    if (entry.api === 'chat') return openai.chat(model);
    const responses = openai(model);
    return entry.api === undefined ? chatInstead(responses, openai.chat(model), refusals) : responses;
  },
  anthropic: (entry, model, fetch) =>
    createAnthropic({ ...common(entry, fetch), apiKey: entry.api_key ?? '' })(model),
  google: (entry, model, fetch) =>
    createGoogle({ ...common(entry, fetch), apiKey: entry.api_key ?? '' })(model),
  compatible: (entry, model, fetch) => compatible('compatible', entry, model, fetch),
  openrouter: (entry, model, fetch) => compatible('openrouter', entry, model, fetch),
  ollama: (entry, model, fetch) => compatible('ollama', entry, model, fetch),
  azure: async (entry, model, fetch, refusals) => {
    const { createAzure } = await import('@ai-sdk/azure');
    const { resource_name: resourceName, api_version: apiVersion, api_key } = entry;
    const azure = createAzure({
      ...common(entry, fetch),
      // Without a key of its own, the headers have the credentials.
      apiKey: api_key ?? '',
      ...(resourceName !== undefined && { resourceName }),
      ...(apiVersion !== undefined && { apiVersion }),
    });
    if (entry.api === 'chat') return azure.chat(model);
    return entry.api === undefined ? chatInstead(azure(model), azure.chat(model), refusals) : azure(model);
  },
  bedrock: async (entry, model, fetch, refusals) => {
    const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
    const { region, api_key, access_key_id, secret_access_key, session_token } = entry;
    const bedrock = createAmazonBedrock({
      ...common(entry, fetch),
      region: region ?? 'us-east-1',
      ...(api_key !== undefined && { apiKey: api_key }),
      ...(access_key_id !== undefined && { accessKeyId: access_key_id }),
      ...(secret_access_key !== undefined && { secretAccessKey: secret_access_key }),
      ...(session_token !== undefined && { sessionToken: session_token }),
    });
    return streamedModel(bedrock(model), refusals);
  },
  vertex: async (entry, model, fetch) => {
    const { project, location = 'global', api_key, credentials_file } = entry;
    const settings = {
      ...common(entry, fetch),
      location,
      ...(project !== undefined && { project }),
      ...(credentials_file !== undefined && { googleAuthOptions: { keyFilename: credentials_file } }),
    };
    if (/claude/i.test(model)) {
      const { createGoogleVertexAnthropic } = await import('@ai-sdk/google-vertex/anthropic');
      return createGoogleVertexAnthropic(settings)(model);
    }
    const { createGoogleVertex } = await import('@ai-sdk/google-vertex');
    return createGoogleVertex({ ...settings, ...(api_key !== undefined && { apiKey: api_key }) })(model);
  },
};

function common(entry: Endpoint, fetch: Fetch) {
  const baseURL = baseUrlOf(entry);
  const { headers } = entry;
  return { ...(baseURL !== undefined && { baseURL }), ...(headers && { headers }), fetch };
}

function compatible(
  name: 'compatible' | 'openrouter' | 'ollama',
  entry: Endpoint,
  model: string,
  fetch: Fetch,
): LanguageModelV4 {
  const isCachingByMarks = name === 'openrouter' && /claude/i.test(model);
  return createOpenAICompatible({
    name,
    ...common(entry, fetch),
    baseURL: baseUrlOf(entry) ?? '',
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(entry.api_key !== undefined && { apiKey: entry.api_key }),
    // https://openrouter.ai/docs/guides/best-practices/prompt-caching: one mark, which follows the last
    // message.
    ...(isCachingByMarks && {
      transformRequestBody: (body: Record<string, unknown>) => ({
        cache_control: { type: 'ephemeral' },
        ...body,
      }),
    }),
  })(model);
}

/** The providers' own clients take the URL without the version, the AI SDK takes it with the version. */
function withVersion(baseUrl: string, version = 'v1'): string {
  const bare = withoutSlash(baseUrl);
  return URL.canParse(bare) && new URL(bare).pathname === '/' ? `${bare}/${version}` : bare;
}

const withoutSlash = (url: string): string => url.replace(/(?<!\/)\/+$/, '');
