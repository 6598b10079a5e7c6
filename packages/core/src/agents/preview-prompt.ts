import type { LimitOutcome } from '@agenthook/bounded';
import type { PreviewBody, PromptPreview } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { createTaskId } from '../queue/task-id.js';
import { getAgent } from './get-agent.js';

/** How long a preview waits for its turn, in ms; a person is waiting. */
const WAIT_MS = 10_000;

/**
 * Renders the prompt for a payload as a run would, within the same limits of time and memory. Fields that
 * `draft` leaves out come from the agent. Creates no task: the tag around data is derived from the id of a
 * task that is never stored.
 *
 * Throws `unknown_agent`, `invalid_template` with line and column, and `busy`.
 */
export async function previewPrompt(
  ctx: Context,
  agentId: string,
  draft: PreviewBody,
): Promise<PromptPreview> {
  const { payload, headers = {}, query = {}, ...changes } = draft;
  const agent = await getAgent(ctx, agentId);
  const now = new Date(ctx.now());
  const task = { id: createTaskId(agentId), attempt: 1, created_at: now.toISOString() };
  const source = { agent, config: { ...agent, ...changes }, task, payload, headers, query };
  const rendered = await ctx.bounded.renderPrompt(source, now, { key: agentId, waitMs: WAIT_MS });
  if (rendered.outcome === 'rendered') return rendered.prompt;
  if (rendered.outcome !== 'fault') throw overLimit(rendered.outcome);
  const { template, ...issue } = rendered.fault;
  throw new AppError(
    'invalid_template',
    `The template cannot be rendered: ${template}, line ${issue.line}, column ${issue.column}: ${issue.message}`,
    { issues: [{ path: `/${template}`, ...issue }] },
  );
}

function overLimit(outcome: LimitOutcome['outcome']): AppError {
  if (outcome === 'starved')
    return new AppError('busy', 'Too much is being rendered. Try again in a few seconds.', {
      retryAfterSeconds: 5,
    });
  const what = outcome === 'too_slow' ? 'too long' : 'too much memory';
  return new AppError('invalid_template', `Rendering the templates with this payload takes ${what}.`);
}
