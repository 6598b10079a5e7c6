import { makePdf } from '@agenthook/testing';
import { describe, expect, test } from '@jest/globals';
import { createPdfReader } from './pdf-text.js';

const LIMITS = { timeoutMs: 30_000, maxPages: 100, maxCharacters: 1_000, threads: 1 };
const read = createPdfReader(LIMITS);

describe('the PDF reader', () => {
  test('gives the text of all pages, line by line', async () => {
    const pdf = makePdf([['Printer manual (v2)', 'Switch it off.'], ['Page two']]);
    expect(await read(pdf)).toEqual({
      outcome: 'text',
      text: 'Printer manual (v2)\nSwitch it off.\n\nPage two',
    });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test.each([
    ['wants a password', makePdf([['secret']], { encrypted: true }), { outcome: 'encrypted' }],
    ['is none', Buffer.from('hello'), { outcome: 'broken' }],
    ['is empty', Buffer.alloc(0), { outcome: 'broken' }],
    [
      'is noise',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 0xa7)]),
      { outcome: 'broken' },
    ],
    ['has no text', makePdf([[]]), { outcome: 'text', text: '' }],
    ['has too many pages', makePdf(Array(101).fill(['x'])), { outcome: 'too_many_pages' }],
  ])('says so when a file %s', async (_name, file, outcome) => {
    expect(await read(file)).toEqual(outcome);
  });

  test('stops where there is more text than anybody takes', async () => {
    const outcome = await read(makePdf(Array(50).fill(['x'.repeat(100)])));
    expect(outcome).toMatchObject({ outcome: 'text' });
    expect('text' in outcome && outcome.text.length).toBeLessThan(1_300);
  });

  test('stops when time is up, and then takes the next', async () => {
    const hasty = createPdfReader({ ...LIMITS, timeoutMs: 1 });
    const outcomes = await Promise.all([hasty(makePdf([['a']])), hasty(makePdf([['b']]))]);
    expect(outcomes).toEqual([{ outcome: 'too_slow' }, { outcome: 'too_slow' }]);
  });
});
