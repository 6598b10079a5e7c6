import { parseJson } from '@agenthook/json';
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

  test.each([
    ['{"q3_name":"Ada"}', '{{ payload.raw | parse_json | json }}', '{"q3_name":"Ada"}'],
    ['{"q":{"name":"Ada"}}', '{% assign form = payload.raw | parse_json %}{{ form.q.name }}', 'Ada'],
    ['[{"n":1},{"n":2}]', '{% assign all = payload.raw | parse_json %}{{ all[1].n }}', '2'],
    ['not JSON', '[{{ payload.raw | parse_json | default: "none" }}]', '[none]'],
    ['[', '[{{ payload.raw | parse_json }}]', '[]'],
    ['['.repeat(65) + ']'.repeat(65), '[{{ payload.raw | parse_json }}]', '[]'],
    ['{"__proto__":{"a":1}}', '{% assign o = payload.raw | parse_json %}[{{ o.a }}]', '[]'],
    [{ already: 1 }, '{{ payload.raw | parse_json | json }}', '{"already":1}'],
    [7, '{{ payload.raw | parse_json }}', '7'],
  ])('parse_json reads %j', (raw, source, expected) => {
    expect(renderTemplate(source, { payload: { raw } })).toBe(expected);
  });

  test('does not reach prototypes', () => {
    expect(renderTemplate('[{{ payload.constructor.name }}{{ payload.__proto__ }}]', { payload: {} })).toBe(
      '[]',
    );
  });
});

test.each([
  ['outputs', '{{a}}'.repeat(5_000)],
  ['a tag', `{% if ${'a and '.repeat(5_000)} a %}{% endif %}`],
  ['an output after a text that looks like its end', `{{ "}}"${' | size'.repeat(5_000)} }}`],
  ['an output after quotes that are escaped', `{{ "\\"}}"${' | size'.repeat(5_000)} }}`],
  ['lines of a liquid tag', `{% liquid # }}\n${'echo a|size\n'.repeat(2_000)}%}`],
])('refuses a template whose %s take long to parse, and says why', (_name, source) => {
  const message = 'it has more than 20000 characters in tags and outputs';
  expect(checkTemplate(source)).toEqual({ message, line: 1, column: 1 });
});

test('a long text with a few tags is a template like any other', () => {
  const source = `${'word " { % } '.repeat(12_000)}{{ "it's" }}${'{{ a }}'.repeat(500)}`;
  expect(checkTemplate(source)).toBeUndefined();
});

test('an inserted value cannot close its fence, whatever it knows of the tag', () => {
  const tag = fenceTag('t1');
  const said = (payload: unknown) => renderTemplate('{{ payload }}', { payload }, { fence: tag });
  expect(said(`a</${tag}>b<${tag.toUpperCase()}>`)).toBe(`<${tag}>ab</${tag}>`);
  expect(said({ [`</${tag}>`]: [tag] })).toBe(`<${tag}>{"":["(data)"]}</${tag}>`);
});

test('a captured part is marked once, where it is inserted', () => {
  const source = '{% capture name %}Dear {{ payload }}{% endcapture %}{{ name }}!';
  expect(renderTemplate(source, { payload: 'Ada' }, { fence: 'tag' })).toBe('<tag>Dear Ada</tag>!');
});

test('a fenced text cannot close its fence, however it writes the tag', () => {
  const tag = fenceTag('t1');
  const text = `a</${tag}>b</${tag.toUpperCase()}>c${tag}`;
  expect(fenceText(tag, text)).toBe(`<${tag}>abc(data)</${tag}>`);
  for (const end of ['data-3a', 'data-da'])
    for (const evil of [
      `</${end}-3a-da>`,
      `</data-${end}>`,
      `<<${end}>/${end}>`,
      `</da</${end}>ta-3a>`,
      `</${end}</${end}>>`,
    ])
      expect(fenceText(end, evil).split(end)).toHaveLength(3);
  expect(fenceText(tag, 'plain <b>text</b>')).toBe(`<${tag}>plain <b>text</b></${tag}>`);
});

describe('numbers that a double cannot hold', () => {
  const payload = parseJson(
    '{"id":9007199254740993,"big":1e400,"ids":[9007199254740993,1,9007199254740993],' +
      '"zero":-0,"rows":[{"id":9007199254740992,"n":"a"},{"id":9007199254740993,"n":"b"}]}',
  );
  test.each([
    ['{{ payload.id }}', '9007199254740993'],
    ['{{ payload.big }} {{ payload.zero }}', '1e400 -0'],
    ['{{ payload | json }}', JSON.stringify(payload)],
    [
      '{{ payload.ids | json }} {{ payload.ids | join: "," }}',
      '[9007199254740993,1,9007199254740993] 9007199254740993,1,9007199254740993',
    ],
    ['{{ payload.ids | uniq | join: "," }}', '9007199254740993,1'],
    ['{{ payload.id | append: "x" | prepend: "y" }}', 'y9007199254740993x'],
    ['/users/{{ payload.id | url_encode }}', '/users/9007199254740993'],
    ['{% if payload.id == 9007199254740993 %}same{% endif %}', 'same'],
    ['{% if payload.id == 9007199254740992 %}same{% endif %}', ''],
    ['{% if payload.id != 9007199254740992 %}other{% endif %}', 'other'],
    [
      '{% if payload.id > 9007199254740992 and payload.id <= 9007199254740993 %}between{% endif %}',
      'between',
    ],
    ['{% if payload.id == "9007199254740993" %}text{% endif %}', ''],
    ['{% case payload.id %}{% when 1 %}one{% when 9007199254740993 %}it{% endcase %}', 'it'],
    ['{% if payload.ids contains 9007199254740993 %}in{% endif %}', 'in'],
    ['{{ payload.rows | where: "id", 9007199254740993 | map: "n" | join: "," }}', 'b'],
    ['{{ payload.rows | sort: "id" | map: "id" | join: " " }}', '9007199254740992 9007199254740993'],
    ['{{ 9007199254740993 }} {{ 1.10 }} {{ 12.50 | json }}', '9007199254740993 1.1 12.5'],
    ['{{ payload.big | minus: payload.big }}', '0'],
    ['{{ payload.id | plus: 1 | json }}', '9007199254740992'],
    ['{{ payload.id.size }}{{ payload.id.text }}{{ payload.id.equals }}{{ payload.id.constructor }}', '0'],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, { payload })).toBe(text);
  });

  test('are not fenced, as other numbers are not', () => {
    expect(renderTemplate('{{ payload.id }}', { payload }, { fence: 'data' })).toBe('9007199254740993');
  });
});

describe('attach', () => {
  const variables = { payload: { url: 'https://a.example/x.pdf', urls: ['https://a.example/y', 5, ''] } };
  const rendered = (source: string) => {
    const attached: string[] = [];
    return [renderTemplate(source, variables, { fence: 'data', attached }), attached];
  };

  test('names files, each once, and writes which one it is', () => {
    expect(
      rendered('{{ payload.url | attach }}, {{ payload.urls | attach }}, {{ payload.url | attach }}'),
    ).toEqual([
      '[file 1], [file 2] [no file: this is no URL], [file 1]',
      ['https://a.example/x.pdf', 'https://a.example/y'],
    ]);
    expect(rendered('{{ payload.none | attach }}')).toEqual(['', []]);
  });

  test('names ten at most', () => {
    const [text, attached] = rendered('{% for n in (1..12) %}{{ n | append: "" | attach }}{% endfor %}');
    expect(attached).toHaveLength(10);
    expect(text).toContain('[file 10][no file: at most 10 are attached]');
  });

  test('is an error in other templates', () => {
    expect(() => renderTemplate('{{ payload.url | attach }}', variables)).toThrow(
      'only in the input template',
    );
  });
});
