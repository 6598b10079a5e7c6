import { type AskedEntry, iso, type PendingApproval } from '@agenthook/contracts';
import type { Caller } from '../../access/find-caller.js';
import type { Context } from '../../context.js';
import { badCursor } from '../../errors.js';
import { aboutOf } from '../../queue/job.js';
import { keys, shardPrefix, taskPrefix } from '../../redis/keys.js';
import { type RowKind, readRow } from '../../redis/stored-row.js';
import { unlessSealed } from '../../sealing/seal.js';
import { mayDecide } from './approvers.js';
import { listAsksScript } from './list-asks.script.js';

/** How much of the journals a page may hold, in bytes of each shard; at least one entry of any size. */
const PAGE_BYTES = 1024 * 1024;

const ASKED: RowKind<AskedEntry> = {
  name: 'ask',
  fields: { call_id: 'string', kind: 'string', name: 'string', at: 'string', expires_ms: 'time' },
};

/** A place in the list: when something was asked, and its member of the sorted set. */
interface Place {
  ms: number;
  member: string;
}

/** How many asks of each shard one step of a search for those of an agent reads. */
const SOUGHT = 100;
/** How many such steps one page takes. */
const MOST_STEPS = 10;

/**
 * What waits for a decision, oldest first. `cursor` is the previous page's `next_cursor`. With an agent, a
 * page may be short or empty, and another follow. Throws `invalid_request` for an invalid cursor.
 */
export async function listApprovals(
  ctx: Context,
  {
    agentId,
    limit,
    cursor,
    caller,
    urlOf,
  }: {
    agentId?: string | undefined;
    limit: number;
    cursor?: string | undefined;
    caller: Caller;
    /** The page on which to decide. */
    urlOf: (taskId: string, asked: AskedEntry, mayDecide: boolean) => string;
  },
): Promise<{ approvals: PendingApproval[]; next_cursor: string | null }> {
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const { found, end } = await findAsks(ctx, { agentId, limit, after });
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : end;
  return {
    approvals: shown.flatMap(({ taskId, agentId, asked }): PendingApproval[] => {
      if (!asked) return [];
      const may_decide = mayDecide(caller, asked.approvers);
      const approval = {
        task_id: taskId,
        call_id: asked.call_id,
        agent_id: agentId,
        kind: asked.kind,
        tool: asked.name,
        arguments: asked.arguments,
        ...(asked.question !== undefined && { question: asked.question }),
        asked_at: asked.at,
        expires_at: iso(asked.expires_ms),
        approvers: asked.approvers,
        may_decide,
        url: urlOf(taskId, asked, may_decide),
      };
      return [approval];
    }),
    next_cursor: last ? Buffer.from(`${last.ms}.${last.member}`).toString('base64url') : null,
  };
}

/**
 * The first asks after a place, and the place up to which they were read, unless all were. May find none of
 * an agent's although some follow.
 */
async function findAsks(
  ctx: Context,
  { agentId, limit, after }: { agentId: string | undefined; limit: number; after: Place | undefined },
) {
  for (let from = after, step = 1; ; step++) {
    const start = from;
    const count = agentId === undefined ? limit : SOUGHT;
    const pages = await Promise.all(ctx.queues.map((_queue, shard) => pageOf(ctx, shard, start, count)));
    // What follows the end of a shard's page may belong before the asks of other pages.
    const [end] = pages.flatMap(({ asks, more }) => (more ? (asks.at(-1) ?? []) : [])).sort(inOrder);
    const found = pages
      .flatMap(({ asks }) => asks)
      .filter((ask) => end === undefined || inOrder(ask, end) <= 0)
      .filter((ask) => agentId === undefined || ask.agentId === agentId)
      .sort(inOrder);
    if (found.length > 0 || end === undefined || step === MOST_STEPS) return { found, end };
    from = end;
  }
}

async function pageOf(ctx: Context, shard: number, after: Place | undefined, limit: number) {
  const [rows, more] = await listAsksScript(
    ctx.redis,
    { asking: keys.asking(shard) },
    {
      prefix: taskPrefix(shard),
      root: `${shardPrefix(shard)}:`,
      afterMs: after?.ms ?? '',
      afterMember: after?.member ?? '',
      count: limit,
      mostBytes: PAGE_BYTES,
    },
  );
  const asks = await Promise.all(
    rows.map(async ([member, ms, options, entry]) => ({
      ms: Number(ms),
      member,
      taskId: member.split(' ')[0] ?? '',
      agentId: aboutOf(options)?.agent ?? '',
      // One whose key is lost is left out, as a damaged one is.
      asked: readRow(ctx, ASKED, (await ctx.seal.read(entry).catch(unlessSealed)) ?? '', member),
    })),
  );
  return { asks, more: more === 1 };
}

const inOrder = (a: Place, b: Place): number =>
  a.ms - b.ms || (a.member === b.member ? 0 : a.member < b.member ? -1 : 1);

function placeOf(cursor: string): Place {
  const [, ms, member] =
    /^(\d{1,16})\.([0-9a-f-]{36} \d{1,16}-\d{1,16})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (ms === undefined || member === undefined) throw badCursor();
  return { ms: Number(ms), member };
}
