import type { ProviderEntry } from '@agenthook/contracts';
import { type ProviderSettings, trimSettings } from '../settings.js';

/** A provider that can be called. */
export type Endpoint = ProviderEntry;

/** OpenRouter's own server, which adds to the API of compatible servers what a run costs. */
const OPENROUTER = /^https:\/\/openrouter\.ai\//;

/** The providers that the settings can call, by name. Entries of the operator replace those of variables. */
export function endpointsOf(settings: ProviderSettings): Map<string, Endpoint> {
  const given = trimSettings(settings);
  const { openai_api_key, openai_base_url, anthropic_api_key, google_api_key } = given;
  const fromVariables: Endpoint[] = [];
  const add = (kind: Endpoint['kind'], needs?: string, api_key?: string, base_url?: string) => {
    if (needs === undefined) return;
    const more = { ...(api_key !== undefined && { api_key }), ...(base_url !== undefined && { base_url }) };
    fromVariables.push({ name: kind, kind, ...more });
  };
  add('openai', openai_api_key, openai_api_key, openai_base_url);
  add('anthropic', anthropic_api_key, anthropic_api_key, given.anthropic_base_url);
  add('google', google_api_key, google_api_key, given.google_base_url);
  add('ollama', given.ollama_base_url, undefined, given.ollama_base_url);
  add('compatible', openai_base_url, openai_api_key, openai_base_url);
  const all = [...fromVariables, ...(settings.providers ?? [])].map((entry): Endpoint => {
    const isOpenRouter = entry.kind === 'compatible' && OPENROUTER.test(entry.base_url ?? '');
    return isOpenRouter ? { ...entry, kind: 'openrouter' } : entry;
  });
  return new Map(all.map((entry) => [entry.name, entry]));
}

/** Headers whose values are credentials. Others, such as a title, may be ordinary words. */
const SECRET_HEADER = /auth|key|token|secret|cookie/i;

/** The values of an endpoint that no message may contain. */
function secretsOfEndpoint(entry: Endpoint): string[] {
  const { api_key, access_key_id, secret_access_key, session_token, headers = {} } = entry;
  const inHeaders = Object.entries(headers).flatMap(([name, value]) =>
    SECRET_HEADER.test(name) ? [value] : [],
  );
  const values = [api_key, access_key_id, secret_access_key, session_token, ...inHeaders];
  // A header says `Bearer KEY`; the key alone may be quoted too.
  return values.flatMap((value) => (value === undefined ? [] : [value, ...value.split(' ').slice(1)]));
}

/** The providers that these settings can call, always including `sandbox`. */
export const configuredProviders = (settings: ProviderSettings): string[] => [
  'sandbox',
  ...endpointsOf(settings).keys(),
];

/** The values that no message may contain. */
export const secretsOf = (settings: ProviderSettings): string[] => [
  ...new Set([...endpointsOf(settings).values()].flatMap(secretsOfEndpoint)),
];
