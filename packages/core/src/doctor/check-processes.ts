import type { RedisClient } from '../redis/connect.js';
import { skewText, WARNED_SKEW_MS } from '../redis/follow-clock.js';
import { ALL_AGENTS, keys } from '../redis/keys.js';
import { type ProcessInfo, readProcesses } from '../stats/heartbeat.js';
import { type Finding, findingsOf } from './finding.js';

const NTP = 'Run an NTP client on that machine and on the one of Redis.';

/** Redis's time, and how far this machine's clock is ahead of it; both in ms. */
export async function readClock(redis: RedisClient): Promise<{ nowMs: number; skewMs: number }> {
  const sent = performance.now();
  const [seconds = 0, micros = 0] = await redis.time();
  const nowMs = Number(seconds) * 1000 + Number(micros) / 1000 + (performance.now() - sent) / 2;
  return { nowMs: Math.floor(nowMs), skewMs: Math.round(Date.now() - nowMs) };
}

/** Checks the live processes: that there are workers, their clocks, logs and retention. */
export async function checkProcesses(
  redis: RedisClient,
  skewMs: number,
  ownTtlSeconds: number | undefined,
): Promise<{ findings: Finding[]; processes: ProcessInfo[]; retentionSeconds: number }> {
  const processes = await readProcesses(redis);
  const stored = await redis.get(keys.retention);
  const retentionSeconds = Number(stored ?? ownTtlSeconds ?? 0);
  const findings = [
    ...(await workers(redis, processes)),
    ...clocks(skewMs, processes),
    ...logs(processes),
    ...retention(processes, ownTtlSeconds, stored === null ? undefined : Number(stored)),
  ];
  return { findings, processes, retentionSeconds };
}

async function workers(redis: RedisClient, processes: readonly ProcessInfo[]): Promise<Finding[]> {
  const { ok, info, warning, error } = findingsOf('workers');
  const [apis, live] = (['api', 'worker'] as const).map((of) => processes.filter(({ kind }) => kind === of));
  const waiting = await redis.zcard(keys.taskIndex(0, ALL_AGENTS, 'PENDING'));
  const slots = (live ?? []).reduce((sum, { concurrency = 0 }) => sum + concurrency, 0);
  const findings: Finding[] = [];
  if (live?.length)
    findings.push(ok(`${live.length} worker(s) live, with ${slots} slots; ${waiting} task(s) wait.`));
  else if (waiting > 0)
    findings.push(
      error(
        `No worker lives, and ${waiting} task(s) wait.`,
        'Start a worker: node apps/worker/bundle/main.js. If one runs, compare its REDIS_URL with this one.',
      ),
    );
  else findings.push(warning('No worker lives: tasks are stored but do not run.', 'Start a worker.'));
  if (!apis?.length) findings.push(info('No api lives: nothing is received.'));
  return findings;
}

function clocks(skewMs: number, processes: readonly ProcessInfo[]): Finding[] {
  const { ok, warning } = findingsOf('clock');
  const found: Finding[] = [];
  if (Math.abs(skewMs) >= WARNED_SKEW_MS)
    found.push(warning(`This machine's clock is ${skewText(skewMs)}.`, NTP));
  for (const { kind, clock_skew_seconds } of processes) {
    const ms = clock_skew_seconds * 1000;
    if (Math.abs(ms) >= WARNED_SKEW_MS)
      found.push(warning(`The clock of ${kind === 'api' ? 'an api' : 'a worker'} is ${skewText(ms)}.`, NTP));
  }
  return found.length > 0 ? found : [ok("All clocks agree with Redis's.")];
}

function logs(processes: readonly ProcessInfo[]): Finding[] {
  const { warning } = findingsOf('logs');
  return processes
    .filter((each) => each.drops_log_lines)
    .map(({ kind, dropped_log_lines }) =>
      warning(
        `${kind === 'api' ? 'An api' : 'A worker'} drops log lines (${dropped_log_lines} so far).`,
        'Read its output, or make room on the disk of its log file.',
      ),
    );
}

function retention(
  processes: readonly ProcessInfo[],
  own: number | undefined,
  stored: number | undefined,
): Finding[] {
  const { ok, info, warning } = findingsOf('retention');
  const live = processes.flatMap(({ result_ttl_seconds }) => result_ttl_seconds ?? []);
  const settings = [...new Set(live)].sort((a, b) => a - b);
  if (settings.length > 1)
    return [
      warning(
        `RESULT_TTL_SECONDS differs between live processes (${settings.join(', ')}): the longest holds.`,
        'Set the same for all processes.',
      ),
    ];
  const holds = stored ?? settings[0];
  if (holds === undefined) return [info(`Results will be kept for ${own} s.`)];
  if (own !== undefined && own !== holds)
    return [
      info(
        `Results are kept for ${holds} s; RESULT_TTL_SECONDS is ${own} in this environment.`,
        'Set the same for all processes, if this is the environment of one.',
      ),
    ];
  return [ok(`Results are kept for ${holds} s.`)];
}
