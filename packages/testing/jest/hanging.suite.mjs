/** A suite that never ends by itself; `scripts/lib/time-limits.test.mjs` runs it. */
import { expect, jest, test } from '@jest/globals';

jest.setTimeout(300);

test('hangs', () => new Promise(() => {}));

test('hangs, and has its own limit', () => new Promise(() => {}), 200);

test('ends', () => expect(1).toBe(1));
