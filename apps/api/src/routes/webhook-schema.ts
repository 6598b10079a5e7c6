import {
  type EventFiltered,
  IDEMPOTENCY_HEADER,
  MAX_IDEMPOTENCY_KEY,
  MAX_WAIT_SECONDS,
  PREFER_HEADER,
  PREFERENCE_APPLIED_HEADER,
  type TaskAccepted,
} from '@agenthook/contracts';
import { Type } from '@sinclair/typebox';
import type { FastifySchema } from 'fastify';
import { answer, problems, withExamples } from '../plugins/describe.js';
import { replayedHeader } from '../plugins/once.js';
import * as examples from './examples/index.js';

const common = {
  tags: ['Webhooks'],
  params: Type.Object({
    token: Type.String({
      description: 'The secret token: `whk_…`, unless it comes from another installation.',
    }),
  }),
  headers: Type.Object({
    [IDEMPOTENCY_HEADER]: Type.Optional(
      Type.String({
        maxLength: MAX_IDEMPOTENCY_KEY,
        description:
          'Makes retries safe. For 24 hours (or while results are kept, if that is shorter), a ' +
          "request with the same key on the same agent returns the first request's task. Up to " +
          `${MAX_IDEMPOTENCY_KEY} visible ASCII characters, for example a UUID. An empty key counts as none.`,
      }),
    ),
    [PREFER_HEADER]: Type.Optional(
      Type.String({
        description:
          '`wait=30`: if the task ends within 30 seconds, the answer is its state and result, with ' +
          '`Preference-Applied`; otherwise it is the answer without this header (RFC 7240). The maximum is ' +
          `${MAX_WAIT_SECONDS}. \`respond-async\`: does not wait for the result, even if the agent's ` +
          '`response` would.',
      }),
    ),
  }),
};

const stored = {
  ...answer('The task is stored.', Type.Ref('TaskAccepted'), {
    success: true,
    task_id: examples.taskId,
  } satisfies TaskAccepted),
  headers: {
    Location: { type: 'string', description: 'Where to read its status.' },
    ...replayedHeader('the task'),
    [PREFERENCE_APPLIED_HEADER]: {
      type: 'string',
      description: 'The preference that was applied. With `wait=…`, the body is the state of the ended task.',
    },
  },
};

/** An agent's `response` may have another media type. */
const late = {
  ...answer(
    'The agent answers with the result, but the task has not ended within `response.wait_seconds`.',
    Type.Ref('TaskAccepted'),
    { success: true, task_id: examples.taskId } satisfies TaskAccepted,
  ),
  headers: { Location: stored.headers.Location },
};

/** The requests that are answered without creating a task. */
const TRIED_OUT = "a sender's test of the URL: Slack's `url_verification`, GitHub's `ping`";

const taskOrAnswer = {
  'application/json': {
    schema: {
      anyOf: [
        Type.Ref('TaskAccepted'),
        Type.Ref('EventFiltered'),
        Type.Ref('PublicState'),
        Type.Record(Type.String(), Type.String()),
      ],
    },
    examples: {
      task: { value: { success: true, task_id: examples.taskId } satisfies TaskAccepted },
      'not for this agent': {
        value: { success: true, task_id: null, filtered: true } satisfies EventFiltered,
      },
      'Prefer: wait': { value: examples.taskState },
      "Slack's url_verification": {
        value: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' },
      },
      "GitHub's ping": { value: { message: 'pong' } },
    },
  },
};

const fields = Type.Unsafe({
  type: 'object',
  additionalProperties: true,
  description: 'Fields become properties. A repeated field becomes a list.',
});

/** How the OpenAPI document describes a trigger by POST. The domain makes the checks. */
export const postSchema: FastifySchema = {
  ...common,
  operationId: 'triggerAgent',
  summary: 'Trigger an agent',
  description:
    'Stores the payload as a task of the agent and answers at once. 200 means that the task is ' +
    'stored; it then runs even if every process restarts. The token in the URL is the credential and ' +
    'is case-sensitive. If the agent has a `signature`, the sender must sign its requests, and the ' +
    "sender's own delivery id makes retries safe. If the agent's `filter` is false for an event, the answer " +
    'is 200 with `"filtered": true`, and no task is created.',
  body: Type.Unsafe({
    content: {
      'application/json': {
        schema: withExamples(Type.Unsafe({ description: 'Any JSON value except null.' }), {
          question: { question: 'My printer does not print. What now?' },
          'rehearse a failure that passes (sandbox:echo)': {
            sandbox: { steps: [{ fail: 'unavailable', fail_times: 1 }], reply: 'Done at the second try.' },
          },
        }),
      },
      'application/x-www-form-urlencoded': { schema: fields },
      'multipart/form-data': { schema: fields },
      'text/plain': { schema: Type.String({ description: 'Text of any kind. The payload is the text.' }) },
    },
  }),
  response: {
    200: {
      ...stored,
      description:
        `${stored.description} Or the answer to ${TRIED_OUT}. An agent with a \`response\` has a status, a ` +
        'media type and a body of its own.',
      content: taskOrAnswer,
    },
    202: late,
    ...problems(
      'invalid_json',
      'invalid_form',
      'invalid_text',
      'invalid_encoding',
      'empty_body',
      'invalid_idempotency_key',
      'invalid_signature',
      'handshake_refused',
      'agent_disabled',
      'damaged_agent',
      'unknown_webhook',
      'method_not_allowed',
      'payload_too_large',
      'unsupported_media_type',
      'idempotency_key_reused',
      'invalid_payload',
      'rate_limited',
      'too_many_pending',
      'attachments_unavailable',
      'budget_exhausted',
      'busy',
      'redis_unavailable',
    ),
  },
};

/** The same by GET. */
export const getSchema: FastifySchema = {
  ...common,
  operationId: 'triggerAgentByGet',
  summary: 'Trigger an agent by opening its URL',
  description:
    'Only if the agent sets `allow_get`; otherwise, and for unknown tokens, the answer is 405. The ' +
    'query string is the payload, parsed like a form. **Anything that opens the link runs the ' +
    'agent:** chat previews, mail scanners, browsers that prefetch. HEAD never does.',
  querystring: Type.Unsafe({
    type: 'object',
    style: 'form',
    explode: true,
    properties: {
      payload: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'Each parameter becomes a field of the payload; a repeated one becomes a list.',
        example: { question: 'My printer does not print. What now?' },
      },
    },
  }),
  response: {
    200: stored,
    202: late,
    ...problems(
      'invalid_form',
      ['empty_body', 'The URL has no query string. Send the payload there, for example ?question=….'],
      'invalid_idempotency_key',
      'invalid_signature',
      'handshake_refused',
      'agent_disabled',
      'damaged_agent',
      'method_not_allowed',
      'idempotency_key_reused',
      'invalid_payload',
      'rate_limited',
      'too_many_pending',
      'budget_exhausted',
      'busy',
      'redis_unavailable',
    ),
  },
};
