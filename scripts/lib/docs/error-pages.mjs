import { STATUS_CODES } from 'node:http';

const GENERATED = 'This page is generated from the table that the API itself uses (`npm run docs`).';
const rows = (list) => list.map((row) => `| ${row.join(' | ')} |`).join('\n');

/** docs/reference/errors.md */
export function errorsPage({ ERRORS, ERROR_CODES, problemType }) {
  const statuses = [...new Set(ERROR_CODES.map((code) => ERRORS[code].status))].sort((a, b) => a - b);
  const sections = statuses.map((status) => {
    const codes = ERROR_CODES.filter((code) => ERRORS[code].status === status);
    const lines = codes.map((code) => {
      const { cause, remedy, retry } = ERRORS[code];
      return [`<a id="${code}"></a>\`${code}\``, cause, remedy, retry ? 'yes' : 'no'];
    });
    return `## ${status} ${STATUS_CODES[status]}\n\n| code | cause | what to do | retry |\n|---|---|---|---|\n${rows(lines)}`;
  });
  return `# Errors

Every error of the API is \`application/problem+json\` (RFC 9457):

\`\`\`json
{
  "type": "${problemType('invalid_payload')}",
  "title": "${ERRORS.invalid_payload.title}",
  "status": ${ERRORS.invalid_payload.status},
  "detail": "${ERRORS.invalid_payload.example}",
  "code": "invalid_payload",
  "errors": [{"path": "/question", "message": "must be string"}],
  "errors_total": 1
}
\`\`\`

- \`code\` is stable: switch on it. \`detail\` is for people and may change.
- \`type\` is a path on the server that answered; the page there explains the code.
- \`errors\` names the first 20 places by JSON Pointer (RFC 6901); the empty pointer is the whole body, query or payload. \`errors_total\` is the number of all.
- \`internal\` has a \`request_id\`, also in the header \`X-Request-Id\`: the log of the api has the details under \`reqId\`.
- *retry: yes* means that the unchanged request may succeed later. If there is a \`Retry-After\`, wait that long. Send an \`Idempotency-Key\`, so that a retry never runs an event twice.

${GENERATED}

${sections.join('\n\n')}
`;
}

/** docs/reference/failure-codes.md */
export function failureCodesPage({ FAILURES, FAILURE_CODES, DELIVERY_REASONS, DELIVERY_REASON_TEXTS }) {
  const failures = FAILURE_CODES.map((code) => {
    const { cause, remedy, retried } = FAILURES[code];
    return [`<a id="${code}"></a>\`${code}\``, cause, remedy, retried ? 'yes' : 'no'];
  });
  const reasons = DELIVERY_REASONS.map((reason) => {
    const { cause, remedy } = DELIVERY_REASON_TEXTS[reason];
    return [`\`${reason}\``, cause, remedy];
  });
  return `# Failure codes

A task that ended \`FAILURE\` has \`result.error.code\`; \`last_error\` and the trace use the same codes for attempts.

*retried: yes* means that AgentHook itself tries again, up to \`limits.max_attempts\`. After the end, a task is never retried; \`POST /api/tasks/{id}/replay\` runs it again as a new task.

${GENERATED}

| code | cause | what to do | retried |
|---|---|---|---|
${rows(failures)}

## Callback deliveries

A callback delivery that ended \`failed\` or \`skipped\` has a \`reason\`:

| reason | cause | what to do |
|---|---|---|
${rows(reasons)}
`;
}
