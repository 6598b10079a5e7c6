import { openSignatureSecrets } from '../agents/signature-secrets.js';
import type { Context } from '../context.js';
import { schemeOf } from '../senders/schemes.js';
import { isProven } from '../senders/verify.js';
import type { Addressee } from './inbound.js';
import { hiddenOf } from './sender-request.js';

/** What a test has sent. */
interface Sent {
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Buffer;
}

/** Longer values are cut. That cuts signatures, but not delivery ids or timestamps. */
const SHOWN_WHOLE = 36;
const SHOWN_OF_LONG = 16;
const HIDDEN = '…';

/**
 * A test as people may see it. Secrets are write-only: some senders send theirs as it is, in a header or in
 * the body, so such headers are hidden, and so is the secret where it occurs in the body. The beginning of a
 * header that has an HMAC is shown.
 */
export function shownTest(ctx: Context, agent: Addressee, { headers, body }: Sent, isSigned: boolean): Sent {
  const { signature } = agent.gate;
  const isSecret = isSigned && signature && isProven(signature);
  const isHmac = isSecret && schemeOf(signature).proof?.signing?.(signature)?.kind === 'hmac';
  const hidden = new Set(isSecret && !isHmac ? hiddenOf(signature).headers : []);
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    hidden.has(name) ? HIDDEN : cut(value),
  ]);
  const secrets = isSecret ? openSignatureSecrets(signature, ctx.secrets, agent.agentId).secrets : [];
  return { headers: Object.fromEntries(shown), body: without(body, secrets) };
}

const cut = (value: string): string =>
  value.length > SHOWN_WHOLE ? `${value.slice(0, SHOWN_OF_LONG)}${HIDDEN}` : value;

/** A body in which secrets, as JSON and forms write them, are hidden. */
function without(body: Buffer, secrets: readonly string[]): Buffer {
  const written = secrets.flatMap((secret) => [
    JSON.stringify(secret).slice(1, -1),
    `${new URLSearchParams([['', secret]])}`.slice(1),
  ]);
  if (!written.some((secret) => body.includes(secret))) return body;
  return Buffer.from(written.reduce((text, secret) => text.replaceAll(secret, HIDDEN), body.toString()));
}
