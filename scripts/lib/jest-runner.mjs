import { createRunner } from 'jest-light-runner';
import { makeRoom } from './jest-room.mjs';

const LightRunner = createRunner({ runtime: 'child_process' });

/** Room for one suite at a time. */
const ONE = { places: 1, busyShare: () => 1 };

/**
 * Runs suites in plain Node processes, which share loaded modules: linking them took most of a suite's time.
 * There may be more processes (`maxWorkers`) than processors; a suite begins when there is room for it.
 */
export default class Runner extends LightRunner {
  #room;

  constructor(globalConfig, ...rest) {
    // For one, the suite would run in Jest's own process, which then waits for the shared stack and browser.
    super({ ...globalConfig, maxWorkers: Math.max(2, globalConfig.maxWorkers) }, ...rest);
    this.#room = globalConfig.maxWorkers === 1 ? ONE : {};
  }

  async runTests(tests, watcher, onStart, onResult, onFailure) {
    const room = makeRoom(this.#room);
    const start = async (test) => {
      await room.enter(test.path);
      await onStart(test);
    };
    const end = (tell) => (test, outcome) => {
      room.leave(test.path);
      return tell(test, outcome);
    };
    try {
      await super.runTests(tests, watcher, start, end(onResult), end(onFailure));
    } finally {
      room.close();
    }
  }
}
