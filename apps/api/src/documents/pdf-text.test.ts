import { fileURLToPath } from 'node:url';
import { createPdfReader } from '@agenthook/core';
import { HOSTILE_PDFS, makePdf } from '@agenthook/testing';
import { describe, expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('./pdf-child.mjs', import.meta.url));
const LIMITS = {
  memoryMb: 300,
  cpuSeconds: 20,
  clockMs: 60_000,
  maxPages: 100,
  maxCharacters: 1_000,
  children: 1,
};
const read = createPdfReader(CHILD, LIMITS);

describe('the PDF reader', () => {
  test('returns the text of all pages, line by line', async () => {
    const pdf = makePdf([['Printer manual (v2)', 'Switch it off.'], ['Page two']]);
    expect(await read(pdf)).toEqual({
      outcome: 'text',
      text: 'Printer manual (v2)\nSwitch it off.\n\nPage two',
    });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });

  test.each([
    ['needs a password', makePdf([['secret']], { encrypted: true }), { outcome: 'encrypted' }],
    ['is none', Buffer.from('hello'), { outcome: 'broken' }],
    ['is empty', Buffer.alloc(0), { outcome: 'broken' }],
    [
      'is noise',
      Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(5_000, 0xa7)]),
      { outcome: 'broken' },
    ],
    ['has no text', makePdf([[]]), { outcome: 'text', text: '' }],
    ['has too many pages', makePdf(Array(101).fill(['x'])), { outcome: 'too_many_pages' }],
  ])('reports when a file %s', async (_name, file, outcome) => {
    expect(await read(file)).toEqual(outcome);
  });

  test('stops at more text than the limit', async () => {
    const outcome = await read(makePdf(Array(50).fill(['x'.repeat(100)])));
    expect(outcome).toMatchObject({ outcome: 'text' });
    expect('text' in outcome && outcome.text.length).toBe(1_001);
  });

  test('stops when time is up, and then reads the next file', async () => {
    const hasty = createPdfReader(CHILD, { ...LIMITS, clockMs: 1 });
    const outcomes = await Promise.all([hasty(makePdf([['a']])), hasty(makePdf([['b']]))]);
    expect(outcomes).toEqual([{ outcome: 'too_slow' }, { outcome: 'too_slow' }]);
  });

  test.each<[string, () => Buffer]>([
    ['claims a billion pages', () => HOSTILE_PDFS.pages(1e9)],
    ['has nested arrays', () => HOSTILE_PDFS.depth(200_000)],
    ['has a circular page tree', () => HOSTILE_PDFS.circle()],
    ['has two million operators', () => HOSTILE_PDFS.operators(2e6)],
    ['expands to 600 MiB', () => HOSTILE_PDFS.zeros(600)],
  ])('ends when a file %s', async (_name, file) => {
    const hostile = createPdfReader(CHILD, { ...LIMITS, cpuSeconds: 2 });
    const { outcome } = await hostile(file());
    expect(['text', 'broken', 'too_many_pages', 'too_slow', 'too_large']).toContain(outcome);
  });

  test('ends its children when the process stops', async () => {
    const stopping = new AbortController();
    const reader = createPdfReader(CHILD, LIMITS, stopping.signal);
    const reading = [reader(HOSTILE_PDFS.zeros(600)), reader(makePdf([['waits']]))];
    setTimeout(() => stopping.abort(new Error('stopping')), 200);
    for (const ended of await Promise.allSettled(reading))
      expect(ended).toMatchObject({ status: 'rejected', reason: { message: 'stopping' } });
  });
});
