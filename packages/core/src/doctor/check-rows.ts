import type { RedisClient } from '../redis/connect.js';
import { type Finding, findingsOf, someOf } from './finding.js';
import { CHECKED_ROWS, NOTHING_TO_DO } from './stored-rows.js';

/** How many damaged rows of a kind are named. */
const MOST_NAMED = 5;

/** Checks that rows of each stored kind can be read. Says which cannot, and what to do. */
export async function checkRows(redis: RedisClient, shards: readonly number[]): Promise<Finding[]> {
  const { ok, info, warning } = findingsOf('rows');
  const findings: Finding[] = [];
  let count = 0;
  for (const { name: kind, rows, isSound, action } of CHECKED_ROWS) {
    const named: string[] = [];
    let damaged = 0;
    for await (const [name, json] of rows(redis, shards)) {
      count++;
      if (isSound(json, name)) continue;
      damaged++;
      if (named.length <= MOST_NAMED) named.push(name);
    }
    if (damaged === 0) continue;
    const message = `${damaged} stored row(s) cannot be read: ${kind} ${someOf(named, MOST_NAMED)}.`;
    findings.push(action === null ? info(message, NOTHING_TO_DO) : warning(message, action));
  }
  return findings.length > 0 ? findings : [ok(`All ${count} stored rows that were looked at can be read.`)];
}
