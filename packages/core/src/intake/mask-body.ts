import type { MaskSet } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { MAX_KEPT_BODY_BYTES, type StoredRejection } from './rejection-store.js';

const NOTHING = Buffer.alloc(0);
/** Bodies whose text is encoded, so that a pattern would miss what it means. */
const IS_ENCODED = /urlencoded|multipart/i;

/**
 * A body as it is kept of an event that created no task. JSON is masked as a payload is, text by patterns.
 * Any other body, and one that cannot be masked in time, is not kept.
 */
export async function maskBody(
  ctx: Context,
  agentId: string,
  masks: MaskSet,
  { method, headers, content_type }: Pick<StoredRejection, 'method' | 'headers' | 'content_type'>,
  bytes: Buffer,
): Promise<Buffer> {
  if (method === 'GET' || bytes.length > MAX_KEPT_BODY_BYTES || Object.hasOwn(headers, 'content-encoding'))
    return NOTHING;
  const text = bytes.toString();
  if (!Buffer.from(text).equals(bytes)) return NOTHING;
  const caller = { key: agentId };
  const json = await ctx.bounded.maskJson(masks, text, caller);
  if (json.outcome === 'masked') return Buffer.from(json.json);
  const isText = json.outcome === 'not_json' && !IS_ENCODED.test(content_type ?? '');
  if (!isText || masks.pointers.length > 0) return NOTHING;
  const masked = await ctx.bounded.mask(masks, text, caller);
  return masked.outcome === 'masked' ? Buffer.from(String(masked.value)) : NOTHING;
}
