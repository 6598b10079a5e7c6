import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import type { AttemptOutcome } from '@agenthook/contracts';
import type { AloneEnd, HeldTask, RunAlone } from '@agenthook/core';
import { parseJson } from '@agenthook/json';
import type { FromAlone, ToAlone } from './alone-messages.js';

const SCRIPT = fileURLToPath(new URL('./alone.js', import.meta.url));

/** Upper bound for the heap of a process for one task, in MiB. It is never larger than this process's own. */
const MAX_HEAP_MIB = 512;
/** How long a run may take to stop, in ms. */
const STOP_MS = 5_000;

/** Node options of this process that its children must not inherit. */
const NOT_HANDED_ON = /^--(max-old-space-size|inspect)/;

function execArgv(): string[] {
  const ownMiB = Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20);
  const heap = `--max-old-space-size=${Math.min(ownMiB, MAX_HEAP_MIB)}`;
  return [...process.execArgv.filter((option) => !NOT_HANDED_ON.test(option)), heap];
}

/**
 * Runs one attempt of a task in a child process, so that nothing else dies with it. The child reads the task
 * from Redis by id and writes its steps under this worker's lock; only the outcome comes back. It ends when
 * this process does.
 */
export const runAlone: RunAlone = (task: HeldTask, signal: AbortSignal): Promise<AloneEnd> => {
  // The id is for people: `ps` shows which task a process runs.
  const child = fork(SCRIPT, [task.id], {
    execArgv: execArgv(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const say = (message: ToAlone) => child.connected && child.send(message, () => {});
  let begun = false;
  let end: AloneEnd | undefined;
  child.on('message', (message: FromAlone) => {
    if (message.type === 'begins') begun = true;
    else if (message.type === 'outcome')
      end = { ended: 'outcome', outcome: parseJson(message.json) as AttemptOutcome };
    else end = { ended: 'lock_lost' };
  });
  let patience: NodeJS.Timeout | undefined;
  const stop = () => {
    say({ type: 'stop', reason: signal.reason });
    patience = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  };
  say({ type: 'run', task });
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });

  return new Promise<AloneEnd>((resolve) => {
    const over = (how: string) => resolve(end ?? { ended: begun ? 'died' : 'not_started', how });
    child.once('error', (error) => over(error.message));
    // `close`, not `exit`: by then, its last message has been read.
    child.once('close', (code, killedBy) => over(killedBy ?? `exit code ${code}`));
  }).finally(() => {
    clearTimeout(patience);
    signal.removeEventListener('abort', stop);
  });
};
