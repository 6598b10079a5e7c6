/** `npm run bench [-- --quick]`: measures, prints one table, and never fails because of a figure. */
import { forkScript } from './forked.js';
import { latency } from './latency.js';
import { startLoad } from './load.js';
import { describeMachine, residentMegabytes } from './machine.js';
import { type Figure, toTable, writeJson } from './report.js';
import { runRate } from './run-rate.js';
import { runsWithTools } from './runs-with-tools.js';
import { FULL, QUICK, type Sizes } from './sizes.js';
import { statusPolls } from './status-polls.js';
import { type System, startSystem } from './system.js';
import { taskLists } from './task-lists.js';
import { triggerRate, triggerRateByBacklog } from './trigger-rate.js';

/** What was started and must be stopped, in reverse order. */
const started: (() => void | Promise<void>)[] = [];

async function stopAll(): Promise<void> {
  for (let stop = started.pop(); stop; stop = started.pop()) await stop();
}

const tell = (text: string) => process.stderr.write(`bench: ${text} …\n`);

async function system(workers: number): Promise<System> {
  const made = await startSystem(workers);
  started.push(made.stop);
  return made;
}

function idleMemory({ stack, apiPid }: System): Figure[] {
  const figure = (name: string, pid = 0): Figure => ({
    what: `idle memory, ${name}`,
    value: residentMegabytes(pid),
    unit: 'MB',
    target: { is: 'at most', value: 150 },
  });
  return [figure('api', apiPid), figure('worker', stack.workers[0]?.pid)];
}

async function measure(sizes: Sizes): Promise<Figure[]> {
  const load = await startLoad(sizes.connections);
  started.push(load.stop);

  tell('latency and rate of no-op runs');
  const loop = await system(1);
  const memory = idleMemory(loop);
  const noOp = {
    what: 'no-op runs',
    webhookUrl: loop.webhookUrl,
    target: { is: 'at least', value: 1_000 },
  } as const;
  const runs = [...(await latency(loop, sizes)), ...(await runRate(loop, load, sizes, noOp))];
  tell('the rate of runs with tools and documents');
  for (const kind of await runsWithTools(loop, sizes)) runs.push(...(await runRate(loop, load, sizes, kind)));
  for (const worker of loop.stack.workers) await worker.stop();

  tell('the trigger beside a bare route');
  const bare = forkScript('bare-server');
  started.push(bare.stop);
  const { port } = await bare.receive<{ port: number }>(10_000);
  const busy = await system(0);
  const bareUrl = `http://127.0.0.1:${port}${new URL(busy.webhookUrl).pathname}`;
  const many = { url: busy.webhookUrl, pid: busy.apiPid };
  const triggers = await triggerRate(load, sizes, { url: bareUrl, pid: bare.pid }, many);
  bare.stop();
  if (sizes.backlog === 0) return [...triggers, ...runs, ...memory];

  const missing = Math.max(0, sizes.backlog - (await busy.waiting()));
  tell(`storing ${missing} more tasks, then comparing with an empty queue`);
  if (missing > 0) await load.send(busy.webhookUrl, missing);
  const none = { url: loop.webhookUrl, pid: loop.apiPid, before: loop.dropWaiting };
  const backlog = [
    ...(await statusPolls(loop, busy, sizes)),
    ...(await taskLists(loop, busy, sizes)),
    await triggerRateByBacklog(load, sizes, none, many),
  ];
  return [...triggers, ...runs, ...backlog, ...memory];
}

async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const at = new Date();
  const machine = describeMachine();
  const figures = await measure(quick ? QUICK : FULL);
  const seconds = Math.round((Date.now() - at.getTime()) / 1000);
  const { node, cores, cpu, redis, platform, load_before } = machine;
  console.log(`\n${toTable(figures)}\n`);
  console.log(`Node ${node} · Redis ${redis} · ${cores} × ${cpu} · ${platform}`);
  console.log(`took ${seconds} s; load average before: ${load_before.toFixed(1)}`);
  console.log(`written to ${writeJson({ at, quick, seconds, machine, figures })}`);
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void stopAll().finally(() => process.exit(130));
  });
}
try {
  await main();
} catch (error) {
  if (!interrupted) console.error(error);
  process.exitCode = 1;
} finally {
  await stopAll();
}
