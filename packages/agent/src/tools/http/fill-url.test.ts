import { describe, expect, test } from '@jest/globals';
import { toolEnvironment } from '../../testing/tool-environment.js';
import { rendererOf } from '../template-parts.js';
import { fillUrl } from './fill-url.js';

const renderer = rendererOf(toolEnvironment(), new AbortController().signal);
const API = 'https://api.example.com';
const fill = (template: string, args: Record<string, unknown> = {}, secrets: Record<string, string> = {}) =>
  fillUrl(renderer, template, { args, payload: args, secrets }).then(({ href }) => href);

describe('fillUrl', () => {
  test.each([
    ['a slash', 'a/b', '/users/a%2Fb/x'],
    ['a fragment', 'a#b', '/users/a%23b/x'],
    ['a query', '?x=1&y', '/users/%3Fx%3D1%26y/x'],
    ['an at sign', '@evil.com', '/users/%40evil.com/x'],
    ['a URL', 'https://evil.com/', '/users/https%3A%2F%2Fevil.com%2F/x'],
    ['line breaks', 'a\r\nHost: evil', '/users/a%0D%0AHost%3A%20evil/x'],
    ['letters and emoji', 'é😀', '/users/%C3%A9%F0%9F%98%80/x'],
    ['half an emoji', '\uD83D', '/users/%EF%BF%BD/x'],
    ['text that is already encoded', '%41', '/users/%2541/x'],
    ['quotes and brackets', `'(!*)"<>`, '/users/%27%28%21%2A%29%22%3C%3E/x'],
    ['an object', { a: 1 }, '/users/%7B%22a%22%3A1%7D/x'],
    ['a number', 42, '/users/42/x'],
    ['dots within', 'a..b', '/users/a..b/x'],
  ])('encodes %s', async (_name, id, path) => {
    expect(await fill(`${API}/users/{{ args.id }}/x`, { id })).toBe(API + path);
  });

  test.each([
    '..',
    '.',
    '../../admin',
    '..\\..\\admin',
    '%2e%2e',
    '%2e%2e/',
    '%252e%252e%252fadmin',
    'a/..',
    '..;/x',
  ])('refuses to leave the path with %s', async (id) => {
    await expect(fill(`${API}/users/{{ args.id }}`, { id })).rejects.toThrow(
      /must not contain "\." or "\.\."/,
    );
    await expect(fill(`${API}/users/{{ args.id | raw }}`, { id })).rejects.toThrow();
  });

  test('two values cannot form dots together, and a line break cannot hide them', async () => {
    await expect(fill(`${API}/a/{{ args.x }}{{ args.x }}/b`, { x: '.' })).rejects.toThrow(/must not contain/);
    await expect(fill(`${API}/a/{{ args.x | raw }}/b`, { x: '.\n.' })).rejects.toThrow(/must not contain/);
  });

  test.each([
    ['{{ args.host }}/x', { host: 'https://evil.com' }],
    ['{{ args.host | raw }}/x', { host: 'https://evil.com' }],
    ['https://{{ args.host }}/x', { host: 'evil.com' }],
    ['{{ payload.host | raw }}', { host: 'https://evil.com/' }],
    [`${API}{{ args.x }}/`, { x: '.evil.com' }],
    [`${API}{{ args.x | raw }}/`, { x: '@evil.com' }],
    [`${API}{{ args.x | raw }}/`, { x: ':8443' }],
    ['https://{{ args.x }}.example.com/', { x: 'other' }],
    ['{{ args.scheme }}://api.example.com/', { scheme: 'http' }],
    [`{{ args.x | raw }}${API}/`, { x: 'https://evil.com/?' }],
    ['//{{ args.x }}', { x: 'evil.com' }],
  ])('refuses arguments that choose the host: %s', async (template, args) => {
    await expect(fill(template, args)).rejects.toThrow(/host/);
  });

  test('a host may come from a secret, also as a whole base URL', async () => {
    const secrets = { host: 'api.example.com:8443', base: 'https://hooks.example.com/T0/B0', key: 'a/b+c' };
    expect(await fill('{{ secrets.base }}/{{ args.id }}', { id: 'a/b' }, secrets)).toBe(
      'https://hooks.example.com/T0/B0/a%2Fb',
    );
    expect(await fill('https://{{ secrets.host | raw }}/', {}, secrets)).toBe(
      'https://api.example.com:8443/',
    );
    expect(await fill(`${API}/?key={{ secrets.key }}`, {}, secrets)).toBe(`${API}/?key=a%2Fb%2Bc`);
  });

  test('raw leaves a path unchanged, and an encoding filter does not encode twice', async () => {
    expect(await fill(`${API}/files/{{ args.path | raw }}`, { path: 'a/b c' })).toBe(`${API}/files/a/b%20c`);
    expect(await fill(`${API}/?q={{ args.q | url_encode }}`, { q: 'a b&c' })).toBe(`${API}/?q=a%20b%26c`);
    expect(await fill(`${API}/?q={{ args.q | upcase }}`, { q: 'a&b' })).toBe(`${API}/?q=A%26B`);
  });

  test('captured values are encoded too', async () => {
    const template = `{% capture id %}x{{ args.id }}{% endcapture %}${API}/{{ id }}`;
    expect(await fill(template, { id: '/?' })).toBe(`${API}/x%2F%3F`);
  });

  test.each(['', null, undefined])('refuses an empty segment: %p', async (id) => {
    await expect(fill(`${API}/items/{{ args.id }}`, { id })).rejects.toThrow(/Part of the URL is empty/);
    await expect(fill(`${API}/items/{{ args.id }}/parts?x=1`, { id })).rejects.toThrow(
      /Part of the URL is empty/,
    );
    await expect(fill(`${API}/items/{{ args.id }}?x=1`, { id })).rejects.toThrow(/Part of the URL is empty/);
    expect(await fill(`${API}/items?id={{ args.id }}`, { id })).toBe(`${API}/items?id=`);
    expect(await fill(`${API}/items/{% if args.id %}{{ args.id }}{% endif %}`, {})).toBe(`${API}/items/`);
  });
});
