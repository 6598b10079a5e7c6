import { expect, test } from '@jest/globals';
import { splitPassages } from './passages.js';

const passagesOf = (text: string) => [...splitPassages(text)].filter((passage) => passage.text !== '');

test('a text is cut at paragraphs, and covered', () => {
  const text = Array.from(
    { length: 100 },
    (_, n) => `Paragraph ${n} speaks of subject${n}. It goes on for a while, as paragraphs do.`,
  ).join('\n\n');
  const passages = passagesOf(text);
  for (const { start, text: passage } of passages) {
    expect(passage.length).toBeLessThanOrEqual(800);
    expect(passage).toMatch(/^[A-Z].*\.$/s);
    expect(text.slice(start, start + passage.length)).toBe(passage);
  }
  for (let n = 0; n < 100; n++)
    expect(passages.some((passage) => passage.text.includes(`subject${n}.`))).toBe(true);
  expect(passages.length).toBeLessThan((text.length / 800) * 2);
});

test.each([
  ['with spaces', (n: number) => `Sentence number ${n} is here and says something. `],
  ['without spaces', (n: number) => `第${n}文はここにあり、何かを述べている。`],
])('a passage begins with the last sentence of the one before it: a text %s', (_name, sentence) => {
  const [first, second] = passagesOf(Array.from({ length: 60 }, (_, n) => sentence(n)).join(''));
  const shared = /^(Sentence number \d+[^.]*\.|第\d+文[^。]*。)/.exec(second?.text ?? '')?.[0] ?? 'nothing';
  expect(first?.text.includes(shared)).toBe(true);
});

test.each([
  ['nothing', '', 0],
  ['blank lines', '\n \n', 0],
  ['many blank lines', '\n'.repeat(5_000), 0],
  ['one line', 'short', 1],
  ['no bounds at all', 'x'.repeat(2_000), 3],
  ['characters of two units', '𝒳'.repeat(1_000), 3],
  ['two of these, shifted', `x${'𝒳'.repeat(1_000)}`, 3],
])('%s', (_name, text, count) => {
  const passages = passagesOf(text);
  expect(passages).toHaveLength(count);
  for (const { text: passage } of passages) expect(Buffer.from(passage).toString()).toBe(passage);
});
