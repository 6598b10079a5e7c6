import { type ChildProcess, spawn } from 'node:child_process';

/** Reads live process ids from its input. At the end of input, it kills them. */
const SCRIPT = `
trap '' INT TERM HUP
live=' '
while read -r what pid; do
  case $what in
    start) live="$live$pid " ;;
    end) live="\${live%% $pid *} \${live#* $pid }" ;;
  esac
done
[ "$live" = ' ' ] || kill -9 $live
`;

let reaper: ChildProcess | undefined;
const live = new Set<number>();

function tell(line: string): void {
  if (reaper === undefined) {
    const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'] });
    // It waits for the end of this process and must not delay it.
    shell.unref();
    (shell.stdin as unknown as { unref(): void }).unref();
    reaper = shell;
  }
  reaper.stdin?.write(`${line}\n`);
}

/**
 * Makes sure that a child process does not outlive this one, however this one ends. A shell watches, because
 * Jest gives tests no exit event and a killed process runs no code.
 */
export function reapWithThisProcess(pid: number): void {
  live.add(pid);
  tell(`start ${pid}`);
}

/** The process has ended by itself, and its id may be reused. */
export function hasEnded(pid: number): void {
  live.delete(pid);
  tell(`end ${pid}`);
  if (live.size > 0) return;
  reaper?.stdin?.end();
  reaper = undefined;
}
