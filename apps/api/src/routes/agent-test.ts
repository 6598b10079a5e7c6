import { type AgentTest, AgentTestBody, MAX_AGENT_BYTES, MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import { AppError, testAgent, withLowerNames } from '@agenthook/core';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { CONFIGURATION_REFUSALS } from './configuration-refusals.js';
import * as examples from './examples/index.js';
import type { Preference } from './prefer.js';
import { answerTo, type Replying } from './reply-to-sender.js';
import type { TriggerAnswer } from './trigger-answer.js';

const schema = {
  operationId: 'testAgent',
  summary: 'Send a test to an agent',
  description:
    'Works with or without a webhook. `direct` creates a task from the payload, checked only against ' +
    '`input_schema`. `signed`, `unsigned` and `tampered` take the path of a webhook request and show ' +
    "the sender's answer, with the same signature and idempotency rules but without a rate limit. The " +
    'task is marked as a test. A refused test is not kept as a rejection. With `configuration`, the test runs ' +
    'a draft: nothing is saved, no callback is sent, and no events are gathered in a burst.',
  tags: ['Agents'],
  params: Type.Object({ id: Type.String({ description: 'For example `agt_…`.' }) }),
  body: withExamples(AgentTestBody, {
    'run a payload': { payload: { question: 'My printer does not print. What now?' } },
    'as GitHub would send it': {
      payload: { action: 'opened' },
      headers: { 'x-github-event': 'issues' },
      send: 'signed',
    },
    'the same on another model': {
      payload: { question: 'My printer does not print. What now?' },
      configuration: { model: 'openai:gpt-5-mini' },
    },
    'changed on its way': { payload: { action: 'opened' }, send: 'tampered' },
  }),
  response: {
    200: answer('What was sent, and the answer a sender would have received.', Type.Ref('AgentTest'), {
      sent: {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"question":"My printer does not print. What now?"}',
      },
      answer: {
        status: 200,
        headers: { location: `/api/task_status?task_id=${examples.taskId}` },
        body: { success: true, task_id: examples.taskId },
      },
      task_id: examples.taskId,
      ran: { version: 3, draft: false, model: 'openai:gpt-5-mini' },
    } satisfies AgentTest),
    ...problems(
      ['invalid_request', 'The request is not valid: send either payload or body.'],
      'forbidden',
      'unknown_agent',
      'damaged_agent',
      ...CONFIGURATION_REFUSALS,
      'attachments_unavailable',
      'redis_unavailable',
    ),
  },
};

/** POST /api/agents/:id/test */
export async function agentTestRoutes(
  app: FastifyInstance,
  { ctx, settings, waiters }: Replying,
): Promise<void> {
  app.post<{ Params: { id: string }; Body: AgentTestBody }>(
    '/api/agents/:id/test',
    { schema, config: { access: 'operator', withhold: 'nothing' }, bodyLimit: BODY_LIMIT },
    async (request, reply): Promise<AgentTest | FastifyReply> => {
      const { body } = request;
      const { send = 'direct', content_type: type = 'application/json', configuration } = body;
      checkRole(request);
      const { sent, outcome, ran } = await testAgent(ctx, request.params.id, {
        body: Buffer.from(bodyOf(body)),
        headers: { ...withLowerNames(body.headers ?? {}), 'content-type': type },
        send,
        configuration,
      });
      // A test that only runs its payload does not wait for the result, which the caller follows anyway.
      const preference = send === 'direct' ? NO_WAIT : undefined;
      const answered = await answerTo({ ctx, settings, waiters }, request, reply, outcome, preference);
      if (!answered) return reply.hijack();
      return {
        sent: { method: 'POST', headers: sent.headers, body: sent.body.toString() },
        answer: shownAnswer(answered),
        task_id: 'task_id' in outcome ? outcome.task_id : null,
        ran,
      };
    },
  );
}

const BODY_LIMIT = MAX_PAYLOAD_BYTES + MAX_AGENT_BYTES;

/** A draft runs with the saved secrets, so who may not change the agent may not send them elsewhere. */
function checkRole({ caller, body }: FastifyRequest<{ Body: AgentTestBody }>): void {
  const others = Object.keys(body.configuration ?? {}).filter((field) => field !== 'model');
  if (others.length === 0 || caller?.role === 'admin') return;
  throw new AppError(
    'forbidden',
    `A test of a draft needs a key with the role admin; yours has ${caller?.role} and may change model alone.`,
  );
}

const NO_WAIT: Preference = { waitSeconds: 0, applied: 'respond-async' };

function bodyOf({ payload, body, content_type }: AgentTestBody): string {
  const isForm = content_type !== undefined && content_type !== 'application/json';
  if ((payload === undefined) === (body === undefined) || (isForm && body === undefined))
    throw new AppError('invalid_request', 'Send either payload, as JSON, or body, as text.');
  return body ?? JSON.stringify(payload);
}

/** JSON is shown as a value. */
const shownAnswer = ({ status, headers, body }: TriggerAnswer): AgentTest['answer'] => ({
  status,
  headers,
  body: typeof body === 'string' && headers['content-type']?.includes('json') ? JSON.parse(body) : body,
});
