import { spawn } from 'node:child_process';

/** An expected failure of the preparation. Its message is all that the user needs. */
export class PrepareError extends Error {
  name = 'PrepareError';
}

/** How to start npm: the one that runs this script, if any; `npm` may be a shim or another version. */
export function npmCommand() {
  const running = process.env.npm_execpath ?? '';
  return running.endsWith('npm-cli.js') ? [process.execPath, running] : ['npm'];
}

/** Prints one progress line. */
const say = (line) => console.log(`agenthook: ${line}`);

/**
 * Runs a command whose output matters only if it fails.
 *
 * @param {string} command program, looked up on PATH
 * @param {string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, label?: string, patience_ms?: number}} [options] `label` is
 * printed as a progress line once the command has run for `patience_ms` (0: at once)
 * @returns {Promise<{ok: boolean, output: string}>} never rejects; a command that cannot be started is not ok
 */
export function run(command, args, { cwd, env, label, patience_ms = 0 } = {}) {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer = label === undefined ? undefined : setTimeout(() => say(`${label}…`), patience_ms);
    const finish = (ok) => {
      clearTimeout(timer);
      resolve({ ok, output });
    };
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => {
      output += error.message;
      finish(false);
    });
    child.once('close', (code) => finish(code === 0));
  });
}
