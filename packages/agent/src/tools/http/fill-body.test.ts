import { describe, expect, test } from '@jest/globals';
import { toolEnvironment } from '../../testing/tool-environment.js';
import { rendererOf } from '../template-parts.js';
import { fillBody } from './fill-body.js';

const renderer = rendererOf(toolEnvironment(), new AbortController().signal);

const fill = (template: string, args: Record<string, unknown>, type = 'application/json') =>
  fillBody(renderer, template, type, { args, payload: {}, secrets: {} });

describe('fillBody', () => {
  test.each([
    ['quotes', 'a", "admin": true, "b": "', '{"title": "{{ args.x }}", "admin": false}'],
    ['a backslash at the end', 'a\\', '{"title": "{{ args.x }}", "admin": false}'],
    ['a line break', 'a\nb', '{"title": "{{ args.x }}", "admin": false}'],
    ['as JSON', 'a", "b', '{"title": {{ args.x | json }}, "admin": false}'],
    ['bare', 'plain text', '{"title": {{ args.x }}, "admin": false}'],
    ['bare, breaking out', '1, "admin": true', '{"title": {{ args.x }}, "admin": false}'],
  ])('keeps a value in its place in JSON: %s', async (_name, x, template) => {
    expect(JSON.parse(await fill(template, { x }))).toEqual({ title: x, admin: false });
  });

  test('inserts numbers, lists and objects as such', async () => {
    const template =
      '{"n": {{ args.n }}, "list": {{ args.list }}, "all": {{ args | json }}, "t": "é \\"{{ args.n }}"}';
    const args = { n: 1, list: ['a"', 2] };
    expect(JSON.parse(await fill(template, args))).toEqual({ n: 1, list: ['a"', 2], all: args, t: 'é "1' });
  });

  test('writes null for an optional argument that is left out', async () => {
    expect(await fill('{"a": {{ args.missing | json }}, "b": {{args.no|json-}}  }', {})).toBe(
      '{"a": null, "b": null}',
    );
    expect(JSON.parse(await fill('{"a": {{ args.x | json }}}', { x: '' }))).toEqual({ a: '' });
    expect(JSON.parse(await fill('{"a": {{ args.x | json }}}', { x: false }))).toEqual({ a: false });
  });

  test('reports a result that is not JSON', async () => {
    await expect(fill('{"n": {{ args.missing }}}', {})).rejects.toThrow(/not valid JSON/);
    await expect(fill('{"n": "{{ args.x | raw }}"}', { x: '"' })).rejects.toThrow(/not valid JSON/);
  });

  test('encodes for forms and XML, and leaves plain text alone', async () => {
    const args = { x: `a&b=<c>'"` };
    expect(await fill('x={{ args.x }}&y=1', args, 'application/x-www-form-urlencoded; charset=utf-8')).toBe(
      'x=a%26b%3D%3Cc%3E%27%22&y=1',
    );
    expect(await fill('<a>{{ args.x }}</a>', args, 'text/xml')).toBe('<a>a&amp;b=&lt;c&gt;&apos;&quot;</a>');
    expect(await fill('{{ args.x }}', args, 'text/plain')).toBe(args.x);
  });
});
