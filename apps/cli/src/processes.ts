import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { sleep } from '@agenthook/async';

/** Whether a process with this id exists, whichever it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return true;
}

/**
 * The command line of a process: undefined if it does not exist or cannot be determined, empty for an ended
 * process that its parent has not collected (which isAlive still counts).
 */
export function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    // macOS has no /proc.
    const { stdout, status } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 ? stdout.trim() || undefined : undefined;
  }
}

/**
 * Whether the process is alive and its command line contains this text. Process ids are reused, so the
 * command line decides.
 */
export const isProcess = (pid: number, text: string): boolean =>
  isAlive(pid) && (commandOf(pid)?.includes(text) ?? false);

/** Waits until a check fails or `timeoutMs` have passed. Returns whether it failed in time. */
export async function waitWhile(
  check: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; await check(); await sleep(50)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}
