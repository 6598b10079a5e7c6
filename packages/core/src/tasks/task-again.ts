import type { AgentConfig, ConversationConfig, LogEntry, TaskTrigger } from '@agenthook/contracts';
import { AGENT } from '../agents/agent-hash.js';
import { parseGate } from '../agents/stored/parse-gate.js';
import { readVersion } from '../agents/version-store.js';
import { changeField } from '../archive/write-archived.js';
import type { Context } from '../context.js';
import { AppError, unknownAgent, unknownVersion } from '../errors.js';
import { idempotencyOfCall } from '../intake/idempotency-key.js';
import type { ConversationEntry } from '../queue/conversation.js';
import { ATTACHED_FIELD, aboutOf, OPTIONS_FIELD, payloadOf, type TaskData } from '../queue/job.js';
import { shardOf } from '../queue/task-id.js';
import { redisClock, redisTime } from '../redis/clock.js';
import { keys } from '../redis/keys.js';
import { runData } from './bursts/burst-events.js';
import { conversationOfEvent } from './conversations/conversation-of-event.js';
import { readFields } from './ended/read-fields.js';
import { readTaskData } from './ended/read-task-data.js';
import { type NewTask, offerTask } from './enqueue.js';
import { maskNewTask } from './mask-task.js';
import { noteSuccessorScript } from './note-successor.script.js';
import { draftOf } from './overrides.js';
import { unknownTask } from './status.js';
import { allFiles, attachedIn } from './task-files.js';

/** How many tasks that were made from one are kept there, as note-successor.lua does. */
const MOST_SUCCESSORS = 10;

/** A task that another one is made from. */
export interface Origin {
  id: string;
  shard: number;
  data: TaskData;
  hasEnded: boolean;
  sender: string | undefined;
  /** The conversation that it belongs to. */
  conversation: string | undefined;
}

/** Reads a task that another one is made from. Throws `unknown_task`, `event_not_kept`. */
export async function readOrigin(ctx: Context, id: string): Promise<Origin> {
  const shard = shardOf(id, ctx.queues.length);
  if (shard === undefined) throw unknownTask();
  const [data, [options, finishedOn, attached]] = await Promise.all([
    readTaskData(ctx, shard, id),
    readFields(ctx, shard, id, OPTIONS_FIELD, 'finishedOn', ATTACHED_FIELD),
  ]);
  if (!data) throw unknownTask();
  if (data.removed) throw new AppError('event_not_kept');
  const about = aboutOf(options);
  const event = await runData(ctx, shard, id, data);
  const files = allFiles(event, attachedIn(attached));
  return {
    id,
    shard,
    data: { ...event, ...(files.length > 0 && { files }) },
    hasEnded: Boolean(finishedOn),
    sender: about?.sender,
    conversation: about?.conversation,
  };
}

/** How the new task differs from its origin. */
interface Again {
  version: 'current' | 'original';
  trigger: TaskTrigger;
  /** What its data has in addition to the event. */
  data: Partial<TaskData>;
  /** What its journal begins with. */
  journal?: readonly LogEntry[] | undefined;
  maxAttempts?: number | undefined;
  /** The field of the origin that lists it. */
  listedIn: string;
  /** Its id, if the caller may try again. */
  idOf?: ((agentId: string) => Promise<string>) | undefined;
  /** The Idempotency-Key of the request, and what the request asks for. */
  once?: { key: string; call: readonly unknown[] } | undefined;
}

/** A task that was made from another one: now, or by an earlier request with the same Idempotency-Key. */
export interface MadeTask {
  task_id: string;
  isNew: boolean;
}

/**
 * Creates a task from the event of another one. If that one belongs to a conversation, so does the new one,
 * as its next event.
 *
 * Throws `unknown_agent` if the agent was deleted; `unknown_version` if the other task's version was dropped;
 * `agent_disabled`; `idempotency_key_reused`.
 */
export async function taskAgain(ctx: Context, origin: Origin, again: Again): Promise<MadeTask> {
  const { agent_id, agent_version, headers, query, files, rehearsal, draft_json } = origin.data;
  const taskId = await again.idOf?.(agent_id);
  if (taskId !== undefined && (await readFields(ctx, origin.shard, taskId, 'timestamp'))[0])
    return { task_id: taskId, isNew: false };
  const [gateJson, config] = await Promise.all([
    ctx.redis.hget(keys.agent(agent_id), AGENT.gate),
    again.version === 'original' ? readOriginal(ctx, origin.data) : undefined,
  ]);
  if (gateJson === null) throw unknownAgent(agent_id);
  if (again.version === 'original' && !config) throw unknownVersion(agent_id, agent_version);
  const gate = parseGate(gateJson);
  if (gate.status === 'disabled') throw new AppError('agent_disabled', 'The agent of this task is disabled.');

  const redisNow = redisClock(await redisTime(ctx.redis));
  const payload = await payloadOf(origin.data);
  const { conversation } = config ?? gate;
  const event = { payload, headers, query: query ?? {} };
  const task: NewTask = {
    ...(conversation &&
      origin.conversation !== undefined &&
      (gate.masks
        ? { conversation: sameConversation(conversation, origin.conversation, rehearsal ?? false) }
        : await conversationOfEvent(ctx, agent_id, conversation, event, rehearsal ?? false))),
    data: {
      agent_id,
      agent_version: config ? agent_version : gate.version,
      ...(config && draft_json !== undefined && { draft_json }),
      payload,
      headers,
      ...(query && { query }),
      ...(files && { files }),
      ...again.data,
      ...(rehearsal && { rehearsal }),
    },
    ...(files && { files: { of: origin.id } }),
    journal: again.journal,
    trigger: again.trigger,
    sender: origin.sender,
    taskId,
    maxAttempts: again.maxAttempts ?? config?.limits.max_attempts ?? gate.max_attempts,
    view: config ?? gate,
    retention: gate.retention,
    redisNow,
  };
  const { once } = again;
  const added = await offerTask(
    ctx,
    await maskNewTask(ctx, gate.masks, task),
    once && idempotencyOfCall(agent_id, once.key, once.call),
  );
  if (added.outcome === 'rejected') throw new AppError('idempotency_key_reused');
  const { task_id: id } = added;
  if (added.outcome === 'duplicate') return { task_id: id, isNew: false };
  // The task is stored, so the caller gets its id even if the origin cannot record it.
  await noteSuccessor(ctx, origin, again.listedIn, id).catch((error) =>
    ctx.log.warn({ err: error, task_id: id }, 'a task is not noted at its origin'),
  );
  return { task_id: id, isNew: true };
}

/** Records a task at the one that it was made from, wherever that is. */
async function noteSuccessor(ctx: Context, origin: Origin, field: string, id: string): Promise<void> {
  const job = keys.job(origin.shard, origin.id);
  if ((await noteSuccessorScript(ctx.redis, { job }, { field, id })) === 1 || !ctx.archive) return;
  await changeField(ctx.archive, origin.id, field, (known) =>
    [...(known?.split(',') ?? []), id].slice(-MOST_SUCCESSORS).join(','),
  );
}

/** The conversation of the origin. Its key cannot be rendered again from an event that is masked. */
const sameConversation = (
  { when_busy, ttl_seconds }: Pick<ConversationConfig, 'when_busy' | 'ttl_seconds'>,
  id: string,
  isTest: boolean,
): ConversationEntry => ({ id, whenBusy: when_busy, ttlMs: ttl_seconds * 1000, key: '', isTest });

/** What a task has run: its draft, or its version; undefined if that was dropped. */
const readOriginal = async (ctx: Context, data: TaskData): Promise<AgentConfig | undefined> =>
  (await draftOf(data)) ?? (await readVersion(ctx, data.agent_id, data.agent_version));
