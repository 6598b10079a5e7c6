import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { findRedis } from '../../../../scripts/lib/find.mjs';

/** The machine that the figures were measured on. */
export function describeMachine() {
  const version = execFileSync(findRedis() ?? 'redis-server', ['--version'], { encoding: 'utf8' });
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memory_gib: Math.round(totalmem() / 2 ** 30),
    load_before: loadavg()[0] ?? 0,
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

/** A clock tick of /proc, in ms: the same on every Linux. */
const TICK_MS = 10;

/**
 * CPU time of a process, in ms; NaN without /proc. Unlike rates, it hardly depends on other load on the
 * machine.
 */
export function cpuMilliseconds(pid: number): number {
  try {
    // The program's name, in parentheses, may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return Number.NaN;
  }
}
