import { iso, type WaitReason } from '@agenthook/contracts';

const HOUR_MS = 3_600_000;

/**
 * A time in UTC, as short as it can be: the seconds if it is near, the date if it is far. Half a day from
 * now, a time without a date could be that of another day.
 */
function clock(time: string, now: number, round = Math.ceil): string {
  const ms = Date.parse(time);
  const distance = Math.abs(ms - now);
  // Times to come are rounded up: a limit ends no earlier than its text says.
  const step = distance < HOUR_MS ? 1_000 : 60_000;
  const [date, at = ''] = iso(round(ms / step) * step).split('T');
  const shown = at.slice(0, step === 1_000 ? 8 : 5);
  return distance < 12 * HOUR_MS ? `${shown} UTC` : `${date} ${shown} UTC`;
}

const behind = (place: number | undefined): string => (place === undefined ? '' : `, place ${place}`);

/** The one wording of each reason. `now` is in ms since the epoch. */
function textOf(wait: WaitReason, now: number): string {
  switch (wait.kind) {
    case 'queue':
      return wait.place === undefined ? 'next for a worker' : `place ${wait.place} for a worker`;
    case 'no_worker':
      return 'no worker';
    case 'no_free_slot':
      return `no free slot: ${wait.taken} of ${wait.slots}${behind(wait.place)}`;
    case 'max_concurrency':
      return `place ${wait.place} behind max_concurrency ${wait.max}`;
    case 'worker_lost':
      return `its worker is gone${behind(wait.place)}`;
    case 'conversation':
      return `place ${wait.place} behind earlier tasks of its conversation`;
    case 'paused':
      return pausedText(wait, now);
    case 'burst':
      return `collects events until ${clock(wait.until, now)}`;
    case 'retry':
      return `next attempt at ${clock(wait.until, now)} after ${wait.error}`;
    case 'budget':
      return `${BUDGETS[wait.scope]} ${wait.limit} is spent until ${clock(wait.until, now)}`;
    case 'rate_limit':
      return `rate limit of ${wait.provider}:${wait.model} until ${clock(wait.until, now)}`;
    case 'agent':
      return `waits for the agent of ${wait.tool} until ${clock(wait.until, now)}`;
    case 'approval':
      return `waits for approval of ${wait.tool} until ${clock(wait.expires_at, now)}`;
    case 'question':
      return `waits for an answer to ${wait.tool} until ${clock(wait.expires_at, now)}`;
    case 'callback':
      return `waits for a callback to ${wait.tool} until ${clock(wait.expires_at, now)}`;
  }
}

const PAUSED = {
  agent: 'its agent is',
  provider: "its model's provider is",
  installation: 'everything is',
} as const;

function pausedText(wait: Extract<WaitReason, { kind: 'paused' }>, now: number): string {
  const what = wait.provider === undefined ? PAUSED[wait.scope] : `${wait.provider} is`;
  const by = wait.by ? ` by ${wait.by}` : '';
  return `${what} paused${by} since ${clock(wait.since, now, Math.floor)}${behind(wait.place)}`;
}

const BUDGETS = { agent: "its agent's budget", installation: 'the budget of all agents' } as const;

/** A reason with its text. */
export const withText = <Reason extends WaitReason>(
  wait: Reason,
  now: number,
): Reason & { text: string } => ({
  ...wait,
  text: textOf(wait, now),
});
