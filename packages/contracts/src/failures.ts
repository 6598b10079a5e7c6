/** What the API says about one failure code of a task. */
export interface FailureEntry {
  /** When a task, or one of its attempts, ends with this code. */
  cause: string;
  /** What the owner of the agent can do. */
  remedy: string;
  /** Whether AgentHook itself tries again, up to `limits.max_attempts`. */
  retried: boolean;
}

/**
 * Every `error.code` of a task that ended FAILURE. The OpenAPI texts, docs/reference/failure-codes.md and the
 * advice of the Studio are made from this table.
 */
const ENTRIES = {
  model_auth: {
    cause: 'The model provider refused the credentials, or the worker has none for it.',
    remedy: 'Set the API key of the provider in the environment of the worker, then replay the run.',
    retried: false,
  },
  model_rate_limited: {
    cause: 'The provider limits how often it may be called.',
    remedy: 'Replay later, set a fallback model, or lower `rate_per_minute` or `max_concurrency`.',
    retried: true,
  },
  model_unavailable: {
    cause:
      'The provider could not be reached, hung up, or answered with a server error or something unreadable.',
    remedy: 'Replay once the provider is back. Set a fallback model at another provider.',
    retried: true,
  },
  model_refused: {
    cause: 'The model declined to answer, or the provider rejected the request.',
    remedy: 'Read the message and the prompt for what it objects to. A replay rarely helps.',
    retried: false,
  },
  model_quota: {
    cause: 'The quota or credit at the model provider is used up.',
    remedy: 'Check billing at the provider, then replay the run. A fallback model at another provider helps.',
    retried: false,
  },
  context_exceeded: {
    cause: 'The run is longer than the model can read, and nothing more can be shortened.',
    remedy: 'Shorten the prompt or the payload, or use a model with a larger context window.',
    retried: false,
  },
  model_empty: {
    cause: 'The model answered with neither text nor a tool call, also when it was asked again.',
    remedy: 'Replay the run. If it recurs, use another model or a shorter prompt.',
    retried: false,
  },
  invalid_output: {
    cause: 'The answer is too large, was cut off, or does not match `output_schema`.',
    remedy: 'Loosen the schema, describe the form in the prompt, or use another model.',
    retried: false,
  },
  tool_failed: {
    cause:
      'A tool could not be opened: its MCP server or OpenAPI description is unavailable. Definitions that are too large end the task at the first attempt.',
    remedy: 'Check the address, the secrets and `EGRESS_ALLOW` of the tool, then replay the run.',
    retried: true,
  },
  timeout: {
    cause: 'An attempt took longer than `limits.timeout_seconds`.',
    remedy: 'Raise `timeout_seconds`, or find in the trace where the time went.',
    retried: false,
  },
  budget_exhausted: {
    cause:
      'The run used up `max_total_tokens`, `max_cost_usd` or `max_output_tokens`, or its log grew too large; or a ' +
      '`budget` of the agent or the installation is used up.',
    remedy: 'Raise the limit or the budget, or shorten prompt, payload and tool results.',
    retried: false,
  },
  max_steps: {
    cause: 'The model had not answered after `limits.max_steps` turns.',
    remedy: 'Raise `max_steps`, or find in the trace what the model repeats.',
    retried: false,
  },
  cancelled: {
    cause: 'Someone cancelled the task.',
    remedy: 'Replay the run if it should run after all.',
    retried: false,
  },
  superseded: {
    cause: 'A newer event of the same conversation took its place (`conversation.when_busy` is `supersede`).',
    remedy: 'Nothing is wrong: read the result of the newer run. Replay this one if it should run after all.',
    retried: false,
  },
  restored: {
    cause:
      'The task had not ended when the backup was made that it was restored from. It may have run elsewhere since.',
    remedy: 'Find out whether it has run in the installation that the backup is of. Replay it if it has not.',
    retried: false,
  },
  worker_lost: {
    cause: 'The process that ran this task alone died twice, or its workers died several times.',
    remedy: 'Look for the cause in the log and the memory of the worker, then replay the run.',
    retried: false,
  },
  approval_denied: {
    cause: 'A person denied a call of a tool whose `on_deny` is `fail`.',
    remedy: 'Read the reason in the trace. Replay the run if it should be asked for again.',
    retried: false,
  },
  approval_expired: {
    cause: 'Nobody decided in time about a call of a tool whose `on_timeout` is `fail`.',
    remedy: 'Replay the run, raise `expires_in_seconds`, or set `on_timeout` to `deny`.',
    retried: false,
  },
  agent_unavailable: {
    cause:
      'The agent was deleted before the task could run or while it waited for a decision, or what is stored of it ' +
      'cannot be read.',
    remedy:
      'Create the agent again and send the event to its new webhook; or save the agent again, as the message ' +
      'says, and replay the task.',
    retried: false,
  },
  internal: {
    cause:
      'A defect in AgentHook, or a template or schema that takes too long or too much memory with this payload.',
    remedy: 'Read the message; for a defect, the log of the worker has the details under the task id.',
    retried: false,
  },
} as const satisfies Record<string, FailureEntry>;

/** Why a task ended FAILURE. */
export type FailureCode = keyof typeof ENTRIES;

export const FAILURES: Readonly<Record<FailureCode, FailureEntry>> = ENTRIES;
export const FAILURE_CODES = Object.keys(ENTRIES) as FailureCode[];

/** What the API says about one reason why a callback was not delivered. */
interface ReasonEntry {
  cause: string;
  remedy: string;
}

/** Every `reason` of a callback delivery that ended `failed` or `skipped`. */
const REASONS = {
  exhausted: {
    cause: 'All ten attempts failed.',
    remedy: 'Mend the receiver, then resend the delivery.',
  },
  gone: {
    cause: 'The receiver answered 410, which disables the callback.',
    remedy: 'Correct the URL, enable the callback, and resend the delivery.',
  },
  refused: {
    cause: 'The address is not public and not in `EGRESS_ALLOW`.',
    remedy: 'Use a public address, or let the operator allow this one; then resend.',
  },
  task_expired: {
    cause: 'The result expired (`RESULT_TTL_SECONDS`) before it was delivered.',
    remedy: 'Nothing is left to send. Replay is not possible either; send the event again.',
  },
  worker_lost: {
    cause: 'Workers died again and again while they delivered it.',
    remedy: 'Look for the cause in the log of the worker, then resend.',
  },
  callback_disabled: {
    cause: 'The callback was disabled when the attempt was due.',
    remedy: 'Enable the callback, then resend.',
  },
  callback_removed: {
    cause: 'The agent had no callback any more when the attempt was due.',
    remedy: 'Set a callback, then resend.',
  },
  template_failed: {
    cause: 'A template of the destination could not be rendered, or rendered to no address.',
    remedy: 'Read the error of the attempt, correct the template, then resend.',
  },
  destination_removed: {
    cause: 'The agent had no destination of this name any more when the attempt was due.',
    remedy: 'Add the destination again, then resend.',
  },
  target_deleted: {
    cause: 'The agent that the end was to go to was deleted.',
    remedy: 'Choose another agent in the destination, then resend.',
  },
  invalid_payload: {
    cause: 'The payload for the other agent does not match its `input_schema`.',
    remedy: 'Correct `payload` of the destination or the schema, then resend.',
  },
  too_deep: {
    cause: 'Too many tasks were made one from the end of the other.',
    remedy: 'Look for agents that are destinations of each other.',
  },
  already_decided: {
    cause: 'Somebody had decided, or the task had ended, before it was told that a decision is needed.',
    remedy: 'Nothing is left to decide.',
  },
  channel_removed: {
    cause: 'The notify channel was deleted before the attempt was due.',
    remedy: 'Create the channel again; what happens from then on is told.',
  },
  channel_incomplete: {
    cause: 'The channel lacks a secret: it was reset, or the worker has no `SMTP_URL`.',
    remedy: 'Save the secret again, or set `SMTP_URL` for the workers.',
  },
  agent_deleted: {
    cause: 'The agent was deleted before the attempt was due.',
    remedy: 'Read the result with `GET /api/task_status` while it is kept.',
  },
} as const satisfies Record<string, ReasonEntry>;

export type DeliveryReason = keyof typeof REASONS;
export const DELIVERY_REASONS = Object.keys(REASONS) as DeliveryReason[];
export const DELIVERY_REASON_TEXTS: Readonly<Record<DeliveryReason, ReasonEntry>> = REASONS;
