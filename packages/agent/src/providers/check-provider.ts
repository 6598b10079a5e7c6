import type { ProviderSettings } from '../settings.js';
import { type Endpoint, endpointsOf, secretsOf } from './endpoint.js';
import { baseUrlOf } from './open-model.js';

/** The outcome of a request to a provider. */
export interface ProviderCheck {
  provider: string;
  kind: Endpoint['kind'];
  outcome: 'answers' | 'refuses_key' | 'unreachable' | 'not_asked';
  /** One line without secrets. */
  detail: string;
}

/** How long one provider may take, in ms. */
const TIMEOUT_MS = 5_000;
/** How many providers are asked at once. */
const AT_ONCE = 8;
const ANTHROPIC_VERSION = '2023-06-01';

/**
 * Asks each configured provider for its list of models, which costs nothing. Providers whose requests must be
 * signed are not asked.
 */
export async function checkProviders(
  settings: ProviderSettings,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): Promise<ProviderCheck[]> {
  const entries = [...endpointsOf(settings).values()];
  const secrets = secretsOf(settings).filter((secret) => secret !== '');
  const found: ProviderCheck[] = [];
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    found.push(...(await Promise.all(some.map((entry) => check(entry, secrets, fetch)))));
  }
  return found;
}

async function check(
  entry: Endpoint,
  secrets: readonly string[],
  fetch: typeof globalThis.fetch,
): Promise<ProviderCheck> {
  const about = { provider: entry.name, kind: entry.kind };
  const base = baseUrlOf(entry);
  if (entry.kind === 'bedrock' || entry.kind === 'vertex' || entry.kind === 'azure' || base === undefined)
    return { ...about, outcome: 'not_asked', detail: 'its requests need more than a key' };
  try {
    const response = await fetch(`${base.replace(/\/$/, '')}/models`, {
      headers: { ...keyHeaders(entry), ...entry.headers },
      // A key must not follow to another server.
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    const { status } = response;
    if (status === 401 || status === 403)
      return { ...about, outcome: 'refuses_key', detail: `${hostOf(base)} answers ${status}` };
    return { ...about, outcome: 'answers', detail: `${hostOf(base)} answers ${status}` };
  } catch (error) {
    const { cause, message } = error as Error;
    const reason = (cause as Error | undefined)?.message || message;
    const quiet = secrets.reduce((text, secret) => text.replaceAll(secret, '[redacted]'), reason);
    return { ...about, outcome: 'unreachable', detail: `${hostOf(base)}: ${quiet.slice(0, 200)}` };
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'its address');

function keyHeaders({ kind, api_key }: Endpoint): Record<string, string> {
  if (api_key === undefined) return {};
  if (kind === 'anthropic') return { 'x-api-key': api_key, 'anthropic-version': ANTHROPIC_VERSION };
  if (kind === 'google') return { 'x-goog-api-key': api_key };
  return { authorization: `Bearer ${api_key}` };
}
