import { describe, expect, test } from '@jest/globals';
import { isBoundedUrl, LONGEST_URL, parseTarget } from './target.js';

const base = new URL('https://a.example/dir/');
/** Ideographs, no two alike, which is the slowest case for international names. */
const ideographs = (count: number) =>
  String.fromCodePoint(...Array.from({ length: count }, (_, index) => 0x4e00 + index));

/** The time of a call, in ms; the best of three. */
function timeOf(work: () => unknown): number {
  const times = [1, 2, 3].map(() => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...times);
}

describe('parseTarget', () => {
  test('removes trailing dots from a host', () => {
    expect(parseTarget('http://a.example.../x').href).toBe('http://a.example/x');
    expect(() => parseTarget('http://.../x')).toThrow('no host');
  });

  test.each<[string, (n: number) => string]>([
    ['dots', (n) => `http://a${'.'.repeat(n)}`],
    ['dots before a letter', (n) => `http://a${'.'.repeat(n)}b`],
    ['dots in a path', (n) => '.'.repeat(n)],
    ['steps up', (n) => '../'.repeat(n / 3)],
    ['an international name', (n) => `http://${ideographs(n)}/`],
    ['a percent-encoded name', (n) => `//${encodeURIComponent(ideographs(n / 9))}`],
    ['a name after tabs', (n) => `/\t/\n${ideographs(n)}`],
    ['a name after backslashes', (n) => `\\\\\\${ideographs(n)}`],
    ['a name without slashes', (n) => `https:${ideographs(n)}`],
    ['combining marks', (n) => `http://a${'\u0301\u0323'.repeat(n / 2)}`],
    ['slashes', (n) => '/'.repeat(n)],
    ['tabs', (n) => '\t'.repeat(n)],
  ])('is fast for a location of 16,000 characters: %s', (_name, make) => {
    const read = () => {
      try {
        parseTarget(make(15_900), base);
      } catch {
        // A refusal is fine too.
      }
    };
    expect(timeOf(read)).toBeLessThan(20);
  });

  test('refuses what is too long, and nothing shorter', () => {
    const long = `http://a.example/${'a'.repeat(LONGEST_URL - 17)}`;
    expect(parseTarget(long).href).toBe(long);
    expect(() => parseTarget(`${long}a`)).toThrow('too long');
    expect(() => parseTarget(`http://${'a.'.repeat(501)}`)).toThrow('too long');
    expect(isBoundedUrl(`/${'a'.repeat(5_000)}?x=//${'a'.repeat(5_000)}`)).toBe(true);
    expect(isBoundedUrl(`?${'a'.repeat(5_000)}`)).toBe(true);
    expect(isBoundedUrl('a'.repeat(101), 100)).toBe(false);
  });
});
