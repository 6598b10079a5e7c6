import { LRUCache } from 'lru-cache';
import { type CelProgram, type CelSubject, compileCel } from './compile.js';

const MAX_PROGRAMS = 500;

/**
 * Compiles expressions that were checked when they were saved, and caches the most recently used ones. Throws
 * for one that does not compile.
 */
export function createCelCache(subject: CelSubject = 'event'): (source: string) => CelProgram {
  const known = new LRUCache<string, CelProgram>({ max: MAX_PROGRAMS });
  return (source) => {
    const found = known.get(source);
    if (found) return found;
    const compiled = compileCel(source, subject);
    if ('issue' in compiled) throw new Error(compiled.issue.message);
    known.set(source, compiled.program);
    return compiled.program;
  };
}
