import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/** What bystanders waited during each hostile case, as a Markdown table; undefined if no such suite ran. */
function bystanderTable(file) {
  if (file === undefined || !existsSync(file)) return undefined;
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').map(JSON.parse);
  const rows = lines.map(({ suite, case: name, doing, requests, p50_ms, p99_ms, worst_ms }) =>
    [suite, name, doing, requests, p50_ms, p99_ms, worst_ms].join(' | '),
  );
  const head = ['suite', 'beside', 'a bystander’s', 'requests', 'p50 ms', 'p99 ms', 'worst ms'].join(' | ');
  return ['What a bystander waited:', '', `| ${head} |`, '|---|---|---|--:|--:|--:|--:|']
    .concat(rows.sort().map((row) => `| ${row} |`))
    .join('\n');
}

/** Prints the bystanders' table, stops the Redis from global-setup.mjs and removes its folder. */
export default async function globalTeardown() {
  const { child, dir } = globalThis.agenthookTestRedis ?? {};
  if (child === undefined) return;
  const table = bystanderTable(process.env.BYSTANDERS_FILE);
  if (table !== undefined) console.log(`\n${table}\n`);
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  rmSync(dir, { recursive: true, force: true });
}
