import { expect, test } from '@jest/globals';
import { blocksOf } from './blocks.js';
import { inlinesOf, isWebUrl } from './inline.js';

const words = (text: string) => [{ kind: 'text', text }];

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
    { kind: 'list', isOrdered: false, start: 1, items: [words('one\nmore of it'), words('two')] },
    { kind: 'list', isOrdered: true, start: 3, items: [words('three')] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
    { kind: 'quote', blocks: words('quoted') },
    { kind: 'code', text: '# <b>code</b>' },
    { kind: 'rule' },
  ]);
  expect(blocksOf('```\nnever closed')).toEqual([{ kind: 'code', text: 'never closed' }]);
});

test('an item of a list has code and lists of its own, and what follows a list is not in it', () => {
  const text = [
    '1. Run it:',
    '   ```bash',
    '   npm ci',
    '',
    'npm test',
    '   ```',
    '',
    '2. Look:',
    '  - here',
    '     - deeper',
    '- other',
    '## Next',
    '- ',
    'text',
    '',
    'After.',
  ].join('\n');
  const bullets = (...items: object[][]) => ({ kind: 'list', isOrdered: false, start: 1, items });
  expect(blocksOf(text)).toEqual([
    {
      kind: 'list',
      isOrdered: true,
      start: 1,
      items: [
        [...words('Run it:'), { kind: 'code', text: 'npm ci\n\nnpm test' }],
        [...words('Look:'), bullets([...words('here'), bullets(words('deeper'))])],
      ],
    },
    bullets(words('other')),
    { kind: 'heading', level: 2, text: 'Next' },
    bullets(words('text')),
    ...words('After.'),
  ]);
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

test.each([
  '[',
  '![](',
  '**',
  '`',
  '*a',
  '_a',
  '~~',
  '| ',
  '> ',
  '- ',
  '- \n',
  '- a\n\n',
  '- a\n  ',
  '\n\n  ',
])('a long text of %p takes linear time', (piece) => {
  const began = performance.now();
  for (const block of blocksOf(piece.repeat(50_000))) if ('text' in block) inlinesOf(block.text);
  expect(performance.now() - began).toBeLessThan(5_000);
});
