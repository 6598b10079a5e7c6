import { expect, test } from '@jest/globals';
import { blocksOf } from './blocks.js';
import { inlinesOf, isWebUrl } from './inline.js';

test('a text becomes headings, paragraphs, lists, tables, quotes and code', () => {
  const text = [
    '## Title',
    'First line',
    'second line',
    '- one',
    '  more of it',
    '- two',
    '',
    '3. three',
    '',
    '| a | b |',
    '|---|:-:|',
    '| 1 | 2 |',
    '',
    '> quoted',
    '```js',
    '# <b>code</b>',
    '```',
    '---',
  ].join('\n');
  expect(blocksOf(text)).toEqual([
    { kind: 'heading', level: 2, text: 'Title' },
    { kind: 'text', text: 'First line\nsecond line' },
    { kind: 'list', isOrdered: false, start: 1, items: ['one\nmore of it', 'two'] },
    { kind: 'list', isOrdered: true, start: 3, items: ['three'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
    { kind: 'quote', text: 'quoted' },
    { kind: 'code', text: '# <b>code</b>' },
    { kind: 'rule' },
  ]);
  expect(blocksOf('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }]);
});

test('a line has code, links, images and emphasis; HTML is text', () => {
  expect(
    inlinesOf('a `*b*` **c** [d](https://x.test) ![e](https://y.test/i.png) snake_case_name <b>f</b>'),
  ).toEqual([
    { kind: 'text', text: 'a ' },
    { kind: 'code', text: '*b*' },
    { kind: 'text', text: ' ' },
    { kind: 'strong', text: 'c' },
    { kind: 'text', text: ' ' },
    { kind: 'link', text: 'd', url: 'https://x.test' },
    { kind: 'text', text: ' ' },
    { kind: 'image', text: 'e', url: 'https://y.test/i.png' },
    { kind: 'text', text: ' snake_case_name <b>f</b>' },
  ]);
  expect(['https://a.test', 'javascript:alert(1)', 'data:text/html,x', '//x'].map(isWebUrl)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test.each(['[', '![](', '**', '`', '*a', '_a', '~~', '| ', '> ', '- '])(
  'a long text of %p takes linear time',
  (piece) => {
    const began = performance.now();
    for (const block of blocksOf(piece.repeat(50_000))) if ('text' in block) inlinesOf(block.text);
    expect(performance.now() - began).toBeLessThan(5_000);
  },
);
