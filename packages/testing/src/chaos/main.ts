/**
 * `npm run chaos [-- --quick]`: sends events to real processes while workers, the api and Redis are killed,
 * frozen and filled, clocks are wrong, and all processes are replaced. Prints one table, and fails if
 * anything was lost, done twice or out of order.
 *
 * `--seed 7` repeats the faults of a run, `--only bursts,approvals` plays some kinds of work, `--faults 'api
 * killed'` causes some faults, `--seconds 20` sends for a shorter time, `--from 41c9ba2` upgrades from
 * another commit than the one before (`none`: from none), `--faketime PATH` says where libfaketime is.
 */
import { describeMachine } from '../bench/machine.js';
import { type Figure, toTable, writeJson } from '../bench/report.js';
import { type Built, buildCommit } from './build-commit.js';
import { MOVED_CLOCKS, makeTrouble, WRONG_CLOCKS } from './faults.js';
import { KINDS } from './kinds/index.js';
import { type Options, readOptions } from './options.js';
import { upgradeAll } from './upgrade.js';
import { startWorld, type World } from './world.js';

const tell = (text: string) => process.stderr.write(`chaos: ${text} …\n`);
const number = (what: string, value: number, unit = ''): Figure => ({ what, value, unit });
const never = (what: string, value: number): Figure => ({
  ...number(what, value),
  target: { is: 'at most', value: 0 },
});

/** How many processes that ended by themselves are shown. */
const PRINTED = 3;
/** How long after the end of a run, in ms, the process ends whatever it waits for. */
const GRACE_MS = 20_000;

async function play(world: World, { scale, seconds, kinds, faults }: Options): Promise<Figure[]> {
  const opened = await Promise.all(kinds.map((name) => KINDS[name]?.(world, { scale, seconds })));
  const work = opened.filter((kind) => kind !== undefined);
  tell(`${kinds.join(', ')} for ${seconds} s, and trouble`);
  const peace = new AbortController();
  const trouble = makeTrouble(world, faults, peace.signal);
  const upgrade = upgradeAll(world, seconds);
  try {
    await Promise.all([upgrade, ...work.map(({ send }) => send())]);
  } finally {
    peace.abort();
    await trouble;
  }
  const happened = await trouble;
  tell('waiting for the ends');
  const judged = await Promise.all(work.map(({ judge }) => judge()));
  const { places, repeated, unread } = world;
  for (const text of [...places.unexpectedEnds.slice(0, PRINTED), ...unread])
    process.stderr.write(`chaos: ${text}\n`);
  return [
    ...[...happened].map(([what, times]) => number(what, times, '×')),
    number('processes replaced by those of this commit', await upgrade),
    number('starts with a wrong clock', places.skewedStarts(), '×'),
    number('requests that were refused or unanswered, and repeated', repeated),
    never('processes that ended by themselves', places.unexpectedEnds.length),
    never('reads refused while Redis stored nothing', unread.length),
    ...judged.flat(),
  ];
}

/** The version to begin with, if there is one. */
async function versionBefore(commit: string | undefined): Promise<Built | undefined> {
  if (commit === undefined) return undefined;
  tell(`building ${commit}, to upgrade from`);
  const built = await buildCommit(commit);
  if (!('why' in built)) return built;
  console.error(`chaos: the upgrade from ${commit} is not played: ${built.why}`);
  return undefined;
}

let world: World | undefined;
let before: Built | undefined;
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  const { quick, seed, faults, mostSeconds, from, faketime } = options;
  before = await versionBefore(from);
  const at = new Date();
  const deadline = at.getTime() + mostSeconds * 1_000;
  setTimeout(
    () => {
      console.error('chaos: the run has not ended in time');
      process.exit(1);
    },
    mostSeconds * 1_000 + GRACE_MS,
  ).unref();
  const version = before ? `, at first those of ${before.name}` : '';
  tell(`seed ${seed}: starting two apis, three workers${version}, and a Redis`);
  const isChosen = (fault: string) => faults?.includes(fault) ?? true;
  const clocks = { areSkewed: isChosen(WRONG_CLOCKS), areMoved: isChosen(MOVED_CLOCKS), faketime };
  world = await startWorld({ seed, deadline, clocks, root: before?.root });
  const figures = await play(world, options);
  console.log(`\n${toTable(figures)}\n`);
  console.log(`took ${Math.round((Date.now() - at.getTime()) / 1000)} s, with --seed ${seed}`);
  console.log(
    `written to ${writeJson({ at, suite: 'chaos', quick, seed, from: before?.name, machine: describeMachine(), figures })}`,
  );
  if (figures.some(({ value, target }) => target && value > target.value)) process.exitCode = 1;
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    interrupted = true;
    void Promise.resolve(world?.stop()).finally(() => {
      before?.remove();
      process.exit(130);
    });
  });
}
try {
  await main();
} catch (error) {
  if (!interrupted) console.error(error);
  process.exitCode = 1;
} finally {
  await world?.stop();
  before?.remove();
}
