import type { BurstConfig } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { type BurstEntry, burstEntry } from '../../queue/burst.js';
import { renderKey } from '../render-key.js';

/**
 * How an event takes part in a burst of its agent; empty if it runs alone.
 *
 * @param variables payload, headers and query. As text: JSON that is too large to parse here
 * @param apart what keeps events of the same key apart
 */
export async function burstOfEvent(
  ctx: Context,
  agentId: string,
  burst: BurstConfig,
  variables: Record<string, unknown> | string,
  apart: { isTest: boolean; conversation: string | undefined },
): Promise<{ burst?: BurstEntry; burstError?: string }> {
  const rendered = await renderKey(ctx, agentId, burst.key, variables);
  if ('error' in rendered) return { burstError: rendered.error };
  return rendered.key === '' ? {} : { burst: burstEntry(burst, rendered.key, apart) };
}
