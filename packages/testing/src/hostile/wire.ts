import type { Answer, Stack } from '../harness/index.js';

/** The attackers' address, as the proxy before the api tells it. */
export const ATTACKER = '198.51.100.66';

/** One request of an attacker's, with no key unless `headers` bring one. A string or Buffer goes out as it is. */
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

/** How long an attack repeats itself, in ms: enough for a few samples of the bystander, few enough for a suite of a minute. */
export const ATTACK_MS = 400;

/** As many things as `count`, made one by one. */
export const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/** Does the same again and again, one after the other, at least once, until so many ms have passed. */
export async function repeatedly<T>(ms: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (const until = performance.now() + ms; results.length === 0 || performance.now() < until; )
    results.push(await work());
  return results;
}
