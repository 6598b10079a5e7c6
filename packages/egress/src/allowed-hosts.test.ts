import { describe, expect, test } from '@jest/globals';
import { checkAllowedHost } from './allowed-hosts.js';

describe('checkAllowedHost', () => {
  test.each([
    ['https://docs.example.com/x', 'docs.example.com', true],
    ['https://docs.example.com:8443/x', 'Docs.Example.com', true],
    ['https://docs.example.com/x', '*.example.com', true],
    ['https://a.b.example.com/x', '*.example.com', true],
    ['https://example.com/x', '*.example.com', false],
    ['https://badexample.com/x', '*.example.com', false],
    ['https://example.com.evil.test/x', 'example.com', false],
    ['https://evil.test/example.com', 'example.com', false],
    ['https://bücher.example/', 'bücher.example', true],
    ['https://xn--bcher-kva.example/', 'bücher.example', true],
    ['http://0x7f.1/', '127.0.0.1', true],
    ['http://[::1]:80/', '[::1]', true],
    ['https://a.example/', '*.', false],
  ])('%s under %s: %s', (url, pattern, isAllowed) => {
    const check = () => checkAllowedHost(new URL(url), ['other.test', pattern]);
    if (isAllowed) expect(check).not.toThrow();
    else expect(check).toThrow(new URL(url).hostname);
  });

  test('an empty list allows nothing, no list allows everything', () => {
    expect(() => checkAllowedHost(new URL('https://a.example/'), [])).toThrow('a.example');
    expect(() => checkAllowedHost(new URL('https://a.example/'), undefined)).not.toThrow();
  });
});
