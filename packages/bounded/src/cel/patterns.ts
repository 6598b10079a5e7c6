import { LRUCache } from 'lru-cache';
import { RE2JS } from 're2js';

const patterns = new LRUCache<string, RE2JS>({ max: 200 });

/** Compiles a pattern of RE2 (https://github.com/google/re2/wiki/Syntax), which takes linear time for any text. */
export function patternOf(source: string): RE2JS {
  const pattern = patterns.get(source) ?? RE2JS.compile(source);
  patterns.set(source, pattern);
  return pattern;
}
