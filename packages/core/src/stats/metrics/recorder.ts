import { definitionOf, type LabelsOf, type MetricName, OTHER, unitOf } from './definitions.js';

/** How long a label's value may be, in characters; how many values a process keeps between two flushes. */
const MOST_CHARACTERS = 100;
const MOST_SERIES = 5_000;

/** What a process has counted since the last flush: an increment by metric, labels and place. */
export interface Increment {
  name: MetricName;
  labels: readonly string[];
  /** The number of a histogram's bucket; `sum` for its sum; '' for a counter. */
  place: string;
  by: number;
}

/** Counts for `/metrics`. Nothing is sent until the next flush. */
export interface Recorder {
  count<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, by?: number): void;
  /** Adds to a histogram. */
  observe<Name extends MetricName>(name: Name, labels: LabelsOf<Name>, ms: number): void;
  /** Takes all that was counted. */
  drain(): Increment[];
  /** Takes it back if it could not be stored. */
  giveBack(increments: readonly Increment[]): void;
}

/** The separator of labels in the names of stored fields. */
export const SEPARATOR = '\t';

const clean = (label: string): string =>
  label.length <= MOST_CHARACTERS && !/\s/.test(label)
    ? label
    : label.slice(0, MOST_CHARACTERS).replace(/\s/g, ' ');

export function createRecorder(): Recorder {
  const counts = new Map<string, Increment>();
  const add = (name: MetricName, given: readonly string[], place: string, by: number) => {
    if (!(by > 0)) return;
    let labels = given;
    let key = [name, ...labels, place].join(SEPARATOR);
    let found = counts.get(key);
    if (!found && counts.size >= MOST_SERIES) {
      labels = given.map(() => OTHER);
      key = [name, ...labels, place].join(SEPARATOR);
      found = counts.get(key);
    }
    if (found) found.by += by;
    else counts.set(key, { name, labels: labels.map(clean), place, by });
  };
  return {
    count: (name, labels, by = 1) =>
      add(name, labels as readonly string[], '', Math.round(by * unitOf(name))),
    observe: (name, labels, ms) => {
      const { buckets = [] } = definitionOf(name);
      const seconds = Math.max(0, ms) / 1000;
      const nth = buckets.findIndex((bound) => seconds <= bound);
      add(name, labels as readonly string[], String(nth === -1 ? buckets.length : nth), 1);
      add(name, labels as readonly string[], 'sum', Math.round(seconds * unitOf(name)));
    },
    drain: () => {
      const taken = [...counts.values()];
      counts.clear();
      return taken;
    },
    giveBack: (increments) => {
      for (const { name, labels, place, by } of increments) add(name, labels, place, by);
    },
  };
}
