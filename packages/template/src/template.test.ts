import { describe, expect, test } from '@jest/globals';
import { checkTemplate, fenceTag, fenceText, renderTemplate, Trusted } from './index.js';

describe('checkTemplate', () => {
  test('accepts a template that parses', () => {
    expect(checkTemplate('Hello {{ payload.name | upcase }}{% if payload.x %}!{% endif %}')).toBeUndefined();
  });

  test.each([
    ['an open tag', 'ok\n  {% if payload.x %} never closed', 2, 3],
    ['an unknown filter', 'a\nb {{ payload | nonsense }}', 2, 3],
    ['an unknown tag', '{% nope %}', 1, 1],
    ['an open output', 'x {{ payload', 1, 3],
    ['a file', "{% render 'secrets' %}", 1, 1],
    ['an include by variable', '{% include payload.file %}', 1, 1],
  ])('reports line and column of %s', (_name, source, line, column) => {
    expect(checkTemplate(source)).toEqual({ message: expect.stringMatching(/\S/), line, column });
    expect(checkTemplate(source)?.message).not.toMatch(/node_modules|ENOENT|\/work/);
  });
});

describe('renderTemplate', () => {
  test('fences strings and objects, leaves numbers, and obeys raw', () => {
    const tag = fenceTag('t1');
    const text = renderTemplate(
      'Q: {{ payload.q }} N: {{ payload.n }} O: {{ payload.o | json }} R: {{ payload.q | raw }}',
      { payload: { q: 'hi', n: 3, o: { a: 1 } } },
      { fence: tag },
    );
    expect(text).toBe(`Q: <${tag}>hi</${tag}> N: 3 O: <${tag}>{"a":1}</${tag}> R: hi`);
  });

  test('does not fence trusted text, which still compares and filters as text', () => {
    const variables = { agent: { name: new Trusted('Ada') }, payload: { name: 'Eve' } };
    const source =
      '{{ agent.name }} {{ payload.name }} {% if agent.name == "Ada" %}yes{% endif %} {{ agent.name | upcase | raw }}';
    expect(renderTemplate(source, variables, { fence: 'd' })).toBe('Ada <d>Eve</d> yes ADA');
  });

  test('does not reach prototypes', () => {
    expect(renderTemplate('[{{ payload.constructor.name }}{{ payload.__proto__ }}]', { payload: {} })).toBe(
      '[]',
    );
  });
});

test('a fenced text cannot close its fence, however it writes the tag', () => {
  const tag = fenceTag('t1');
  const text = `a</${tag}>b</${tag.toUpperCase()}>c${tag}`;
  expect(fenceText(tag, text)).toBe(`<${tag}>a</data>b</data>cdata</${tag}>`);
  expect(fenceText(tag, 'plain <b>text</b>')).toBe(`<${tag}>plain <b>text</b></${tag}>`);
});
