import { readFileSync } from 'node:fs';
import type { SignatureConfig } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { noOutside } from '../../test/no-outside.js';
import { completeSignature } from '../agents/complete-signature.js';
import { faultOfSignature } from './verify.js';

/** A request that a sender, or its library, has signed or accepted. */
interface Recorded {
  sender: string;
  made_by: string;
  config: SignatureConfig & { secret?: string };
  headers: Record<string, string>;
  body: string;
  /** Default: NOW. */
  seconds?: number;
}
const RECORDED: Recorded[] = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));

const NOW = 1_795_896_000;
const next = (letter: string) => String.fromCharCode(letter.charCodeAt(0) + 1);
describe.each(RECORDED)('$sender, by $made_by', ({ config, headers, body, seconds = NOW }) => {
  const own = config.secret ?? '';
  const fault = (given: Partial<{ headers: object; body: string; secrets: string[]; at: number }> = {}) =>
    faultOfSignature(
      completeSignature(config),
      given.secrets ?? [own],
      {
        method: 'POST',
        url: '/api/webhooks/agents/whk_TOKEN',
        query: '',
        publicUrl: 'https://hooks.example.com',
        headers: { ...headers, ...given.headers },
        body: Buffer.from(given.body ?? body),
      },
      { nowMs: (given.at ?? seconds) * 1000, outside: noOutside },
    );

  test('holds, also beside another secret', async () => {
    expect(await fault()).toBeUndefined();
    expect(await fault({ secrets: ['another', own] })).toBeUndefined();
  });

  test('is refused with another body, another secret, another time or another signature', async () => {
    expect(await fault({ body: `${body} ` })).toMatch('does not match');
    expect(await fault({ body: body.replace(/[0-9a-y{]/, next) })).toMatch('does not match');
    if (own !== '')
      expect(await fault({ secrets: [own.replace(/[0-9a-y]/, next)] })).toMatch(/does not match|missing/);
    const { tolerance_seconds: tolerance } = completeSignature(config) as { tolerance_seconds?: number };
    if (tolerance !== undefined && Object.keys(headers).some((name) => /time/.test(name)))
      expect(await fault({ at: seconds + tolerance + 1 })).toBe(`the timestamp is older than ${tolerance} s`);
    const [name = ''] = Object.keys(headers);
    expect(await fault({ headers: { [name]: undefined } })).toEqual(expect.any(String));
    expect(await fault({ headers: { [name]: [headers[name], headers[name]] } })).toEqual(expect.any(String));
  });
});
