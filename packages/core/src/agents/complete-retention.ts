import type { Bounded } from '@agenthook/bounded';
import { type AgentConfig, maskSetOf, type Retention, type RetentionInput } from '@agenthook/contracts';
import { AppError } from '../errors.js';

/** A retention with the defaults of missing fields. null if the installation decides alone. */
export const completeRetention = (given: RetentionInput | undefined): Retention =>
  given ? { days: null, store: 'full', ...given } : null;

const TOO_BUSY = 'Too much is being checked at the moment. Try again soon.';

/** How long a check of masks waits for its turn, in ms; a person is saving. */
const WAIT_MS = 10_000;

/** Throws `invalid_request` for a retention that contradicts another field. */
export function checkRetention({ retention, conversation, masks }: AgentConfig): void {
  if (retention?.store === 'redacted' && !masks?.length)
    throw invalid('There are no masks, so nothing would be redacted: set masks, or store "full" or "none".');
  if (retention?.store === 'none' && conversation)
    throw invalid('A conversation needs its earlier turns, so an agent with one cannot keep nothing.');
}

/** Throws `invalid_request` for masks that cannot be used, and `busy`. */
export async function checkMasks(bounded: Bounded, agentId: string, { masks }: AgentConfig): Promise<void> {
  const set = maskSetOf(masks);
  if (!set) return;
  const checked = await bounded.checkMasks(set, { key: agentId, waitMs: WAIT_MS });
  if (checked.outcome === 'fits') return;
  if (checked.outcome === 'starved') throw new AppError('busy', TOO_BUSY);
  const { mask, message } =
    checked.outcome === 'fault' ? checked : { mask: '', message: 'take too long to compile' };
  const nth = (masks ?? []).findIndex((each) => Object.values(each)[0] === mask);
  const path = nth < 0 ? '/masks' : `/masks/${nth}`;
  const detail = `The mask ${JSON.stringify(mask)} ${message}.`;
  throw new AppError('invalid_request', detail, { issues: [{ path, message }] });
}

const invalid = (message: string): AppError =>
  new AppError('invalid_request', message, { issues: [{ path: '/retention/store', message }] });
