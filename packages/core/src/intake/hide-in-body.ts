import { MASKED, MAX_FORM_FIELDS } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { MAX_KEPT_BODY_BYTES, type StoredRejection } from './rejection-store.js';

const NOTHING = Buffer.alloc(0);

/** What of a body is hidden, and the form field with JSON that may have these properties. */
interface HiddenInBody {
  properties: readonly string[];
  unfolds?: string | undefined;
}

/**
 * A body as it is kept of an event that created no task, without the secret that its sender puts into it. A
 * body that is neither JSON nor a form, or a form that no sender makes, is not kept.
 */
export async function hideInBody(
  ctx: Context,
  agentId: string,
  hidden: HiddenInBody,
  { method, headers, content_type }: Pick<StoredRejection, 'method' | 'headers' | 'content_type'>,
  bytes: Buffer,
): Promise<Buffer> {
  if (bytes.length === 0) return bytes;
  if (bytes.length > MAX_KEPT_BODY_BYTES || Object.hasOwn(headers, 'content-encoding')) return NOTHING;
  const text = bytes.toString();
  // Bytes of zero: names in UTF-16 would not be found.
  if (text.includes('\0') || !Buffer.from(text).equals(bytes)) return NOTHING;
  const json = await hideInJson(ctx, agentId, hidden.properties, text);
  if (json !== undefined) return json === text ? bytes : Buffer.from(json);
  const isForm = method === 'GET' || /^\s*application\/x-www-form-urlencoded\b/i.test(content_type ?? '');
  if (!isForm || /^\s*[{[<]/.test(text)) return NOTHING;
  const pairs = text.split('&', MAX_FORM_FIELDS + 1);
  if (pairs.length > MAX_FORM_FIELDS) return NOTHING;
  const isFolded = (pair: string) => new URLSearchParams(pair).keys().next().value === hidden.unfolds;
  if (hidden.unfolds !== undefined && pairs.filter(isFolded).length > 1) return NOTHING;
  const shown = await Promise.all(pairs.map((pair) => hideInPair(ctx, agentId, hidden, pair)));
  return Buffer.from(shown.join('&'));
}

/** JSON without the properties: the same text if it has none; undefined if it is no JSON. */
async function hideInJson(ctx: Context, agentId: string, properties: readonly string[], text: string) {
  const pointers = properties.map((property) =>
    ['', ...property.split('.')].map((name) => name.replaceAll('~', '~0').replaceAll('/', '~1')).join('/'),
  );
  const masked = await ctx.bounded.maskJson({ pointers, patterns: [] }, text, { key: agentId });
  if (masked.outcome === 'not_json') return undefined;
  if (masked.outcome !== 'masked') return '';
  return masked.json.includes(MASKED) ? masked.json : text;
}

async function hideInPair(
  ctx: Context,
  agentId: string,
  { properties, unfolds }: HiddenInBody,
  pair: string,
): Promise<string> {
  const [field] = new URLSearchParams(pair);
  if (!field) return pair;
  const [name, value] = field;
  const shown =
    name === unfolds
      ? ((await hideInJson(ctx, agentId, properties, value)) ?? MASKED)
      : properties.some((property) => property.split('.')[0] === name)
        ? MASKED
        : value;
  return shown === value ? pair : `${new URLSearchParams([[name, shown]])}`;
}
