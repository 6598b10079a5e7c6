import { bytes, constantOf, count, ms, seconds } from './constants.mjs';

const api = (file, name) => constantOf('apps/api', file, name);
const core = (file, name) => constantOf('packages/core', file, name);
const agent = (file, name) => constantOf('packages/agent', file, name);
const egress = (file, name) => constantOf('packages/egress', file, name);
const bounded = (file, name) => constantOf('packages/bounded', file, name);

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** The limits that an agent sets, from the schema of its `limits`. */
function ofAgent({ AgentConfig }) {
  const { properties } = AgentConfig.properties.limits;
  return Object.entries(properties).map(([name, schema]) => {
    const number = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema;
    const { minimum, exclusiveMinimum, maximum } = number;
    const atLeast =
      exclusiveMinimum === undefined ? `from ${count(minimum)}` : `more than ${exclusiveMinimum}`;
    const range = maximum === undefined ? atLeast : `${count(minimum)} to ${count(maximum)}`;
    const preset = typeof schema.default === 'number' ? count(schema.default) : 'none';
    return [`\`${name}\``, preset, range, schema.description];
  });
}

/** docs/reference/limits.md, from the constants of the code. */
export function limitsPage(contracts) {
  const c = contracts;
  return `# Limits

This page is generated from the constants of the code (\`npm run docs\`).

## Limits of an agent

Set in \`limits\`; see [schemas and limits](../guides/agents/schemas-and-limits.md).

${table(['field', 'default', 'values', 'bounds'], ofAgent(c))}

## Requests

${table(
  ['what', 'limit', 'beyond it'],
  [
    ['body of a webhook, an agent, a test, a preview', bytes(c.MAX_PAYLOAD_BYTES), '413 `payload_too_large`'],
    ['body of `POST /api/session`', bytes(api('session.ts', 'SESSION_BYTES')), '413 `payload_too_large`'],
    ['any other body but a document', bytes(api('bodies.ts', 'BODY_BYTES')), '413 `payload_too_large`'],
    ['nesting of a webhook payload', `${c.MAX_PAYLOAD_DEPTH} levels`, '400 `payload_too_deep`'],
    ['numbers of a payload that no double holds', count(c.MAX_EXACT_NUMBERS), '413 `payload_too_large`'],
    [
      'nesting of a body behind an API key',
      `${api('bodies.ts', 'MAX_DEPTH')} levels`,
      '400 `payload_too_deep`',
    ],
    ['fields of a form', count(c.MAX_FORM_FIELDS), '400 `invalid_form`'],
    [
      'name of a field or a file in a multipart form',
      `${count(bounded('read-multipart.ts', 'MAX_NAME'))} characters`,
      '400 `invalid_form`',
    ],
    [
      'refused requests to one webhook from one network',
      `${api('refusal-limit.ts', 'BURST')} at once, ${api('refusal-limit.ts', 'PER_SECOND')} per second`,
      '429 `rate_limited` for a second',
    ],
    [
      'files of a request',
      `${count(c.MAX_FILES)}, together ${bytes(c.MAX_FILES_BYTES)}`,
      '413 `payload_too_large`',
    ],
    [
      'bodies of more than 1 MiB that an api process holds; of one agent',
      `${count(api('file-gate.ts', 'AT_ONCE'))}; ${count(api('file-gate.ts', 'PER_AGENT'))}`,
      '503 `busy`',
    ],
    [
      'codings of a compressed body',
      count(core('decode-body.ts', 'MAX_CODINGS')),
      '415 `unsupported_media_type`',
    ],
    [
      'what is read of a body that is too large, before the answer',
      `${bytes(api('read-body.ts', 'DRAINED_BYTES'))}, ${ms(api('read-body.ts', 'DRAINED_MS'))}`,
      'the connection is closed',
    ],
    ['address and headers together', '16 KiB', '431 `headers_too_large`'],
    ['headers', count(c.MAX_HEADERS), '431 `headers_too_large`'],
    ['time to arrive', ms(api('http-server.ts', 'REQUEST_TIMEOUT_MS')), '408 `request_timeout`'],
    [
      '`Idempotency-Key`',
      `${c.MAX_IDEMPOTENCY_KEY} visible ASCII characters`,
      '400 `invalid_idempotency_key`',
    ],
    [
      "template of an agent's answer",
      `${count(c.MAX_RESPONSE_TEMPLATE)} characters`,
      '400 `invalid_request`',
    ],
    [
      '`wait`, `Prefer: wait`, `wait_seconds`',
      seconds(c.MAX_WAIT_SECONDS),
      'the answer comes without the end of the task',
    ],
    ['errors that an answer names', count(c.MAX_PROBLEM_ISSUES), '`errors_total` has their number'],
    [
      'values of a body in which all errors are sought',
      count(api('validation.ts', 'MAX_VALUES')),
      'only the first error is named',
    ],
  ],
)}

A request with two \`Host\` headers, with none in HTTP/1.1, or with a length and chunks at once is 400. One that expects anything but \`100-continue\` is 417. Both close the connection.

## Webhooks

${table(
  ['what', 'limit'],
  [
    [
      'how long an idempotency key is remembered',
      `${seconds(c.IDEMPOTENCY_TTL_SECONDS)}, or \`RESULT_TTL_SECONDS\` if that is shorter`,
    ],
    ['difference of a signed time', seconds(c.DEFAULT_TOLERANCE_SECONDS)],
    ['headers that a task keeps', bytes(c.MAX_KEPT_HEADER_BYTES)],
    ['how long a large body waits for its turn', ms(core('large-bodies.ts', 'MAX_WAIT_MS'))],
    ['own time to evaluate a `filter`, then the event runs', ms(bounded('limits.ts', 'CHECK_MS'))],
    ['rejections kept of an agent, and as many filtered events', count(c.MAX_REJECTIONS)],
    [
      'body of a rejection or filtered event',
      `${bytes(core('rejection-store.ts', 'MAX_KEPT_BODY_BYTES'))}; ${bytes(core('rejection-store.ts', 'MAX_TOTAL_BYTES'))} for all of an agent, then cut to ${bytes(c.SHOWN_REJECTION_BYTES)}`,
    ],
  ],
)}

## Agents

${table(
  ['what', 'limit', 'beyond it'],
  [
    ['configuration as JSON', bytes(c.MAX_AGENT_BYTES), '413 `agent_too_large`'],
    ['`input_schema`, `output_schema`', bytes(c.MAX_SCHEMA_BYTES), '422 `invalid_schema`'],
    ['`tags`', `${count(c.MAX_TAGS)} of ${count(c.MAX_TAG_CHARACTERS)} characters`, '400 `invalid_request`'],
    ['`filter`', `${count(c.MAX_FILTER_CHARACTERS)} characters`, '400 `invalid_request`'],
    ['key of the `breaker`', `${count(c.MAX_BREAKER_KEY_CHARACTERS)} characters`, '400 `invalid_request`'],
    ['`ignore_senders`', count(c.MAX_IGNORED_SENDERS), '400 `invalid_request`'],
    [
      'kept versions',
      `${c.MAX_VERSIONS} newest, up to ${bytes(c.MAX_VERSION_BYTES)}, and those that open tasks need`,
      '409 `too_many_versions`',
    ],
    [
      'documents',
      `${c.MAX_DOCUMENTS}, ${bytes(c.MAX_AGENT_DOCUMENT_BYTES)} of text`,
      '409 `too_many_documents`',
    ],
    [
      'one document',
      `${bytes(c.MAX_UPLOAD_BYTES)} as a file, ${bytes(c.MAX_DOCUMENT_BYTES)} of text`,
      '413 `document_too_large`',
    ],
    ['tools', count(c.AgentInput.properties.tools.maxItems), '400 `invalid_request`'],
    [
      'a page of the list of agents',
      bytes(c.MAX_AGENT_PAGE_BYTES),
      'shorter than `limit`; `next_cursor` goes on',
    ],
  ],
)}

## Runs

${table(
  ['what', 'limit', 'beyond it'],
  [
    ['one tool call', seconds(c.CALL_TIMEOUT_SECONDS), 'an error for the model'],
    ['a result that the model gets', `${count(c.MAX_RESULT_CHARACTERS)} characters of JSON`, 'cut'],
    ['an answer of the provider', '4 MiB', '`invalid_output`'],
    [
      'text and reasoning of a turn',
      `${count(agent('bound-answer.ts', 'MOST_TEXT'))} characters each`,
      'cut',
    ],
    ['tool calls of a turn', count(agent('bound-answer.ts', 'MOST_CALLS')), '`invalid_output`'],
    [
      'arguments of a call',
      `${count(agent('bound-answer.ts', 'MOST_ARGUMENTS'))} characters, ${agent('bound-answer.ts', 'DEEPEST_JSON')} levels`,
      '`invalid_output`',
    ],
    [
      'turns and results of a run',
      `${bytes(agent('budget.ts', 'MOST_LOGGED'))} of characters`,
      '`budget_exhausted`',
    ],
    [
      'address of a tool',
      `${count(egress('target.ts', 'LONGEST_URL'))} characters`,
      'an error for the model',
    ],
    [
      'wait between attempts',
      `1 s to ${ms(core('backoff.ts', 'CAP_MS'))}; after \`Retry-After\` up to ${ms(core('backoff.ts', 'RETRY_AFTER_CAP_MS'))}`,
      '',
    ],
    [
      'how often a task is parked for a rate limit',
      count(core('park.ts', 'MAX_PARKS')),
      'a 429 counts as a failed attempt',
    ],
    ['deaths of a task that runs alone', count(core('run-alone.ts', 'MAX_DEATHS')), '`worker_lost`'],
    ['log that a trace shows', bytes(core('trace.ts', 'MOST_LOG_BYTES')), '`log_truncated`'],
  ],
)}

The limits of each type of tool are in [tools](tools.md).

## Waiting and streaming

${table(
  ['what', 'limit', 'beyond it'],
  [
    [
      'callers that wait, or read a stream, at one api process',
      '10,000',
      'answered at once; streams 503 `too_many_streams`',
    ],
    ['of these for one task, from one address', '1,000, 2,500', 'the same'],
    ['`wait`', '60 s', 'answered with the current state'],
    ['comment on a silent stream', `every ${ms(api('event-streams.ts', 'HEARTBEAT_MS'))}`, ''],
    ['a reader that accepts nothing', ms(api('event-streams.ts', 'STALL_MS')), 'disconnected; may resume'],
  ],
)}

## Callbacks

${table(
  ['what', 'limit'],
  [
    ['time for the answer', ms(core('plan-delivery.ts', 'REQUEST_TIMEOUT_MS'))],
    [
      'answer that is read, kept',
      `${bytes(core('post-callback.ts', 'MAX_ANSWER_BYTES'))}, ${bytes(c.RESPONSE_EXCERPT_BYTES)}`,
    ],
    ['`Retry-After`', ms(core('schedule.ts', 'LONGEST_RETRY_AFTER_MS'))],
    [
      'failed deliveries in a row until the callback is disabled',
      count(core('agent-callback.ts', 'FAILURES_TO_DISABLE')),
    ],
    ['deliveries kept of an agent', count(c.MAX_DELIVERIES)],
  ],
)}

## Access

${table(
  ['what', 'limit'],
  [
    ['stored API keys', count(c.MAX_API_KEYS)],
    ['notify channels; channels of one agent, tool or rule', `${c.MAX_CHANNELS}; ${c.MAX_NOTIFIED}`],
    ['alert rules; open alerts of one rule', `${c.MAX_ALERT_RULES}; ${c.MAX_OPEN_ALERTS}`],
    ['kept alerts', `${count(c.MAX_ALERTS)}, for ${c.ALERT_DAYS} days`],
    ['sessions of a key', count(c.MAX_SESSIONS_PER_KEY)],
    [
      'a session',
      `${seconds(c.SESSION_SECONDS)} after its last use, at most ${seconds(c.MAX_SESSION_SECONDS)}`,
    ],
    [
      'wrong keys from one address',
      `${api('failure-window.ts', 'MAX_FAILURES')} in ${ms(api('failure-window.ts', 'WINDOW_MS'))}`,
    ],
    ['counters', seconds(core('hour.ts', 'STATS_TTL_SECONDS'))],
  ],
)}
`;
}
