import { MAX_PAYLOAD_BYTES, PreviewBody } from '@agenthook/contracts';
import { type Context, previewPrompt } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import * as examples from './examples/index.js';

const schema = {
  operationId: 'previewPrompt',
  summary: 'Preview what the model receives',
  description:
    'Renders the system prompt and the first message for a payload as a run would, including the ' +
    'changes in an agent draft. Runs nothing. The tag around data differs for each task.',
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
  body: withExamples(PreviewBody, {
    'of a draft': { input_template: 'Q: {{ payload.question }}', payload: { question: 'Why?' } },
    'as it is': { payload: { question: 'Why?' } },
  }),
  response: {
    200: answer('What the model would receive.', Type.Ref('PromptPreview'), examples.promptPreview),
    ...problems('invalid_request', 'unknown_agent', 'invalid_template', 'busy', 'redis_unavailable'),
  },
};

/**
 * POST /api/agents/:id/preview. Withholds nothing: the payload is the caller's own, and viewers may read an
 * agent's configuration. Not for viewers, because a template may take long to render.
 */
export async function agentPreviewRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  app.post<{ Params: { id: string }; Body: PreviewBody }>(
    '/api/agents/:id/preview',
    { schema, config: { access: 'operator', withhold: 'nothing' }, bodyLimit: MAX_PAYLOAD_BYTES },
    (request) => previewPrompt(ctx, request.params.id, request.body),
  );
}
