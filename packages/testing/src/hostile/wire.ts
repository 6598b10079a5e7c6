import type { Answer, Stack } from '../harness/index.js';

/** The attackers' address, as reported by the proxy before the api. */
export const ATTACKER = '198.51.100.66';

/**
 * One request of an attacker, without a key unless `headers` contain one. A string or Buffer is sent
 * unchanged.
 */
export async function attack(
  stack: Stack,
  method: string,
  path: string,
  { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<Answer<string> & { ms: number }> {
  const started = performance.now();
  const raw = typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(stack.url + path, {
    method,
    headers: {
      'x-forwarded-for': ATTACKER,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: raw ? (body as string) : JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await response.text();
  const ms = performance.now() - started;
  return { status: response.status, headers: response.headers, body: text, ms };
}

export const withKey = (stack: Stack): Record<string, string> => ({
  authorization: `Bearer ${stack.adminKey}`,
});

/**
 * How long an attack repeats, in ms: enough for a few samples of the bystander, short enough for its suite.
 */
export const ATTACK_MS = 400;

/** Calls `make` this many times and returns the results. */
export const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Repeats the work sequentially, at least once, until this many ms have passed. */
export async function repeatedly<T>(ms: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const until = performance.now() + ms; results.length === 0 || performance.now() < until; )
    results.push(await work());
  return results;
}
