import { describe, expect, test } from '@jest/globals';
import { fillBody } from './fill-body.js';

const fill = (template: string, args: Record<string, unknown>, type = 'application/json') =>
  fillBody(template, type, { args, payload: {}, secrets: {} });

describe('fillBody', () => {
  test.each([
    ['quotes', 'a", "admin": true, "b": "', '{"title": "{{ args.x }}", "admin": false}'],
    ['a backslash at the end', 'a\\', '{"title": "{{ args.x }}", "admin": false}'],
    ['a line break', 'a\nb', '{"title": "{{ args.x }}", "admin": false}'],
    ['as JSON', 'a", "b', '{"title": {{ args.x | json }}, "admin": false}'],
    ['bare', 'plain text', '{"title": {{ args.x }}, "admin": false}'],
    ['bare, breaking out', '1, "admin": true', '{"title": {{ args.x }}, "admin": false}'],
  ])('keeps a value in its place in JSON: %s', (_name, x, template) => {
    expect(JSON.parse(fill(template, { x }))).toEqual({ title: x, admin: false });
  });

  test('takes numbers, lists and objects for what they are', () => {
    const template =
      '{"n": {{ args.n }}, "list": {{ args.list }}, "all": {{ args | json }}, "t": "é \\"{{ args.n }}"}';
    const args = { n: 1, list: ['a"', 2] };
    expect(JSON.parse(fill(template, args))).toEqual({ n: 1, list: ['a"', 2], all: args, t: 'é "1' });
  });

  test('says when it is no JSON', () => {
    expect(() => fill('{"n": {{ args.missing }}}', {})).toThrow(/not valid JSON/);
    expect(() => fill('{"n": "{{ args.x | raw }}"}', { x: '"' })).toThrow(/not valid JSON/);
  });

  test('encodes for forms and XML, and leaves text alone', () => {
    const args = { x: `a&b=<c>'"` };
    expect(fill('x={{ args.x }}&y=1', args, 'application/x-www-form-urlencoded; charset=utf-8')).toBe(
      'x=a%26b%3D%3Cc%3E%27%22&y=1',
    );
    expect(fill('<a>{{ args.x }}</a>', args, 'text/xml')).toBe('<a>a&amp;b=&lt;c&gt;&apos;&quot;</a>');
    expect(fill('{{ args.x }}', args, 'text/plain')).toBe(args.x);
  });
});
