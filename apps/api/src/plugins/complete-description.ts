import { ERRORS, type ErrorCode, FAILURES } from '@agenthook/contracts';
import * as examples from '../routes/examples/index.js';
import { refusal } from './describe.js';
import { type DescribedOperation, describeHeaders, HEADERS } from './described-headers.js';
import { describeFields } from './field-texts.js';
import { nameParts } from './named-parts.js';
import { problemOf } from './problems.js';
import { titleShapes } from './shape-titles.js';
import { shareAnswers } from './shared-answers.js';
import { splitByStatus } from './states-by-status.js';

/** Errors that any route may answer: a faulty head, an unexpected body, and internal errors. */
export const ANYWHERE = [
  'invalid_request',
  'request_timeout',
  'expectation_failed',
  'headers_too_large',
  'invalid_json',
  'empty_body',
  'payload_too_deep',
  'payload_too_large',
  'unsupported_media_type',
  'internal',
] as const satisfies readonly ErrorCode[];

const OTHER_ANSWER = 'Other';

/** The part of the generated description that is extended. */
export interface Description {
  components?: { schemas?: Record<string, Record<string, unknown>>; responses?: object; headers?: object };
  paths?: Record<string, Record<string, Operation>>;
  webhooks?: Record<string, Record<string, object>>;
  [extension: `x-${string}`]: unknown;
}
interface Operation extends DescribedOperation {
  parameters?: { required?: boolean; schema?: { default?: unknown } }[];
}

const signed = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

/** What every callback that AgentHook posts has in common. */
const CALLBACK = {
  tags: ['Agents'],
  parameters: [
    signed('webhook-id', 'Names the callback, the same in each attempt. Use it to recognise repetitions.'),
    signed('webhook-timestamp', 'When this attempt was made, in seconds since 1970.'),
    signed(
      'webhook-signature',
      '`v1,` and the signature in base64; during a rotation two, with a space between.',
    ),
  ],
  responses: {
    '2XX': { description: 'The callback is delivered. Its body is not read.' },
    '410': { description: 'No further callbacks are wanted: they are disabled until somebody enables them.' },
    default: { description: 'The callback is sent again later, for up to three days.' },
  },
};

const bodyOf = (shape: string, example: unknown) => ({
  required: true,
  content: {
    'application/json': {
      schema: { $ref: `#/components/schemas/${shape}` },
      examples: { example: { value: example } },
    },
  },
});

const POSTED =
  "Posted to the agent's `callback.url`, at least once, signed as Standard Webhooks defines. Each attempt has the " +
  'same `webhook-id`.';

/** What AgentHook itself posts to the callbacks of agents. */
const CALLBACKS = {
  taskEnded: {
    post: {
      ...CALLBACK,
      operationId: 'taskEnded',
      summary: 'A task has ended',
      description: POSTED,
      requestBody: bodyOf('CallbackPayload', examples.callbackPayload),
    },
  },
  taskActionRequired: {
    post: {
      ...CALLBACK,
      operationId: 'taskActionRequired',
      summary: 'A task waits for a decision',
      description: `A call needs approval, a question an answer, or another system must post. Once for each. ${POSTED}`,
      requestBody: bodyOf('ActionRequiredPayload', examples.actionRequired),
    },
  },
  alert: {
    post: {
      ...CALLBACK,
      operationId: 'alert',
      summary: 'An alert has begun or ended',
      description: `If its rule has \`callback\`. ${POSTED}`,
      requestBody: bodyOf('AlertPayload', {
        type: 'alert.opened',
        timestamp: examples.alert.opened_at,
        data: examples.alert,
      }),
    },
  },
};

/**
 * Adds to the generated description what applies to all routes: names of shapes, descriptions of fields,
 * headers of answers, the answers of ANYWHERE as the `default` of each operation, and optional parameters
 * where there is a default. Adds the callback, and the texts of the failure codes of tasks. Defines equal
 * error answers once.
 */
export function completeDescription(description: Description): void {
  nameParts(description);
  splitByStatus(description.components?.schemas ?? {});
  titleShapes(description.components?.schemas ?? {});
  const codes = Object.fromEntries(
    ANYWHERE.map((code) => [code, { value: problemOf(code, ERRORS[code].example) }]),
  );
  const other = refusal(codes, '#/components/schemas/Problem');
  description.components = {
    ...description.components,
    headers: HEADERS,
    responses: { [OTHER_ANSWER]: other },
  };
  description.webhooks = CALLBACKS;
  // The Studio's advice on failed runs is generated from it.
  description['x-failure-codes'] = FAILURES;

  for (const [name, schema] of Object.entries(description.components.schemas ?? {}))
    describeFields(schema, name);
  const operations = Object.values(description.paths ?? {}).flatMap((path) => Object.entries(path));
  for (const [method, operation] of operations) {
    describeFields(operation, operation.operationId ?? '');
    describeHeaders(method, operation);
    operation.responses.default = { $ref: `#/components/responses/${OTHER_ANSWER}` };
    for (const parameter of operation.parameters ?? [])
      if (parameter.schema?.default !== undefined) parameter.required = false;
  }
  Object.assign(description.components.responses ?? {}, shareAnswers(operations.map(([, each]) => each)));
}
