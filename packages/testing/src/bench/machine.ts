import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { findRedis } from '../../../../scripts/lib/find.mjs';

/** What the figures were measured on. */
export function describeMachine() {
  const version = execFileSync(findRedis() ?? 'redis-server', ['--version'], { encoding: 'utf8' });
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / 2 ** 30),
    redis: /v=([\d.]+)/.exec(version)?.[1] ?? version.trim(),
  };
}

/** The resident memory of a process, in MB (10^6 bytes). */
export function residentMegabytes(pid: number): number {
  const kibibytes = () => {
    try {
      return /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    } catch {
      // Not Linux.
      return execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    }
  };
  return (Number(kibibytes()) * 1024) / 1e6;
}
