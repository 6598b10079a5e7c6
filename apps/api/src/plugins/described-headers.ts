import { REQUEST_ID_HEADER } from './answer-headers.js';

const text = (description: string) => ({ description, schema: { type: 'string' } });
const whole = (description: string) => ({ description, schema: { type: 'integer', minimum: 0 } });

/** What answers say in their headers, by name, as components of the description. */
export const HEADERS = {
  RequestId: text('Names the lines of the log that are about this request.'),
  ETag: text(
    'Names what was read. Send it as `If-None-Match` and get 304 while nothing has changed; of an agent, send ' +
      'it as `If-Match` to write only what you have read.',
  ),
  Location: text('Where to read what was made.'),
  RetryAfter: whole('When to send the request again, in seconds.'),
  Authenticate: text('How to authenticate: `Bearer realm="agenthook"`.'),
  RateLimit: text('With `limits.rate_per_minute`: how many events are left, `"tasks";r=59;t=1`.'),
  RateLimitPolicy: text('With `limits.rate_per_minute`: how many events are accepted, `"tasks";q=60;w=60`.'),
} as const;

const ref = (name: keyof typeof HEADERS) => ({ $ref: `#/components/headers/${name}` });

interface Answer {
  headers?: Record<string, unknown>;
}
export interface DescribedOperation {
  operationId?: string;
  security?: unknown[];
  responses: Record<string, unknown>;
}

/** The routes with a rate, and those whose answer is read again until the task has ended. */
const RATED = new Set(['triggerAgent', 'triggerAgentByGet']);
const POLLED = new Set(['getTaskStatus']);
/** Routes that say where to read what they made. Those that create tasks declare it themselves. */
const LOCATED = new Set(['createAgent', 'addDocument']);
/** Writes that answer with the agent as it is then. */
const TAGGED_WRITES = new Set(['createAgent', 'replaceAgent', 'patchAgent']);

/** Declares the headers that the answers of one operation have. */
export function describeHeaders(method: string, operation: DescribedOperation): void {
  const { operationId = '', security, responses } = operation;
  for (const [status, described] of Object.entries(responses)) {
    const answer = described as Answer;
    const isRead = method === 'get' && status === '200' && security !== undefined;
    const isRated = RATED.has(operationId) && (status === '429' || status.startsWith('2'));
    answer.headers = {
      ...answer.headers,
      [REQUEST_ID_HEADER]: ref('RequestId'),
      ...((isRead || (TAGGED_WRITES.has(operationId) && status.startsWith('2'))) && { ETag: ref('ETag') }),
      ...(LOCATED.has(operationId) && status === '201' && { Location: ref('Location') }),
      ...(status === '401' && { 'WWW-Authenticate': ref('Authenticate') }),
      ...((status === '429' || status === '503' || (POLLED.has(operationId) && status === '200')) && {
        'Retry-After': ref('RetryAfter'),
      }),
      ...(isRated && { RateLimit: ref('RateLimit'), 'RateLimit-Policy': ref('RateLimitPolicy') }),
    };
  }
}
