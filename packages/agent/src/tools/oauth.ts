import { createHash } from 'node:crypto';
import { orAborted } from '@agenthook/async';
import { iso, type OAuth, type Renewal, type StoredGrant } from '@agenthook/contracts';
import { type Egress, EgressError, type EgressResponse } from '@agenthook/egress';
import { isJsonObject } from '@agenthook/json';
import { LRUCache } from 'lru-cache';
import { createSecretFilter } from '../without-secrets.js';
import { cut } from './cut.js';
import { type ToolEnvironment, ToolError } from './tool.js';

const TIMEOUT_MS = 15_000;
const MAX_BYTES = 64 * 1024;
/** A token is fetched again this long before it expires, in ms, because a call takes time. */
const EARLY_MS = 30_000;
/** How long a token is used whose server does not say how long it is valid, in ms. */
const UNKNOWN_LIFE_MS = 10 * 60_000;
/** What a server says beyond this is not believed, in ms. */
const LONGEST_LIFE_MS = 365 * 86_400_000;
const MAX_CACHED = 1_000;
const LONGEST_TOKEN = 16_000; // characters
const LONGEST_ERROR = 300; // characters

/** RFC 6749 section 5.2: the refresh token is wrong, expired, revoked, or was used before. */
const NO_LONGER_VALID = 'invalid_grant';
/**
 * What to do about a refresh token that is no longer valid. A worker that dies before it has stored a
 * replaced token loses it: the server has spent the old one.
 *
 * @param lostMs when a request began whose answer nobody has stored, in ms since 1970
 */
function remedy(lostMs: number | undefined): string {
  const why =
    lostMs === undefined
      ? 'it has expired, was revoked, or was replaced elsewhere'
      : `a request for a new one began at ${iso(lostMs)}, and its worker ended before it could store the answer. The ` +
        'provider has replaced the token, and the new one is lost';
  return `. The refresh token is no longer valid: ${why}. Sign in again at the provider, and save the new token as secrets.refresh_token.`;
}

/** The access tokens of one tool. */
export interface Tokens {
  /** The current token. Throws ToolError, EgressError. */
  current(signal: AbortSignal): Promise<string>;
  /** Another token than `refused`, which a server has not accepted. */
  after(refused: string, signal: AbortSignal): Promise<string>;
  /** Removes the tokens that were used from a text. */
  clean(text: string): string;
}

interface Grant {
  token: string;
  /** By performance.now(). */
  expires: number;
  /** The refresh token for the next one, if the server has replaced the configured one. */
  refreshToken: string | undefined;
}

/** The tokens of a process, by tool; as long as its Egress. They are in no log and no journal. */
const caches = new WeakMap<Egress, LRUCache<string, Promise<Grant>>>();

/**
 * The tokens of a tool with `oauth`, RFC 6749 sections 4.4 and 6; undefined for one without. Calls share a
 * token until shortly before it expires, but only those of the same agent with the same settings and secrets.
 * One that a refresh token has given is shared by all workers, because the next one needs its refresh token.
 */
export function tokensOf(
  { oauth }: { oauth?: OAuth },
  { egress, secrets, agent, grants }: Pick<ToolEnvironment, 'egress' | 'secrets' | 'agent' | 'grants'>,
): Tokens | undefined {
  if (oauth === undefined) return undefined;
  const cache = caches.get(egress) ?? new LRUCache<string, Promise<Grant>>({ max: MAX_CACHED });
  caches.set(egress, cache);
  const key = createHash('sha256')
    .update(JSON.stringify([agent.id, oauth, secrets]))
    .digest('base64url');

  const renewShared = async (isUsable: (grant: Grant) => boolean): Promise<Grant> => {
    const renewed = await grants.renew(key, async (stored, renewal) => {
      if (stored && isUsable(grantOf(stored))) return stored;
      return storable(await fetchToken(oauth, secrets, egress, stored?.refresh_token, renewal));
    });
    if (!renewed) throw new ToolError('No OAuth token could be fetched: another worker takes too long to.');
    return grantOf(renewed);
  };
  // Not under the signal of a caller, because others wait for the same token.
  const renew = (isUsable: (grant: Grant) => boolean): Promise<Grant> => {
    const granted =
      oauth.grant === 'refresh_token' ? renewShared(isUsable) : fetchToken(oauth, secrets, egress);
    cache.set(key, granted);
    granted.catch(() => {
      if (cache.peek(key) === granted) cache.delete(key);
    });
    return granted;
  };
  const grant = async (isUsable: (grant: Grant) => boolean): Promise<Grant> => {
    const known = cache.get(key);
    const old = await known?.catch(() => undefined);
    if (old && isUsable(old)) return old;
    // Another call may have renewed it meanwhile.
    const newer = cache.peek(key);
    return newer !== undefined && newer !== known ? await newer : await renew(isUsable);
  };
  const isFresh = ({ expires }: Grant) => performance.now() < expires;
  const used = new Set<string>();
  const use = async (isUsable: (grant: Grant) => boolean, signal: AbortSignal): Promise<string> => {
    const { token } = await orAborted(grant(isUsable), signal);
    used.add(token);
    return token;
  };
  return {
    current: (signal) => use(isFresh, signal),
    after: (refused, signal) => use((each) => each.token !== refused && isFresh(each), signal),
    clean: (text) => createSecretFilter([...used])(text),
  };
}

const grantOf = ({ access_token, refresh_token, left_ms }: StoredGrant): Grant => ({
  token: access_token,
  expires: performance.now() + left_ms,
  refreshToken: refresh_token,
});

const storable = ({ token, expires, refreshToken = '' }: Grant): StoredGrant => ({
  access_token: token,
  refresh_token: refreshToken,
  left_ms: expires - performance.now(),
});

async function fetchToken(
  {
    token_url,
    grant = 'client_credentials',
    client_id,
    scope,
    audience,
    client_authentication = 'header',
  }: OAuth,
  secrets: Record<string, string>,
  egress: Egress,
  refreshToken = secrets.refresh_token,
  renewal?: Renewal,
): Promise<Grant> {
  const { client_secret = '' } = secrets;
  const form = new URLSearchParams({
    grant_type: grant,
    ...(grant === 'refresh_token' && { refresh_token: refreshToken ?? '' }),
    ...(scope !== undefined && { scope }),
    ...(audience !== undefined && { audience }),
    ...(client_authentication === 'body' && { client_id, ...(client_secret !== '' && { client_secret }) }),
  });
  // RFC 6749 section 2.3.1: both are encoded as in a form before they are joined.
  const basic = [client_id, client_secret].map((part) =>
    new URLSearchParams({ '': part }).toString().slice(1),
  );
  const clean = createSecretFilter([...Object.values(secrets), ...(refreshToken ? [refreshToken] : [])]);
  const lostMs = await renewal?.begin();
  try {
    const answer = await egress.request(token_url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(client_authentication === 'header' && {
          authorization: `Basic ${Buffer.from(basic.join(':')).toString('base64')}`,
        }),
      },
      body: form.toString(),
      redirect: 'same-origin',
      timeoutMs: TIMEOUT_MS,
      maxBytes: MAX_BYTES,
    });
    return readGrant(answer, refreshToken);
  } catch (error) {
    if (!(error instanceof ToolError || error instanceof EgressError)) throw error;
    const isSpent = error.message.includes(NO_LONGER_VALID);
    // A request that got no answer may have replaced the token. Of a lost one, the note stays: each later
    // refusal has the same reason.
    if (error instanceof ToolError && lostMs === undefined) await renewal?.refused();
    // The call itself has not been made.
    const more = grant === 'refresh_token' && isSpent ? remedy(lostMs) : '';
    throw new ToolError(clean(`No OAuth token could be fetched: ${error.message}`) + more);
  }
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-5 */
function readGrant({ status, body, truncated }: EgressResponse, refreshToken: string | undefined): Grant {
  const answer = truncated ? undefined : fieldsOf(body.toString('utf8'));
  const { access_token, expires_in, refresh_token, error, error_description } = answer ?? {};
  if (status !== 200 || typeof access_token !== 'string' || access_token === '') {
    const texts = [error, error_description].filter((text) => typeof text === 'string');
    throw new ToolError(cut([`HTTP ${status}`, ...texts].join(', '), LONGEST_ERROR));
  }
  // RFC 6750 section 2.1: anything else could begin another header.
  if (access_token.length > LONGEST_TOKEN || !/^[\x21-\x7e]+$/.test(access_token))
    throw new ToolError('the token has characters that no header may have, or is too long');
  const seconds = Number(expires_in);
  const lifeMs = seconds > 0 ? Math.min(seconds * 1000, LONGEST_LIFE_MS) : UNKNOWN_LIFE_MS;
  return {
    token: access_token,
    // One that lives shorter than EARLY_MS is used for half of its life.
    expires: performance.now() + Math.max(lifeMs - EARLY_MS, lifeMs / 2),
    refreshToken: typeof refresh_token === 'string' && refresh_token !== '' ? refresh_token : refreshToken,
  };
}

function fieldsOf(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Sends a request with the tool's token, if it has any. A 401 means that the request was not carried out, so
 * it is sent once more with another token.
 */
export async function sendWithToken(
  tokens: Tokens | undefined,
  signal: AbortSignal,
  send: (headers: Record<string, string>) => Promise<EgressResponse>,
): Promise<EgressResponse> {
  if (!tokens) return await send({});
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const token = await tokens.current(signal);
  const answer = await send(bearer(token));
  return answer.status === 401 ? await send(bearer(await tokens.after(token, signal))) : answer;
}

/** The same for a client that takes a `fetch`, whose request bodies are texts. */
export function fetchWithToken(
  fetch: typeof globalThis.fetch,
  tokens: Tokens | undefined,
): typeof globalThis.fetch {
  if (!tokens) return fetch;
  return async (input, init) => {
    const signal = init?.signal ?? new AbortController().signal;
    const send = (token: string) => {
      const headers = new Headers(init?.headers);
      headers.set('authorization', `Bearer ${token}`);
      return fetch(input, { ...init, headers });
    };
    const token = await tokens.current(signal);
    const answer = await send(token);
    if (answer.status !== 401) return answer;
    await answer.body?.cancel();
    return await send(await tokens.after(token, signal));
  };
}
