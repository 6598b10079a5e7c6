import type { Kind } from './behind.js';
import type { RangeValue } from './range.js';

/** What the URL of the overview says. */
export interface OverviewSearch {
  range?: RangeValue;
  by?: Kind;
  /** The only agent that is shown. */
  agent?: string;
}
