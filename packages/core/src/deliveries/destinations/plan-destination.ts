import { type Destination, iso, nameOf } from '@agenthook/contracts';
import { openDestinationSecrets } from '../../agents/destination-secrets.js';
import { readConfig } from '../../agents/read-agent.js';
import type { Context } from '../../context.js';
import { destinationIdOf } from '../../queue/delivery-id.js';
import type { ClaimedDelivery } from '../claim-delivery.js';
import type { Attempted, Plan } from '../plan.js';
import { type EndFacts, readEnd } from './end-facts.js';
import { STORING_MS } from './in-doubt.js';
import type { SendDeps, Sending } from './kinds/destination-kind.js';
import { looksFirst, receiverOf, sendTo } from './kinds/index.js';
import { CannotTell, NotYet, Unsendable } from './sent.js';

/** How long a template waits for its turn, in ms. */
const WAIT_MS = 10_000;

/** Decides what to do about a delivery to a destination, as its agent describes it now. */
export async function planDestination(
  ctx: Context,
  deps: SendDeps,
  { id, shard, taskId, agentId, createdMs, accepted, attempts, hasLost }: ClaimedDelivery,
): Promise<Plan> {
  const stored = await readConfig(ctx, agentId);
  if (!stored) return { end: 'agent_deleted', status: 'skipped' };
  const { destinations = [], name } = stored.config;
  const config = destinations.find((each) => destinationIdOf(taskId, nameOf(each)) === id);
  if (!config) return { end: 'destination_removed', status: 'skipped' };
  const url = receiverOf(config);
  const end = await readEnd(ctx, shard, taskId, name);
  if (!end) return { end: 'task_expired', status: 'failed', url };
  // Counted from now: the attempt may have sent its request long after it began.
  if (hasLost && looksFirst(config)) return { waitMs: STORING_MS, url };
  const sending = { id, agentId, createdMs, accepted, attempts, ...end };
  return { url, send: (signal) => attempt(ctx, deps, config, { ...sending, signal }) };
}

async function attempt(
  ctx: Context,
  deps: SendDeps,
  config: Destination,
  what: Omit<Sending, 'ctx' | 'secrets' | 'fill' | keyof SendDeps>,
): Promise<Attempted> {
  const { agentId, facts, signal } = what;
  const at = iso(ctx.now());
  const failed = (error: string) => ({
    outcome: 'failed' as const,
    attempt: { at, response_status: null, error, duration_ms: 0, response_excerpt: null },
  });
  try {
    const secrets = openDestinationSecrets(config, ctx.secrets, agentId);
    const fill = filling(ctx, agentId, facts, secrets, signal);
    return await sendTo(config, { ctx, ...deps, ...what, secrets, fill });
  } catch (error) {
    if (error instanceof Unsendable) return { ...failed(error.message), end: error.reason };
    if (error instanceof NotYet) return failed(error.message);
    if (error instanceof CannotTell) {
      const { attempt, outcome } = failed(error.message);
      const { retryAfterMs } = error;
      const unknown = { ...attempt, outcome_unknown: true };
      return { outcome, attempt: unknown, ...(retryAfterMs !== undefined && { retryAfterMs }) };
    }
    throw error;
  }
}

/** Renders templates. What a model wrote is only in contents, never in an address. */
function filling(
  ctx: Context,
  agentId: string,
  facts: EndFacts,
  secrets: Record<string, string>,
  signal: AbortSignal,
): Sending['fill'] {
  const { result, ...address } = facts;
  return async (what, source, of) => {
    const variables = { ...address, secrets, ...(of === 'content' && { result }) };
    const rendered = await ctx.bounded.renderTemplate(
      { source, variables },
      { key: agentId, signal, waitMs: WAIT_MS },
    );
    switch (rendered.outcome) {
      case 'rendered':
        return rendered.text;
      case 'starved':
        throw new NotYet(
          `The template of the ${what} could not be rendered, because too much is being rendered.`,
        );
      case 'fault': {
        const { message, line, column } = rendered.issue;
        const where = `line ${line}, column ${column}`;
        throw new Unsendable('template_failed', `The template of the ${what} fails: ${message} (${where}).`);
      }
      case 'too_slow':
      case 'too_large':
        throw new Unsendable(
          'template_failed',
          `Rendering the template of the ${what} takes too long or too much memory.`,
        );
    }
  };
}
