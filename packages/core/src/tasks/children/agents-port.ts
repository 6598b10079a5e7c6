import {
  type AgentsPort,
  type CallableAgent,
  type ChildState,
  MAX_AGENT_DEPTH,
  type TaskSuccess,
} from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { AGENT } from '../../agents/agent-hash.js';
import { parseGate } from '../../agents/stored/parse-gate.js';
import type { VersionCache } from '../../agents/version-cache.js';
import type { Context } from '../../context.js';
import { parseFailure } from '../../queue/failure.js';
import { ASKS_FIELD } from '../../queue/job.js';
import { shardOf } from '../../queue/task-id.js';
import { taskIdOfText } from '../../queue/task-id-of-text.js';
import { keys } from '../../redis/keys.js';
import { cancelOnce } from '../cancel.js';
import { readTexts } from '../ended/ended-texts.js';
import { readFields } from '../ended/read-fields.js';
import { readTaskLog } from '../task-log.js';
import { type CallingTask, createChild } from './create-child.js';
import { dropChildScript } from './drop-child.script.js';
import { spentIn } from './spent-in.js';

const CALLS_ITSELF =
  'This call was not made: this task was made for that agent, or by it, so agents would call each other for ' +
  'ever. Go on without it.';
const TOO_DEEP = `This call was not made: agents may call agents at most ${MAX_AGENT_DEPTH} levels deep. Go on without it.`;
const DELETED = 'This call was not made: the agent was deleted. Go on without it.';
const DISABLED = 'This call was not made: the agent is disabled. Go on without it.';

/** What an agent takes that is called by another one; undefined if it was deleted. */
export async function describeAgent(
  ctx: Context,
  versions: VersionCache,
  agentId: string,
): Promise<CallableAgent | undefined> {
  const gate = await ctx.redis.hget(keys.agent(agentId), AGENT.gate);
  const config = gate === null ? undefined : await versions(agentId, parseGate(gate).version);
  return config && { name: config.name, description: config.description, input_schema: config.input_schema };
}

/** Lets a run call other agents. */
export function agentsOf(ctx: Context, versions: VersionCache, task: CallingTask): AgentsPort {
  return {
    describe: (agentId) => describeAgent(ctx, versions, agentId),
    admit: async (agentId, call) => {
      if (task.agents.includes(agentId)) return { refused: CALLS_ITSELF };
      if (task.agents.length > MAX_AGENT_DEPTH) return { refused: TOO_DEEP };
      const gate = await ctx.redis.hget(keys.agent(agentId), AGENT.gate);
      if (gate === null) return { refused: DELETED };
      if (parseGate(gate).status === 'disabled') return { refused: DISABLED };
      return { task_id: await taskIdOfText(ctx, agentId, `${task.id} ${call}`, 'called task') };
    },
    follow: async (started) => {
      const { task_id, expires_ms } = started.child;
      // The end of a child removes it from what its parent waits for, in one step. So one that is waited for
      // and does not exist was never created.
      const asks = (await ctx.redis.hget(keys.job(task.shard, task.id), ASKS_FIELD)) ?? '';
      const isOpen = asks.split('\n').some((line) => line.startsWith(`${task_id} `));
      const shard = shardOf(task_id, ctx.queues.length) ?? 0;
      if (!isOpen) return await endOf(ctx, shard, task_id, Date.parse(started.at));
      if (ctx.now() >= expires_ms) {
        await cancelOnce(ctx, shard, task_id);
        await drop(ctx, task, task_id);
        return { state: 'late', spent: spentIn(await readTaskLog(ctx, shard, task_id)) };
      }
      const isStored = (await ctx.redis.exists(keys.job(shard, task_id))) === 1;
      if (isStored || (await createChild(ctx, versions, task, started))) return { state: 'open' };
      await drop(ctx, task, task_id);
      const message = 'The agent was deleted before the task was created.';
      return { state: 'failed', code: 'agent_unavailable', message, duration_ms: 0, spent: spentIn([]) };
    },
  };
}

const drop = (ctx: Context, { shard, id }: CallingTask, child: string): Promise<null> =>
  dropChildScript(ctx.redis, { job: keys.job(shard, id) }, { child });

/** How a task has ended, in the eyes of its parent. One that nobody waits for may still run. */
async function endOf(ctx: Context, shard: number, taskId: string, calledMs: number): Promise<ChildState> {
  const fields = ['finishedOn', 'returnvalue', 'failedReason'];
  const [finishedOn, returnvalue, failedReason] = await readFields(ctx, shard, taskId, ...fields);
  const stored = returnvalue || failedReason;
  if (!finishedOn || !stored) return { state: 'gone' };
  const { result: json } = await readTexts(ctx, stored);
  const spent = spentIn(await readTaskLog(ctx, shard, taskId));
  const duration_ms = Math.max(0, Number(finishedOn) - calledMs);
  if (!returnvalue) {
    const { code, message } = parseFailure(json).error;
    return { state: 'failed', code, message, duration_ms, spent };
  }
  const result = parseJson(json) as TaskSuccess;
  return {
    state: 'succeeded',
    result: 'output' in result ? result.output : result.answer,
    duration_ms,
    spent,
  };
}
