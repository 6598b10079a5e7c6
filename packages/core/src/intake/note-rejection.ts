import { iso, MAX_REJECTIONS, type MaskSet, type Query, type SignatureConfig } from '@agenthook/contracts';
import type { AgentGate } from '../agents/agent-hash.js';
import type { Context } from '../context.js';
import { schemeOf } from '../senders/schemes.js';
import { countRefused } from '../stats/count-refused.js';
import { hideInBody } from './hide-in-body.js';
import { type Addressee, eventBytes, type Filtered, type InboundRequest, type Refusal } from './inbound.js';
import { maskBody } from './mask-body.js';
import { keptQuery, readQuery } from './read-query.js';
import { keepEvent, type Shelf, type Stored } from './rejection-store.js';
import { resolveWebhook } from './resolve-webhook.js';
import { shownHeaders } from './safe-headers.js';
import { hiddenOf, idHeaderOf } from './sender-request.js';

/**
 * How many rejections of an agent a process stores: as many at once as an agent can have, so that a sender's
 * burst is stored completely, but few per second, so that a flood of requests does not cause a flood of
 * writes.
 */
export const KEPT = { burst: MAX_REJECTIONS, perSecond: 5 };

/** What is known of a request without its body. */
type Unread = Pick<InboundRequest, 'method' | 'headers'> & { bodyBytes: number | null; query?: Query };

/**
 * Stores a refused request for the agent's owner. Returns at once, since the outcome does not affect the
 * answer.
 */
export function noteRejection(
  ctx: Context,
  { agentId, gate }: Addressee,
  refusal: Refusal,
  request: InboundRequest,
): void {
  const { bytes, unread } = partsOf(request, gate);
  const row = rowOf(ctx, refusal, unread, gate.signature);
  void keep(ctx, agentId, { shelf: 'rejected', row, gate }, bytes);
}

/** Stores an event that the agent's filter left out, like a rejection. */
export function noteFiltered(
  ctx: Context,
  { agentId, gate }: Addressee,
  { reason, sender }: Filtered,
  request: InboundRequest,
): void {
  const { bytes, unread } = partsOf(request, gate);
  const kept = keptOf(ctx, unread, gate.signature);
  const row = { ...kept, reason, sender: sender ?? null };
  void keep(ctx, agentId, { shelf: 'filtered', row, gate }, bytes);
}

/**
 * The bytes of an event, and what is known of its request beside them. Without its body and query if the
 * agent keeps nothing.
 */
function partsOf(
  request: InboundRequest,
  { signature, retention }: AgentGate,
): { bytes: Buffer; unread: Unread } {
  const { method, headers } = request;
  const bytes = eventBytes(request);
  const unread = { method, headers, bodyBytes: bytes.length };
  if (retention?.store === 'none') return { bytes: Buffer.alloc(0), unread };
  return { bytes, unread: { ...unread, ...keptQuery(request, readQuery(request, signature)) } };
}

/**
 * Stores a request that was refused before its body was read. Returns at once. Stores nothing for an unknown
 * token.
 */
export function noteUnreadRejection(ctx: Context, token: string, refusal: Refusal, request: Unread): void {
  const row = rowOf(ctx, refusal, request);
  resolveWebhook(ctx, token)
    .then(
      (webhook) =>
        webhook &&
        keep(ctx, webhook.agentId, { shelf: 'rejected', row, gate: webhook.gate }, Buffer.alloc(0)),
    )
    .catch((error) => warn(ctx, error));
}

async function keep<On extends Shelf>(
  ctx: Context,
  agentId: string,
  { shelf, row, gate }: { shelf: On; row: Stored[On]; gate: AgentGate },
  body: Buffer,
): Promise<void> {
  const { masks } = gate;
  if ('code' in row) ctx.metrics.count('refused_total', [row.code]);
  else ctx.metrics.count('filtered_total', [row.reason]);
  // Each shelf has its own pace.
  const kept = ctx.rejectionPace(`${agentId} ${shelf}`, ctx.now());
  try {
    const store = async () => {
      const { properties } = hiddenOf(gate.signature);
      const shown =
        properties.length > 0 ? await withoutSecret(ctx, agentId, gate, row, body) : { row, body };
      const masked = masks ? await maskKept(ctx, agentId, masks, shown.row, shown.body) : shown;
      await keepEvent(ctx, agentId, shelf, masked.row, masked.body);
    };
    await Promise.all([
      kept && store(),
      countRefused(ctx, agentId, {
        field: shelf,
        sender: gate.signature?.scheme,
        ...('code' in row && { code: row.code }),
      }),
    ]);
  } catch (error) {
    warn(ctx, error);
  }
}

/** An event that created no task, without the secret that its sender puts into the body. */
async function withoutSecret<Row extends Stored[Shelf]>(
  ctx: Context,
  agentId: string,
  { signature }: AgentGate,
  row: Row,
  body: Buffer,
): Promise<{ row: Row; body: Buffer }> {
  const unfolds = signature && schemeOf(signature).unfolds;
  const shown = await hideInBody(ctx, agentId, { ...hiddenOf(signature), unfolds }, row, body);
  return shown === body ? { row, body } : { row: sized(row, shown), body: shown };
}

/** The size of a kept body is that of what is kept, where that is the whole body. */
const sized = <Row extends Stored[Shelf]>(row: Row, kept: Buffer): Row =>
  kept.length > 0 ? { ...row, body_bytes: kept.length } : row;

/** An event that created no task, as it is kept of an agent with masks. */
async function maskKept<Row extends Stored[Shelf]>(
  ctx: Context,
  agentId: string,
  masks: MaskSet,
  row: Row,
  body: Buffer,
): Promise<{ row: Row; body: Buffer }> {
  const { method, headers, query, content_type } = row;
  const kept = await maskBody(ctx, agentId, masks, { method, headers, content_type }, body);
  const patterns = { pointers: [], patterns: masks.patterns };
  const around = await ctx.bounded.mask(patterns, { headers, query }, { key: agentId });
  const shown =
    around.outcome === 'masked' ? (around.value as Pick<Row, 'headers' | 'query'>) : { headers: {} };
  const { query: _, ...rest } = row;
  return { row: sized({ ...rest, ...shown } as Row, kept), body: kept };
}

const warn = (ctx: Context, error: unknown) =>
  ctx.log.warn({ err: error }, 'a request that created no task could not be kept for its owner');

function rowOf(
  ctx: Context,
  { code, detail, issues, issuesTotal = issues?.length }: Refusal,
  unread: Unread,
  signature?: SignatureConfig,
): Stored['rejected'] {
  return {
    code,
    detail,
    ...(issues && { errors: issues, errors_total: issuesTotal ?? 0 }),
    ...keptOf(ctx, unread, signature),
  };
}

/** What is stored of a request itself, without its body. */
function keptOf(ctx: Context, { method, headers, bodyBytes, query }: Unread, signature?: SignatureConfig) {
  return {
    at: iso(ctx.now()),
    method,
    content_type: typeof headers['content-type'] === 'string' ? headers['content-type'].slice(0, 200) : null,
    headers: shownHeaders(headers, {
      idHeader: idHeaderOf(signature),
      hidden: hiddenOf(signature).headers,
    }),
    ...(query && { query }),
    body_bytes: bodyBytes,
    accepted: null,
  };
}
