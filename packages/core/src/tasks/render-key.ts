import type { Rendered } from '@agenthook/bounded';
import type { Context } from '../context.js';

/** How long the rendering of a key waits for its turn, in ms; the sender waits for the answer. */
const WAIT_MS = 2_000;
/** The reason is shown in lists. */
const MAX_ERROR = 300;

/** A rendered key; empty if the template renders to nothing. `error` says why it could not be rendered. */
type EventKey = { key: string } | { error: string };

/**
 * Renders a key for an event, and trims it. The key may have any length: only its hash is used, and its
 * beginning is shown.
 *
 * @param variables payload, headers and query. As text: JSON that is too large to parse here
 */
export async function renderKey(
  ctx: Context,
  agentId: string,
  source: string,
  variables: Record<string, unknown> | string,
): Promise<EventKey> {
  const rendered = await ctx.bounded.renderTemplate({ source, variables }, { key: agentId, waitMs: WAIT_MS });
  return rendered.outcome === 'rendered'
    ? { key: rendered.text.trim().toWellFormed() }
    : { error: faultOf(rendered).slice(0, MAX_ERROR).toWellFormed() };
}

function faultOf(rendered: Exclude<Rendered, { outcome: 'rendered' }>): string {
  switch (rendered.outcome) {
    case 'fault': {
      const { message, line, column } = rendered.issue;
      return `key: ${message} (line ${line}, column ${column})`;
    }
    case 'starved':
      return 'key: it could not be rendered, because too much was being rendered';
    case 'too_slow':
      return 'key: rendering it takes too long';
    case 'too_large':
      return 'key: rendering it takes too much memory';
  }
}
