import { describe, expect, test } from '@jest/globals';
import { type Hop, nextHop } from './redirect.js';

const headers = {
  authorization: 'Bearer x',
  cookie: 'a=b',
  'proxy-authorization': 'Basic x',
  'x-api-key': 'k',
  accept: 'text/html',
  'content-type': 'text/plain',
  'user-agent': 'me',
};
const hop = (url: string, method = 'POST'): Hop<string> => ({
  url: new URL(url),
  method,
  headers,
  body: method === 'GET' ? undefined : 'data',
});

describe('nextHop', () => {
  test.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'PUT', 'GET'],
    [301, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'PATCH', 'PATCH'],
    [303, 'HEAD', 'HEAD'],
    [302, 'GET', 'GET'],
  ])('%i turns %s into %s', (status, from, to) => {
    const next = nextHop(hop('https://a.example/x', from), status, '/y');
    expect(next).toMatchObject({ method: to });
    expect(next?.url.href).toBe('https://a.example/y');
    const becameGet = from !== to;
    expect(next?.body).toBe(becameGet || from === 'GET' ? undefined : 'data');
    expect(next?.headers['content-type']).toBe(becameGet ? undefined : 'text/plain');
    expect(next?.headers.authorization).toBe('Bearer x');
  });

  test.each([
    ['another host', 'https://a.example/', 'https://b.example/'],
    ['a subdomain', 'https://a.example/', 'https://x.a.example/'],
    ['another port', 'https://a.example/', 'https://a.example:8443/'],
    ['http after https', 'https://a.example/', 'http://a.example/'],
    ['https after http', 'http://a.example/', 'https://a.example/'],
    ['a host without a scheme', 'https://a.example/', '//b.example/'],
  ])('drops all but harmless headers for %s', (_name, from, to) => {
    expect(nextHop(hop(from, 'GET'), 302, to)?.headers).toEqual({
      accept: 'text/html',
      'user-agent': 'me',
    });
    const blocked = expect.objectContaining({ code: 'blocked' });
    expect(() => nextHop(hop(from), 307, to)).toThrow(blocked);
    expect(() => nextHop(hop(from, 'GET'), 302, to, { sameOrigin: true })).toThrow(blocked);
  });

  test.each([
    'file:///etc/passwd',
    'gopher://x/',
    'data:text/plain,x',
    'https://u:p@a.example/',
    '//u@a.example',
    'http://',
  ])('refuses to go to %s', (location) => {
    expect(() => nextHop(hop('https://a.example/', 'GET'), 302, location)).toThrow(
      expect.objectContaining({ code: 'invalid_url' }),
    );
  });

  test('does not treat an answer as a redirect if it is not one', () => {
    expect(nextHop(hop('https://a.example/'), 200, '/y')).toBeUndefined();
    expect(nextHop(hop('https://a.example/'), 304, '/y')).toBeUndefined();
    expect(nextHop(hop('https://a.example/'), 302, undefined)).toBeUndefined();
  });
});
