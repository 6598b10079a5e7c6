import { type Journal, turnOfCall } from './journal.js';

/** How often one call may be made in a run while it ends the same way each time. */
const MOST_SAME = 5;
/** How often one call may be made in a run, whatever it returns. */
const MOST_EQUAL = 20;

/** Notices a model that makes the same call with the same arguments again and again. */
export interface LoopGuard {
  /** The text for the model if the call may not be made; otherwise undefined. */
  excess(name: string, args: unknown): string | undefined;
  /** Remembers a call that is about to be made. */
  add(call: string, name: string, args: unknown): void;
}

/**
 * Counts the equal calls of all attempts up to the current turn. A call whose results change, as when a model
 * polls, may be made more often.
 */
export function watchForLoops(journal: Journal): LoopGuard {
  const calls = new Map<string, string[]>();
  const keyOf = (name: string, args: unknown) => `${name} ${JSON.stringify(args)}`;
  const add = (call: string, name: string, args: unknown) => {
    const key = keyOf(name, args);
    const equal = calls.get(key);
    if (equal) equal.push(call);
    else calls.set(key, [call]);
  };
  for (const [call, { name, arguments: args }] of journal.started) add(call, name, args);
  for (const [call, { name, arguments: args }] of journal.asked) {
    if (!journal.started.has(call)) add(call, name, args);
  }
  const endingOf = (call: string): string | undefined => {
    const end = journal.finished.get(call);
    return end && JSON.stringify([end.result, end.error]);
  };
  return {
    excess: (name, args) => {
      const equal = (calls.get(keyOf(name, args)) ?? []).filter((call) => turnOfCall(call) <= journal.taken);
      if (equal.length < MOST_SAME) return undefined;
      const [first, ...others] = equal.slice(-MOST_SAME).map(endingOf);
      if (equal.length < MOST_EQUAL && others.some((ending) => ending !== first)) return undefined;
      return (
        `This call was not made: it was made ${equal.length} times with the same arguments. Use what it ` +
        'returned, try something else, or answer.'
      );
    },
    add,
  };
}
