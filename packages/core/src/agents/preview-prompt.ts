import type { PreviewBody, PromptPreview } from '@agenthook/contracts';
import { renderPrompt } from '@agenthook/template';
import type { Context } from '../context.js';
import { AppError } from '../errors.js';
import { createTaskId } from '../tasks/task-id.js';
import { getAgent } from './get-agent.js';

/**
 * What a model would be sent for a payload, rendered as a run renders it, within the same bounds of time and memory. What
 * `draft` leaves out is as the agent has it. Makes no task. The tag around data comes from a task's id, so here from that
 * of a task which is never made.
 *
 * Throws `unknown_agent`, and `invalid_template` with line and column.
 */
export async function previewPrompt(
  ctx: Context,
  agentId: string,
  draft: PreviewBody,
): Promise<PromptPreview> {
  const { payload, headers = {}, ...changes } = draft;
  const agent = await getAgent(ctx, agentId);
  const now = new Date(ctx.now());
  const task = { id: createTaskId(agentId), attempt: 1, created_at: now.toISOString() };
  const prompt = renderPrompt({ agent, config: { ...agent, ...changes }, task, payload, headers }, now);
  if (!('fault' in prompt)) return prompt;
  const { template, ...issue } = prompt.fault;
  throw new AppError(
    'invalid_template',
    `The template can not be rendered: ${template}, line ${issue.line}, column ${issue.column}: ${issue.message}`,
    { issues: [{ path: `/${template}`, ...issue }] },
  );
}
