import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sleep } from '@agenthook/async';
import { commandOf, isAlive } from './processes.js';
import { shownPath } from './settings.js';
import { UserError } from './user-error.js';

/** The content of `.agenthook/lock`: the launcher of this folder and its processes. */
interface LockFile {
  pid: number;
  command: string | undefined;
  children: Record<string, number>;
}

export interface Lock {
  /** The processes of the previous run; empty unless its launcher was killed. */
  previousChildren: Record<string, number>;
  note(name: string, pid: number): void;
  release(): void;
}

function read(path: string): LockFile | undefined {
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as LockFile;
    return Number.isInteger(content.pid) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Another process that reuses a dead launcher's id has another command line. */
function isHeld({ pid, command }: LockFile): boolean {
  return (
    pid !== process.pid && isAlive(pid) && (command === undefined || (commandOf(pid) ?? command) === command)
  );
}

/**
 * Takes the data folder for this process. A lock of a dead process is taken over.
 *
 * @throws UserError if another launcher runs on the folder
 */
export async function takeLock(dataDir: string): Promise<Lock> {
  const path = join(dataDir, 'lock');
  const content: LockFile = { pid: process.pid, command: commandOf(process.pid), children: {} };
  const write = () => {
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(content), { mode: 0o600 });
    renameSync(temporary, path);
  };
  const refuse = (pid: number) => {
    throw new UserError(`AgentHook is already running on ${shownPath(dataDir)} (pid ${pid})`);
  };

  const previous = read(path);
  if (previous !== undefined && isHeld(previous)) refuse(previous.pid);
  write();
  // Two launchers may have found the same stale lock. The last one to write it wins.
  await sleep(50);
  const now = read(path);
  if (now !== undefined && now.pid !== process.pid) refuse(now.pid);

  return {
    previousChildren: previous?.children ?? {},
    note(name, pid) {
      content.children[name] = pid;
      try {
        write();
      } catch {
        // The disk is full. The record only helps the next start and is not worth stopping for.
      }
    },
    release: () => rmSync(path, { force: true }),
  };
}
