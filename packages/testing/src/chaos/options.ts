import { parseArgs } from 'node:util';
import { FAULTS, WRONG_CLOCKS } from './faults.js';
import { KINDS } from './kinds/index.js';
import { findFaketime } from './wrong-clock.js';

/** How much is sent, and for how long. */
interface Size {
  /** A factor on what each kind sends. */
  scale: number;
  /** How long events are sent and faults happen. */
  seconds: number;
  /** When a run ends at the latest, in seconds, however slow the machine is. */
  mostSeconds: number;
}

const FULL: Size = { scale: 8, seconds: 240, mostSeconds: 1_500 };
const QUICK: Size = { scale: 1, seconds: 45, mostSeconds: 480 };

export interface Options extends Size {
  quick: boolean;
  seed: number;
  /** The kinds of work to play. */
  kinds: string[];
  /** The names of the faults that occur; all if undefined. */
  faults: string[] | undefined;
  /** The path of libfaketime, if there is one. */
  faketime: string | undefined;
  /** The commit whose version runs at first; undefined for this one. */
  from: string | undefined;
}

/** The names in a list. Throws for one that does not exist. */
function namesIn(text: string, known: string[]): string[] {
  const names = text.split(',').map((name) => name.trim());
  for (const name of names)
    if (!known.includes(name)) throw new Error(`There is no “${name}”. There are: ${known.join(', ')}.`);
  return names;
}

/**
 * The options of the command line.
 *
 * @throws for an unknown option, kind or fault
 */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string' },
      faults: { type: 'string' },
      seconds: { type: 'string' },
      faketime: { type: 'string', default: findFaketime() ?? '' },
      from: { type: 'string', default: 'HEAD~1' },
    },
  });
  const { quick, seed, only, faults, seconds, from, faketime } = values;
  const size = quick ? QUICK : FULL;
  const all = Object.keys(KINDS);
  return {
    ...size,
    ...(seconds !== undefined && { seconds: Number(seconds) }),
    quick,
    seed: seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(seed),
    kinds: only === undefined ? all : namesIn(only, all),
    faults: faults === undefined ? undefined : namesIn(faults, [...Object.keys(FAULTS), WRONG_CLOCKS]),
    faketime: faketime || undefined,
    from: from === 'none' ? undefined : from,
  };
}
