import type { Lookup } from './check-host.js';

/** How long the addresses of a name are used without asking again, in ms. */
const FRESH_MS = 10_000;
/** How long they are used while a new look-up runs, in ms. */
const USABLE_MS = 60_000;
/** How many names are remembered. */
const MOST_KNOWN = 1_000;
/**
 * How many names are looked up at once. Node looks up half as many as UV_THREADPOOL_SIZE: 16 in the programs.
 */
const AT_ONCE = 12;
/** How many names of one domain may wait for their look-up. */
const MOST_WAITING = 200;

interface Known {
  addresses: string[];
  at: number;
}

/**
 * Looks up names that strangers choose. Who owns a domain decides how long that takes, so a domain has one
 * name looked up at a time, and some places stay free for the hosts of the operator. Domains take turns, and
 * a name that was found lately need not wait.
 */
export function lookUpInTurns(lookup: Lookup, nowMs: () => number = () => performance.now()): Lookup {
  const known = new Map<string, Known>();
  const asked = new Map<string, Promise<string[]>>();
  /** What waits, by domain; the domain that has waited longest comes first. */
  const lines = new Map<string, (() => Promise<void>)[]>();
  /** The domains that have a name looked up now. */
  const busy = new Set<string>();

  const toEnd = (domain: string): void => {
    const line = lines.get(domain);
    lines.delete(domain);
    if (line) lines.set(domain, line);
  };

  const next = (): void => {
    for (const [domain, line] of lines) {
      if (busy.size >= AT_ONCE) return;
      if (busy.has(domain)) continue;
      const work = line.shift();
      if (line.length === 0) lines.delete(domain);
      busy.add(domain);
      void work?.().finally(() => {
        busy.delete(domain);
        toEnd(domain);
        next();
      });
    }
  };

  const ask = (name: string): Promise<string[]> =>
    new Promise((resolve, reject) => {
      const domain = domainOf(name);
      const line = lines.get(domain) ?? [];
      if (line.length >= MOST_WAITING)
        return reject(Object.assign(new Error('too many look-ups wait'), { code: 'EAI_AGAIN' }));
      line.push(() => Promise.resolve(name).then(lookup).then(resolve, reject));
      lines.set(domain, line);
      next();
    });

  const find = (name: string): Promise<string[]> => {
    const same = asked.get(name);
    if (same) return same;
    const found = ask(name)
      .then((addresses) => {
        known.delete(name);
        known.set(name, { addresses, at: nowMs() });
        const [oldest] = known.keys();
        if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
        return addresses;
      })
      .finally(() => asked.delete(name));
    asked.set(name, found);
    return found;
  };

  return async (name) => {
    const last = known.get(name);
    const age = last ? nowMs() - last.at : Number.POSITIVE_INFINITY;
    if (!last || age > USABLE_MS) return await find(name);
    // Its next look-up may fail. The addresses are checked again at each connection.
    if (age > FRESH_MS) find(name).catch(() => known.delete(name));
    return last.addresses;
  };
}

/** Where a registry of a country has its customers: co.uk, com.br. */
const REGISTRY = /(?:^|\.)(?:ac|co|com|edu|gov|ne|net|or|org)\.[a-z]{2}$/i;

/** Which names take turns together: those of one owner, as far as the name tells. */
const domainOf = (name: string): string =>
  name
    .split('.')
    .slice(REGISTRY.test(name) ? -3 : -2)
    .join('.');
