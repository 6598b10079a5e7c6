import { spawnSync } from 'node:child_process';

/** The ids of a process's children whose command line contains `text`. */
export function childrenOf(pid: number, text: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' });
  return stdout.split('\n').flatMap((line) => {
    const [, child, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && args.includes(text) ? [Number(child)] : [];
  });
}
