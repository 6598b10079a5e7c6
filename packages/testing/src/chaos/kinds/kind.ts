import type { Figure } from '../../bench/report.js';
import type { World } from '../world.js';

/** How much is sent, and for how long. */
interface Load {
  /** A factor on the number of events. */
  scale: number;
  seconds: number;
}

/** One kind of work, with a ledger of its own. */
interface Kind {
  /** Sends its events. Resolves once all are acknowledged. */
  send(): Promise<void>;
  /** Waits until everything has ended, and judges. */
  judge(): Promise<Figure[]>;
}

/** Creates the agents of a kind, before the first fault. */
export type OpenKind = (world: World, load: Load) => Promise<Kind>;
