import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@agenthook/async';
import type { Problem } from '@agenthook/contracts';
import { type ApiClient, apiClient } from '../api-client.js';
import { readKey } from '../keys.js';
import { readSettings } from '../settings.js';
import { UserError } from '../user-error.js';

/** How often a request is sent again that got no answer, or 5xx, and the pause before, in ms. */
const TRIES = 10;
const PAUSE_MS = 3_000;

/** An api that commands use over HTTP. */
export interface RemoteApi {
  url: string;
  /**
   * Sends a request, again while the api does not answer. POST has an idempotency key, for the routes that
   * take one. Throws UserError for any answer that is no success.
   */
  ask: <Result>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Result>;
}

/**
 * The api at AGENTHOOK_URL, or that of this machine; with AGENTHOOK_API_KEY, ADMIN_API_KEY (or the file that
 * either names with _FILE), or the key that `npm start` made.
 *
 * @param root the repository's folder
 */
export function openApi(root: string, processEnv: NodeJS.ProcessEnv): RemoteApi {
  const { env, dataDir, localUrl } = readSettings(root, processEnv);
  const url = (env.AGENTHOOK_URL ?? localUrl).replace(/(?<!\/)\/+$/, '');
  if (!isBaseUrl(url))
    throw new UserError('AGENTHOOK_URL must be a URL with http:// or https://, without user and password.');
  const client = apiClient(url, keyOf(env, dataDir));
  return { url, ask: (method, path, body) => ask(client, url, { method, path, body }) };
}

/** Whether `fetch` takes a URL. It refuses one with a password, which reads like an api that is away. */
function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === '';
}

function keyOf(env: NodeJS.ProcessEnv, dataDir: string): string {
  const name = ['AGENTHOOK_API_KEY', 'ADMIN_API_KEY'].find((each) => env[each] ?? env[`${each}_FILE`]);
  const path = (name && env[`${name}_FILE`]) ?? join(dataDir, 'admin_api_key');
  if (name === undefined && !existsSync(path))
    throw new UserError('Set AGENTHOOK_API_KEY to an API key, or AGENTHOOK_API_KEY_FILE to its file.');
  const key = (name && env[name]?.trim()) ?? readKey(path);
  // A header cannot contain others: to send them would look like an api that is away.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new UserError('The API key has characters that no key has, such as spaces or accents.');
  return key;
}

interface Request {
  method: string;
  path: string;
  body: unknown;
}

async function ask<Result>(client: ApiClient, url: string, request: Request): Promise<Result> {
  const { method, path, body } = request;
  let told = false;
  const headers = method === 'POST' ? { 'idempotency-key': randomUUID() } : undefined;
  for (let tried = 1; ; tried++) {
    let reason: string;
    try {
      const answer = await client<Result | Problem>(method, path, body, headers);
      if (answer.status === 204 || (answer.status < 300 && answer.body !== undefined))
        return answer.body as Result;
      reason = textOf(answer.status, answer.body as Problem | undefined);
      if (answer.status < 500 && answer.status !== 429) throw new UserError(reason);
    } catch (error) {
      if (error instanceof UserError) throw error;
      reason = `${url} does not answer (${whyOf(error as Error)}).`;
    }
    if (tried === TRIES) throw new UserError(reason);
    if (!told) console.error(`${reason} Trying again.`);
    told = true;
    await sleep(PAUSE_MS);
  }
}

/** A problem in one line. Its detail names the first of the faulty places. */
const textOf = (status: number, problem: Problem | undefined): string =>
  `${status}: ${problem?.detail ?? 'This is no answer of AgentHook.'}`;

const whyOf = ({ message, cause }: Error): string =>
  String((cause as { code?: unknown; message?: unknown } | undefined)?.code ?? message);
