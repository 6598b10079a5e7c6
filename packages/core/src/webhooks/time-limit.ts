import { createContext, Script } from 'node:vm';

/** How Node says that a script was ended. */
const TIMEOUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Runs work and returns what it returns; undefined when it was cut short. */
export type TimeLimit = <Result>(work: () => Result) => Result | undefined;

/**
 * A limit on the time, in ms, of work that is not ours and never awaits: undefined when it was cut short. V8 ends it
 * wherever it is, inside a regular expression too. Costs about 0.1 ms a call.
 *
 * The clock is the wall's, so a machine that is short of processors could end honest work: it gets a second try.
 */
export function createTimeLimit(limitMs: number): TimeLimit {
  const sandbox = createContext({ work: undefined as unknown });
  const script = new Script('work()');
  const once = (work: () => unknown) => {
    sandbox.work = work;
    try {
      return { result: script.runInContext(sandbox, { timeout: limitMs }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== TIMEOUT) throw error;
      return undefined;
    } finally {
      sandbox.work = undefined;
    }
  };
  return <Result>(work: () => Result) => (once(work) ?? once(work))?.result as Result | undefined;
}
