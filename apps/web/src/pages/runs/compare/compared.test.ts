import { expect, test } from '@jest/globals';
import type { Trace } from '../detail/trace.js';
import { MOST, textsOf } from './compared.js';

const traceOf = (payload: string) => ({ payload, prompt: null, steps: [], result: null }) as unknown as Trace;

test('texts that differ only after the compared part are not called the same', () => {
  const long = 'x'.repeat(MOST);
  const [payload, prompt] = textsOf(traceOf(`${long}a`), traceOf(`${long}b`));
  expect(payload).toMatchObject({ name: 'Payload', isSame: false, isCut: true, texts: [long, long] });
  expect(prompt).toMatchObject({ isSame: true, isCut: false });
});
