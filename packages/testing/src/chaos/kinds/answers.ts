import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../index.js';
import { makeAgent, persist, post, read, readPending, spread } from '../asking.js';
import { COMMON_FAULTS, compareStored, forAll, waitForEnds } from '../ends.js';
import { type Ledger, openLedger } from '../ledger.js';
import type { World } from '../world.js';
import type { OpenKind } from './kind.js';

const TASKS = 30;
const PAUSE_MS = 200;

interface Pending {
  task_id: string;
  call_id: string;
  kind: 'question' | 'callback';
  url: string;
}
interface Trace {
  steps: { tool_calls: { result: unknown; error: string | null }[] }[];
}
/** A task that waits for somebody, and the answers that were accepted. */
interface Asked {
  task: string;
  won: string[];
}

/** Questions to people, and callbacks of other systems: two answer at the same moment, and one counts. */
export const openAnswers: OpenKind = async (world, { scale, seconds }) => {
  const agent = await makeAgent(world, {
    name: 'Answers',
    tools: [
      { type: 'ask_human', name: 'ask_sales' },
      { type: 'wait_callback', name: 'build_done' },
    ],
    sandbox_tools: true,
  });
  const asked = new Map<string, Asked>();
  const ledger = openLedger('answers', [
    ...COMMON_FAULTS,
    'accepted twice',
    'answers that differ from the accepted one',
    'tasks without an answer',
  ]);
  const count = TASKS * scale;
  let people: Promise<void> | undefined;
  return {
    send: async () => {
      people = answerAll(world, ledger, asked, count);
      // Its failure is reported where it is awaited.
      people.catch(() => undefined);
      await spread(count, seconds, async (n) => {
        const tool =
          n % 2 === 0
            ? { name: 'ask_sales', arguments: { question: 'Which one?' } }
            : { name: 'build_done', arguments: { about: 'the build' } };
        const task = await post(world, agent.token, `answer-${n}`, {
          sandbox: { steps: [{ tool }], reply: 'done' },
        });
        asked.set(task, { task, won: [] });
      });
    },
    judge: async () => {
      await people;
      const ends = await waitForEnds(world, ledger, asked.keys());
      await compareStored(world, ledger, agent.id, asked.keys());
      await forAll(asked.values(), async ({ task, won }) => {
        if (!ends.has(task)) return;
        const { steps } = await read<Trace>(world, `/api/tasks/${task}`);
        const result = JSON.stringify(steps[0]?.tool_calls[0]?.result ?? null);
        if (result === 'null') ledger.fault('tasks without an answer', task);
        else if (won[0] !== undefined && !result.includes(won[0]))
          ledger.fault('answers that differ from the accepted one', `${task}: ${result} for ${won[0]}`);
      });
      return ledger.figures();
    },
  };
};

/** Two answer each call that waits, at the same moment. */
async function answerAll(world: World, ledger: Ledger, asked: Map<string, Asked>, count: number) {
  const handled = new Map<string, Promise<void>>();
  const handle = async ({ task_id, call_id, kind, url }: Pending, one: Asked) => {
    const path = new URL(url).pathname;
    const open = { authorization: '', accept: 'application/json' };
    const byLink = (answer: string) => {
      const body = kind === 'callback' ? { said: answer } : { decision: 'answer', answer };
      return persist(world, () => world.api.request('POST', path, body, open));
    };
    const byKey = (answer: string) =>
      persist(world, () =>
        world.api.request('POST', `/api/tasks/${task_id}/approvals/${call_id}`, {
          decision: 'answer',
          answer,
        }),
      );
    const expect = async (answered: Promise<Answer>, answer: string) => {
      const { status, body } = await answered;
      if (status === 200 || status === 202) one.won.push(answer);
      else if (status !== 409 && status !== 410)
        throw new Error(`an answer: ${status} ${JSON.stringify(body)}`);
    };
    const first = kind === 'callback' ? byLink('the first') : byKey('the first');
    await Promise.all([expect(first, 'the first'), expect(byLink('the second'), 'the second')]);
    if (one.won.length > 1) ledger.fault('accepted twice', one.task);
  };
  const isDone = () => asked.size === count && handled.size === count;
  while (!isDone() && !world.isOver()) {
    for (const pending of await readPending<Pending>(world)) {
      const one = asked.get(pending.task_id);
      if (!one || handled.has(one.task)) continue;
      const done = handle(pending, one);
      done.catch(() => undefined);
      handled.set(one.task, done);
    }
    await sleep(PAUSE_MS);
  }
  await Promise.all(handled.values());
}
