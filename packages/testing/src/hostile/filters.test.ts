import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Arena, startArena } from './arena.js';
import { ATTACK_MS, attack, repeatedly, times } from './wire.js';

/** Filters whose time the payload decides. */

let arena: Arena;
beforeAll(async () => {
  arena = await startArena('filters');
});
afterAll(() => arena?.stop());

const numbers = (count: number) => `[${times(count, (n) => `${n}`).join()}]`;

test.each<[string, string, () => string]>([
  [
    'macros in macros over 1 MiB',
    'payload.a.all(x, payload.a.all(y, payload.a.all(z, x + y + z >= 0.0)))',
    () => `{"a":${numbers(140_000)}}`,
  ],
  [
    'macros in macros over 60 KiB',
    'payload.a.all(x, payload.a.all(y, payload.a.all(z, x + y + z >= 0.0)))',
    () => `{"a":${numbers(10_000)}}`,
  ],
  [
    'a list that grows with each element',
    'size(payload.a.map(x, payload.a.map(y, payload.text + payload.text))) > 0',
    () => `{"a":${numbers(5_000)},"text":"${'t'.repeat(20_000)}"}`,
  ],
  [
    'an evil pattern of the payload',
    'payload.text.matches(payload.pattern)',
    () => `{"pattern":"(a+)+$|(a|aa)+$","text":"${'a'.repeat(60_000)}!"}`,
  ],
  [
    'a pattern of a thousand parts',
    'payload.text.matches(payload.pattern)',
    () => `{"pattern":"${'(?:a?){30}'.repeat(30)}","text":"${'a'.repeat(60_000)}!"}`,
  ],
  [
    'a short pattern of the agent with a long program',
    'payload.text.matches("^(a?){1000}$")',
    () => `{"text":"${'a'.repeat(1_200)}"}`,
  ],
  [
    'a search for a long text of the payload',
    'payload.text.contains(payload.part)',
    () => `{"part":"b${'a'.repeat(30_000)}","text":"${'a'.repeat(30_000)}"}`,
  ],
])('%s', async (name, filter, make) => {
  const { id } = await arena.stack.createAgent({ name: 'Target', filter, limits: { max_pending: 3 } });
  const { token } = await arena.stack.mintWebhook(id);
  const body = make();
  await arena.beside(`filter: ${name}`, 'trigger', () =>
    Promise.all(
      times(2, () =>
        repeatedly(ATTACK_MS, async () => {
          const path = `/api/webhooks/agents/${token}`;
          const { status } = await attack(arena.stack, 'POST', path, { body });
          expect([200, 429, 503]).toContain(status);
        }),
      ),
    ),
  );
});
