import type { FilterTest, FilterTestBody } from '@agenthook/contracts';
import { faultOfFilter, invalidFilter } from '../agents/check-filter.js';
import type { Context } from '../context.js';
import { unknownAgent } from '../errors.js';
import { aboutOf, OPTIONS_FIELD, payloadOf } from '../queue/job.js';
import { shardOfAgent } from '../queue/task-id.js';
import { keys } from '../redis/keys.js';
import { readTaskData } from '../tasks/ended/read-task-data.js';
import { listTasks } from '../tasks/list/list-tasks.js';
import { decodeBody } from './decode-body.js';
import type { Addressee } from './inbound.js';
import { readPayload } from './read-payload.js';
import { readQuery } from './read-query.js';
import { pageOfEvents, readEvent, type Shelf } from './rejection-store.js';
import { resolveAgent } from './resolve-webhook.js';
import { RUNS, screenEvent, screenOf, type Verdict } from './screen-event.js';
import { requestOf } from './stored-request.js';

/** How many past events a filter is tried on. */
const TRIED = 100;
/** A larger event is not tried, nor are those beyond all these bytes. */
const MAX_EVENT_BYTES = 64 * 1024;
const MAX_BYTES = 2 * 1024 * 1024;
/** Events that are not tried by then stay untried, in ms. Someone is typing. */
const WITHIN_MS = 4_000;

type Tried = FilterTest['events'][number];

/** A past event: when it came, and how to read and screen it. */
interface Past extends Pick<Tried, 'id' | 'kind' | 'at'> {
  bytes: number;
  screen(): Promise<{ verdict: Verdict; payload: unknown; headers: Record<string, string> } | undefined>;
}

/**
 * Tries a filter on the latest events of an agent: those that became tasks, were filtered, or were rejected.
 * Throws `unknown_agent`, `invalid_filter`, `busy`.
 */
export async function tryFilter(
  ctx: Context,
  agentId: string,
  { filter, ignore_senders }: FilterTestBody,
): Promise<FilterTest> {
  const found = await resolveAgent(ctx, agentId);
  if (!found) throw unknownAgent(agentId);
  const issue = filter ? await faultOfFilter(ctx.bounded, agentId, filter) : undefined;
  if (issue) throw invalidFilter({ path: '/filter', what: 'filter', issue });
  const { status, version, max_attempts, max_pending } = found.gate;
  const agent: Addressee = {
    ...found,
    // Shares the queue of the agent's own events, without priority over them.
    agentId: `${agentId} filter`,
    gate: {
      ...{ status, version, max_attempts, max_pending },
      ...(filter && { filter }),
      ...(ignore_senders?.length && { ignore_senders }),
    },
  };
  const past = [
    ...(await pastTasks(ctx, agentId, agent)),
    ...(await pastEvents(ctx, agentId, 'filtered', agent)),
    ...(await pastEvents(ctx, agentId, 'rejected', agent)),
  ]
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .slice(0, TRIED);
  return await tried(past);
}

async function tried(past: readonly Past[]): Promise<FilterTest> {
  const until = performance.now() + WITHIN_MS;
  const events: Tried[] = [];
  let left = MAX_BYTES;
  for (const { id, kind, at, bytes, screen } of past) {
    if (bytes > MAX_EVENT_BYTES || bytes > left || performance.now() > until) continue;
    left -= bytes;
    const screened = await screen();
    if (!screened) continue;
    const { verdict, payload, headers } = screened;
    const error = verdict.verdict === 'runs' ? (verdict.error ?? null) : null;
    const name = nameOf(payload, headers);
    events.push({ id, kind, at, name, runs: verdict.verdict === 'runs', error });
  }
  const passed = events.filter(({ runs }) => runs).length;
  return {
    passed,
    filtered: events.length - passed,
    failed: events.filter(({ error }) => error !== null).length,
    untried: past.length - events.length,
    events,
  };
}

async function pastTasks(ctx: Context, agentId: string, agent: Addressee): Promise<Past[]> {
  const { tasks } = await listTasks(ctx, { agentId }, { limit: TRIED });
  const shard = shardOfAgent(agentId, ctx.queues.length);
  const sent = tasks.filter(({ trigger }) => trigger !== 'replay');
  const sizes = ctx.redis.pipeline();
  for (const { task_id } of sent) sizes.hget(keys.job(shard, task_id), OPTIONS_FIELD);
  const options = (await sizes.exec()) ?? [];
  const screen = screenOf(agent.gate);
  return sent.map(({ task_id: id, created_at: at }, n) => ({
    id,
    kind: 'task',
    at,
    bytes: aboutOf(options[n]?.[1] as string | null)?.bytes ?? 0,
    screen: async () => {
      const task = await readTaskData(ctx, shard, id);
      if (!task) return undefined;
      const { headers, query = {} } = task;
      const payload = await payloadOf(task);
      const verdict: Verdict = screen
        ? await screenEvent(ctx, agent.agentId, screen, { payload, headers, query })
        : RUNS;
      return { verdict, payload, headers };
    },
  }));
}

async function pastEvents(ctx: Context, agentId: string, shelf: Shelf, agent: Addressee): Promise<Past[]> {
  const page = await pageOfEvents(ctx, agentId, shelf, TRIED);
  const sound = page.flatMap(({ id, stored, keptBytes }) => (stored ? [{ id, stored, keptBytes }] : []));
  return sound.map(({ id, stored, keptBytes }) => ({
    id,
    kind: shelf,
    at: stored.at,
    // One that was cut cannot be read.
    bytes: stored.body_bytes === keptBytes ? keptBytes : Number.POSITIVE_INFINITY,
    screen: async () => {
      const found = await readEvent(ctx, agentId, id);
      if (!found) return undefined;
      const request = requestOf(found.stored, found.body);
      const query = readQuery(request, agent.gate.signature);
      const decoded = await decodeBody(ctx, agentId, request);
      if (!decoded.ok) return undefined;
      const { body, held } = decoded;
      try {
        const how = { screens: true, query, held };
        const read = await readPayload(ctx, agent, { ...request, body }, how);
        if (!read.ok) return undefined;
        return { verdict: (await read.screen?.()) ?? RUNS, payload: read.payload, headers: request.headers };
      } finally {
        held?.leave();
      }
    },
  }));
}

const MAX_NAME = 80;

/** The kind of an event, for example `issues opened`, from a header and a member that name it. */
function nameOf(payload: unknown, headers: Record<string, string>): string {
  const header = Object.keys(headers).find((name) =>
    /(^|-)(event|topic|resource)(-(key|type|name))?$/.test(name),
  );
  const own = payload !== null && typeof payload === 'object' ? (payload as Record<string, unknown>) : {};
  const member = ['action', 'type', 'event', 'event_type', 'object_kind'].map((name) => own[name]);
  const texts = [header && headers[header], member.find((value) => typeof value === 'string')];
  return texts
    .filter((text) => text !== undefined)
    .join(' ')
    .slice(0, MAX_NAME);
}
