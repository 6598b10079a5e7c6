import { type Conversation, iso } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError, badCursor } from '../../errors.js';
import {
  CONVERSATION,
  conversationIdOf,
  conversationKeys,
  shardOfConversation,
} from '../../queue/conversation.js';
import { shardOfAgent } from '../../queue/task-id.js';
import { fillPage } from '../../redis/fill-page.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { listTasksScript } from '../list/list-tasks.script.js';
import { inOrder, type Place } from '../list/place.js';

/** Which conversations to list. `key` needs an agent. */
export interface ConversationFilter {
  agentId?: string | undefined;
  key?: string | undefined;
}

/**
 * A page of conversations, the one with the latest event first, without those that have expired.
 *
 * Throws `invalid_request` for an invalid cursor, or a key without an agent.
 */
export async function listConversations(
  ctx: Context,
  { agentId, key }: ConversationFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ conversations: Conversation[]; next_cursor: string | null }> {
  if (key !== undefined) {
    if (agentId === undefined)
      throw new AppError(
        'invalid_request',
        'key needs agent_id: the same key names one conversation per agent.',
      );
    const ids = [false, true].map((isTest) => conversationIdOf(agentId, key, isTest));
    return { conversations: await readConversations(ctx, ids), next_cursor: null };
  }
  const { items, next } = await fillPage(
    limit,
    cursor === undefined ? undefined : placeOf(cursor),
    (after, count) => placesAfter(ctx, agentId, after, count),
    (places) =>
      readConversations(
        ctx,
        places.map(({ id }) => id),
      ),
  );
  return {
    conversations: items,
    next_cursor: next ? Buffer.from(`${next.ms}.${next.id}`).toString('base64url') : null,
  };
}

async function placesAfter(
  ctx: Context,
  agentId: string | undefined,
  after: Place | undefined,
  count: number,
): Promise<Place[]> {
  const shards = agentId === undefined ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  const found = await Promise.all(
    shards.map((shard) =>
      listTasksScript(
        ctx.redis,
        { sets: [keys.conversations(shard, agentId ?? ALL_AGENTS)] },
        {
          newest: after?.ms ?? '+inf',
          oldest: '-inf',
          afterMs: after?.ms ?? '',
          afterId: after?.id ?? '',
          count,
        },
      ),
    ),
  );
  return found
    .flatMap((rows) => rows.flatMap((id, n) => (n % 2 === 0 ? [{ id, ms: Number(rows[n + 1]) }] : [])))
    .sort(inOrder)
    .slice(0, count);
}

function placeOf(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, ms, id] = /^(\d{1,16})\.(cnv_[0-9a-f]{34})$/.exec(text) ?? [];
  if (ms === undefined || id === undefined) throw badCursor();
  return { ms: Number(ms), id };
}

/** What is known of conversations, in the order of their ids, without those that do not exist. */
export async function readConversations(ctx: Context, ids: readonly string[]): Promise<Conversation[]> {
  if (ids.length === 0) return [];
  const batch = ctx.redis.pipeline();
  for (const id of ids) {
    const at = conversationKeys(shardOfConversation(id, ctx.queues.length), id);
    batch.hgetall(at.about).pttl(at.about).scard(at.running).zcard(at.waiting);
  }
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    return row;
  });
  return ids.flatMap((id, n) => {
    const [about, ttlMs, running, waiting] = rows.slice(4 * n) as [
      Record<string, string>,
      number,
      number,
      number,
    ];
    const { [CONVERSATION.agent]: agent, [CONVERSATION.created]: created } = about;
    if (agent === undefined || created === undefined) return [];
    return [
      {
        id,
        agent_id: agent,
        key: about[CONVERSATION.key] ?? '',
        is_test: about[CONVERSATION.isTest] === '1',
        events: Number(about[CONVERSATION.events]),
        open_tasks: running + waiting,
        created_at: iso(Number(created)),
        updated_at: iso(Number(about[CONVERSATION.updated])),
        expires_at: ttlMs < 0 ? null : iso(ctx.now() + ttlMs),
      },
    ];
  });
}
