import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@agenthook/async';
import type { Problem } from '@agenthook/contracts';
import { type ApiClient, apiClient } from '../api-client.js';
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
 * The api at AGENTHOOK_URL, or that of this machine; with AGENTHOOK_API_KEY, ADMIN_API_KEY, or the key that
 * `npm start` made.
 *
 * @param root the repository's folder
 */
export function openApi(root: string, processEnv: NodeJS.ProcessEnv): RemoteApi {
  const { env, dataDir, localUrl } = readSettings(root, processEnv);
  const url = (env.AGENTHOOK_URL ?? localUrl).replace(/(?<!\/)\/+$/, '');
  if (!URL.canParse(url)) throw new UserError(`AGENTHOOK_URL must be a URL; it is "${url}".`);
  const client = apiClient(url, keyOf(env, dataDir));
  return { url, ask: (method, path, body) => ask(client, url, { method, path, body }) };
}

function keyOf(env: NodeJS.ProcessEnv, dataDir: string): string {
  const given = env.AGENTHOOK_API_KEY ?? env.ADMIN_API_KEY;
  const path = env.AGENTHOOK_API_KEY_FILE ?? env.ADMIN_API_KEY_FILE ?? join(dataDir, 'admin_api_key');
  if (given === undefined && !existsSync(path))
    throw new UserError('Set AGENTHOOK_API_KEY to an API key, or AGENTHOOK_API_KEY_FILE to its file.');
  return (given ?? readFileSync(path, 'utf8')).trim();
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

/** A problem in one line, with the places that it names. */
function textOf(status: number, problem: Problem | undefined): string {
  const places = problem?.errors?.map(({ path, message }) => `${path} ${message}`).join('; ');
  const text = problem?.detail ?? 'This is no answer of AgentHook.';
  return `${status}: ${text}${places ? ` (${places})` : ''}`;
}

const whyOf = ({ message, cause }: Error): string =>
  String((cause as { code?: unknown; message?: unknown } | undefined)?.code ?? message);
