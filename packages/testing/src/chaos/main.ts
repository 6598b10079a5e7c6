/**
 * `npm run chaos [-- --quick]`: sends events to real processes while workers, the api and Redis are killed,
 * frozen and filled. Prints one table, and fails if anything was lost or done twice.
 */
import { describeMachine } from '../bench/machine.js';
import { type Figure, toTable, writeJson } from '../bench/report.js';
import { countOutcome, expectedCalls, type Outcome } from './count.js';
import { makeTrouble } from './faults.js';
import { type Sent, sendOrders } from './senders.js';
import { startWorld, type World } from './world.js';

const FULL = { tasks: 10_000, seconds: 240 };
const QUICK = { tasks: 1_500, seconds: 45 };

const tell = (text: string) => process.stderr.write(`chaos: ${text} …\n`);
const none = { is: 'at most', value: 0 } as const;

function figures(sent: Sent, happened: Map<string, number>, outcome: Outcome): Figure[] {
  const failed = Object.entries(outcome.failed);
  return [
    ...[...happened].map(([what, value]) => ({ what, value, unit: '×' })),
    { what: 'posts that were refused or unanswered, and repeated', value: sent.repeated, unit: '' },
    { what: 'acknowledged tasks', value: sent.tasks.size, unit: '' },
    { what: 'lost', value: outcome.lost, unit: '', target: none },
    { what: 'stored a second time', value: outcome.unasked, unit: '', target: none },
    // However often its workers are killed from outside, no task ends because of it.
    ...failed.map(([code, value]) => ({ what: `ended ${code}`, value, unit: '', target: none })),
    { what: 'tool calls that were to be made', value: expectedCalls(sent), unit: '' },
    { what: 'made twice', value: outcome.callsTwice, unit: '', target: none },
    { what: 'whose outcome is not known', value: outcome.callsUnknown, unit: '' },
    { what: 'ends without a callback', value: outcome.notTold, unit: '', target: none },
    { what: 'told under two ids', value: outcome.toldTwice, unit: '', target: none },
  ];
}

let world: World | undefined;
async function main(): Promise<void> {
  const quick = process.argv.includes('--quick');
  const { tasks, seconds } = quick ? QUICK : FULL;
  const at = new Date();
  tell('starting two apis, three workers and a Redis');
  world = await startWorld();
  tell(`${tasks} tasks in ${seconds} s, and trouble`);
  const peace = new AbortController();
  const trouble = makeTrouble(world, peace.signal);
  const sent: Sent = { tasks: new Map(), repeated: 0 };
  await sendOrders(world, tasks, seconds, sent);
  peace.abort();
  const happened = await trouble;
  tell('waiting for the ends');
  const outcome = await countOutcome(world, sent);
  const table = figures(sent, happened, outcome);
  console.log(`\n${toTable(table)}\n`);
  console.log(`took ${Math.round((Date.now() - at.getTime()) / 1000)} s`);
  console.log(
    `written to ${writeJson({ at, suite: 'chaos', quick, machine: describeMachine(), figures: table })}`,
  );
  if (table.some(({ value, target }) => target && value > target.value)) process.exitCode = 1;
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void Promise.resolve(world?.stop()).finally(() => process.exit(130));
  });
}
try {
  await main();
} catch (error) {
  if (!interrupted) console.error(error);
  process.exitCode = 1;
} finally {
  await world?.stop();
}
