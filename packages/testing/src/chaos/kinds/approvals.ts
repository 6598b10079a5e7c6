import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../index.js';
import { makeAgent, persist, post, read, readPending, spread } from '../asking.js';
import { COMMON_FAULTS, chargesOf, compareStored, compareTold, forAll, waitForEnds } from '../ends.js';
import { type Ledger, openLedger } from '../ledger.js';
import type { World } from '../world.js';
import type { OpenKind } from './kind.js';

const TASKS = 48;
const PATH = '/approvals';
const EXPIRES_SECONDS = 2;
const PAUSE_MS = 200;
/** The argument that the model gives, and the one that a person writes instead. */
const ASKED = 0;
const EDITED = 7;

/** What people do about a call; the last kind they leave until it is too late. */
const CASES = ['approve', 'deny', 'edit', 'expire'] as const;
type Case = (typeof CASES)[number];

/** What someone else decides at the same moment. */
const OTHER: Record<Exclude<Case, 'expire'>, Case> = { approve: 'deny', deny: 'approve', edit: 'deny' };

interface Pending {
  task_id: string;
  call_id: string;
  expires_at: string;
  url: string;
}
interface Trace {
  steps: { tool_calls: { error: string | null; approval?: { decision: string | null } }[] }[];
}
interface Asked {
  task: string;
  order: string;
  wanted: Case;
  /** The decisions that were answered with 200. */
  won: Case[];
}

const bodyOf = (decision: Case) => ({ decision, ...(decision === 'edit' && { arguments: { n: EDITED } }) });

/** Calls that need a person's approval. Each is decided once, and made once if it was approved. */
export const openApprovals: OpenKind = async (world, { scale, seconds }) => {
  const { tool } = world.shop;
  const agent = await makeAgent(world, {
    name: 'Approvals',
    tools: [
      { ...tool, approval: 'always' },
      { ...tool, name: 'hurry', approval: 'always', expires_in_seconds: EXPIRES_SECONDS },
    ],
    sandbox_tools: true,
    callback: { url: `${world.receiver.url}${PATH}` },
  });
  const asked = new Map<string, Asked>();
  const ledger = openLedger('approvals', [
    ...COMMON_FAULTS,
    'decided twice',
    'decided after their time',
    'decisions that differ from the first',
    'calls that were not approved, but made',
    'approved calls that were not made',
    'made twice',
    'told under two ids',
  ]);
  const count = TASKS * scale;
  let people: Promise<void> | undefined;
  return {
    send: async () => {
      people = decideAll(world, ledger, asked, count);
      // Its failure is reported where it is awaited.
      people.catch(() => undefined);
      await spread(count, seconds, async (n) => {
        const wanted = CASES[n % CASES.length] ?? 'approve';
        const order = `${wanted}-${n}`;
        const name = wanted === 'expire' ? 'hurry' : 'charge';
        const steps = [{ tool: { name, arguments: { n: ASKED } } }];
        const task = await post(world, agent.token, order, { order, sandbox: { steps, reply: 'done' } });
        asked.set(task, { task, order, wanted, won: [] });
      });
    },
    judge: async () => {
      await people;
      const ends = await waitForEnds(world, ledger, asked.keys());
      await compareStored(world, ledger, agent.id, asked.keys());
      await forAll(asked.values(), async (one) => {
        if (ends.has(one.task)) judgeCall(world, ledger, one, await read(world, `/api/tasks/${one.task}`));
      });
      // A call that is decided or expires at once may be over before anyone is told. No call is told twice.
      const isAsked = (text: string) => JSON.parse(text).type === 'task.action_required';
      const taskOf = (text: string): string => JSON.parse(text).data.task_id;
      const told = [...world.receiver.at(PATH).values()].filter(isAsked).map(taskOf);
      await compareTold(world, ledger, PATH, told, (text) => (isAsked(text) ? taskOf(text) : undefined));
      ledger.note('calls that people were told about', new Set(told).size);
      return ledger.figures();
    },
  };
};

/** Two people decide each call that waits, at the same moment, one by an API key and one by the link. */
async function decideAll(world: World, ledger: Ledger, asked: Map<string, Asked>, count: number) {
  const handled = new Map<string, Promise<void>>();
  const decide = async ({ task_id, call_id, url, expires_at }: Pending, one: Asked) => {
    const byKey = (decision: Case) =>
      persist(world, () =>
        world.api.request('POST', `/api/tasks/${task_id}/approvals/${call_id}`, bodyOf(decision)),
      );
    const byLink = (decision: Case) => {
      const path = new URL(url).pathname;
      return persist(world, () =>
        world.api.request('POST', path, bodyOf(decision), { authorization: '', accept: 'application/json' }),
      );
    };
    const expect = async (answer: Promise<Answer>, decision: Case) => {
      const { status, body } = await answer;
      if (status === 200) one.won.push(decision);
      else if (status >= 400 && status !== 409 && status !== 410)
        throw new Error(`a decision: ${status} ${JSON.stringify(body)}`);
    };
    if (one.wanted === 'expire') {
      await sleep(Math.max(0, Date.parse(expires_at) - Date.now() + 50));
      await expect(byKey('approve'), 'approve');
      if (one.won.length > 0) ledger.fault('decided after their time', one.task);
    } else {
      const other = OTHER[one.wanted];
      await Promise.all([expect(byKey(one.wanted), one.wanted), expect(byLink(other), other)]);
      if (one.won.length > 1) ledger.fault('decided twice', `${one.task}: ${one.won.join(', ')}`);
    }
  };
  const isDone = () =>
    asked.size === count &&
    [...asked.values()].every(({ task, wanted }) => wanted === 'expire' || handled.has(task));
  while (!isDone() && !world.isOver()) {
    for (const pending of await readPending<Pending>(world)) {
      const one = asked.get(pending.task_id);
      if (one && !handled.has(one.task)) {
        const decided = decide(pending, one);
        decided.catch(() => undefined);
        handled.set(one.task, decided);
      }
    }
    await sleep(PAUSE_MS);
  }
  await Promise.all(handled.values());
}

function judgeCall(world: World, ledger: Ledger, { task, order, won }: Asked, { steps }: Trace): void {
  const call = steps[0]?.tool_calls[0];
  const decision = call?.approval?.decision;
  const isApproved = decision === 'approve' || decision === 'edit';
  const charges = chargesOf(world, order);
  if (won[0] !== undefined && won[0] !== decision)
    ledger.fault('decisions that differ from the first', `${task}: ${decision} for ${won[0]}`);
  if (charges.length > 1) ledger.fault('made twice', `${task}: ${order}`);
  const wrong = charges.filter((n) => !isApproved || n !== (decision === 'edit' ? EDITED : ASKED));
  if (wrong.length > 0) ledger.fault('calls that were not approved, but made', `${task}: ${decision}`);
  // A worker that dies during a call leaves its outcome unknown.
  if (isApproved && charges.length === 0 && !call?.error?.includes('not known'))
    ledger.fault('approved calls that were not made', `${task}: ${call?.error}`);
}
