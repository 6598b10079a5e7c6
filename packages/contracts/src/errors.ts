/** What the API says about one error code. */
export interface ErrorEntry {
  /** The HTTP status of the answer. */
  status: number;
  /** RFC 9457 `title`: the kind of problem in a few words, the same in every answer. */
  title: string;
  /** When the API answers with this code. */
  cause: string;
  /** What the caller, or the owner of the agent, can do. */
  remedy: string;
  /** Whether the unchanged request may succeed when it is sent again later. */
  retry: boolean;
  /** An example of `detail`, as a real answer has it. */
  example: string;
}

/** An entry as it is written below: a detail that is the same in nearly every answer is its own example. */
type WrittenEntry = Omit<ErrorEntry, 'example'> & ({ example: string } | { detail: string });

/**
 * Every error code of the API. The HTTP status, the OpenAPI texts and examples, the page behind a problem's
 * `type`, and docs/reference/errors.md are made from this table.
 */
const ENTRIES = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    cause: 'A field, a parameter or a header does not fit what the route accepts.',
    remedy: 'Correct the places that `errors` names.',
    retry: false,
    example: 'The request is not valid: /limits/timeout_seconds must be <= 3600.',
  },
  invalid_json: {
    status: 400,
    title: 'Invalid JSON',
    cause:
      'The body is not valid JSON or not in its charset (UTF-8 if it declares none), has a key such as `__proto__`, or is `null`.',
    remedy: 'Send valid JSON. In a shell, quote the body so that the shell does not change it.',
    retry: false,
    example: 'The body is not valid JSON: Unexpected end of JSON input.',
  },
  invalid_form: {
    status: 400,
    title: 'Invalid form',
    cause:
      'The form has more than 1,000 fields, a field called `__proto__`, a malformed part, or text that is not ' +
      'in its charset (UTF-8 if it declares none).',
    remedy: 'Send fewer fields, or declare the charset: `Content-Type: …; charset=windows-1252`.',
    retry: false,
    example: 'A form may have at most 1,000 fields.',
  },
  invalid_text: {
    status: 400,
    title: 'Invalid text',
    cause:
      'The body is text, but its bytes are not in the charset that it declares (UTF-8 if it declares none).',
    remedy: 'Send UTF-8, or declare the charset: `Content-Type: text/plain; charset=windows-1252`.',
    retry: false,
    example: 'The body is not valid UTF-8. Send UTF-8, or name the charset in Content-Type.',
  },
  invalid_encoding: {
    status: 400,
    title: 'Body cannot be decompressed',
    cause: 'The body is not in the format that `Content-Encoding` names, or it ends too early.',
    remedy: 'Compress the body as the header says, or send it without `Content-Encoding`.',
    retry: false,
    example: 'The body is not valid gzip, which its Content-Encoding or its first bytes name.',
  },
  empty_body: {
    status: 400,
    title: 'No body',
    cause: 'The request has no body; for a webhook called by GET, no query string.',
    remedy: 'Send the payload in the body, or in the query string of a GET.',
    retry: false,
    detail: 'The request has no body; send JSON, for example {"question": "…"}.',
  },
  payload_too_deep: {
    status: 400,
    title: 'Body nests too deeply',
    cause: 'The JSON nests objects and arrays deeper than 64 levels (webhooks) or 256 levels (other routes).',
    remedy: 'Flatten the payload.',
    retry: false,
    example: 'The body nests deeper than 256 levels.',
  },
  invalid_idempotency_key: {
    status: 400,
    title: 'Invalid idempotency key',
    cause: 'The `Idempotency-Key` header is too long, not visible ASCII, or sent twice.',
    remedy: 'Send one header of up to 256 visible ASCII characters, for example a UUID.',
    retry: false,
    detail: 'Idempotency-Key must be one header of up to 256 visible ASCII characters.',
  },
  missing_task_id: {
    status: 400,
    title: 'No task id',
    cause: 'The query parameter `task_id` is missing, empty, or given more than once.',
    remedy: 'Pass the `task_id` that the webhook returned.',
    retry: false,
    detail: 'Name the task once: /api/task_status?task_id=…',
  },
  unauthorized: {
    status: 401,
    title: 'No valid API key',
    cause: 'The API key or session is missing, wrong, expired or revoked.',
    remedy: 'Send `Authorization: Bearer <key>` with a valid key, or sign in again.',
    retry: false,
    detail: 'This route needs an API key: send "Authorization: Bearer <key>".',
  },
  invalid_signature: {
    status: 401,
    title: 'Invalid signature',
    cause:
      'The agent has a `signature`, and the request is unsigned, signed with another secret, too old, or changed.',
    remedy:
      'Use the same secret on both sides, sign the exact bytes of the body, and check the clock of the sender.',
    retry: false,
    example: 'The signature is refused: X-Hub-Signature-256 is missing.',
  },
  handshake_refused: {
    status: 403,
    title: 'URL not confirmed',
    cause: 'A sender tested the URL with a verify token that differs from that of the agent.',
    remedy: 'Enter the same verify token at the sender and in the `signature` of the agent.',
    retry: false,
    example: 'The URL is not confirmed: hub.verify_token is not the verify token of this agent.',
  },
  forbidden: {
    status: 403,
    title: 'Not allowed',
    cause: 'The role of the key is too low, or a page of another origin sent a key or a session.',
    remedy: 'Use a key with the role that the route names.',
    retry: false,
    example: 'This needs a key with the role operator; yours has viewer.',
  },
  agent_disabled: {
    status: 403,
    title: 'Agent disabled',
    cause: 'The `status` of the agent is `disabled`.',
    remedy: 'Set `status` to `active`. Refused requests are kept; accept them afterwards.',
    retry: false,
    detail: 'The agent of this webhook is disabled.',
  },
  unknown_webhook: {
    status: 404,
    title: 'Unknown webhook',
    cause: 'No webhook has this token. It may be misspelt, rotated or revoked, or its agent may be deleted.',
    remedy: 'Use the current webhook URL of the agent, or create a new one.',
    retry: false,
    detail: 'No webhook has this URL. It may have been rotated or revoked.',
  },
  unknown_task: {
    status: 404,
    title: 'Unknown task',
    cause: 'No task has this id, or its result has expired (`RESULT_TTL_SECONDS`) or was erased.',
    remedy: 'Check the id. Raise `RESULT_TTL_SECONDS` if results expire too early.',
    retry: false,
    detail: 'There is no such task, or its result has expired.',
  },
  unknown_agent: {
    status: 404,
    title: 'Unknown agent',
    cause: 'No agent has this id, or it was deleted.',
    remedy: 'List the agents: `GET /api/agents`.',
    retry: false,
    example: 'There is no agent agt_019a5c3e7d21a1b2c3d4e5f60718.',
  },
  unknown_version: {
    status: 404,
    title: 'Unknown version',
    cause: 'The agent has no version with this number, or it is no longer kept.',
    remedy: 'List the kept versions: `GET /api/agents/{id}/versions`.',
    retry: false,
    example: 'The agent agt_019a5c3e7d21a1b2c3d4e5f60718 has no version 3, or it is kept no longer.',
  },
  unknown_schedule: {
    status: 404,
    title: 'Unknown schedule',
    cause: 'The agent has no schedule with this id.',
    remedy: 'List the schedules: `GET /api/agents/{id}/schedules`.',
    retry: false,
    example: 'The agent agt_019a5c3e7d21a1b2c3d4e5f60718 has no schedule "report".',
  },
  unknown_rejection: {
    status: 404,
    title: 'Unknown rejection',
    cause: 'The agent has no rejection with this id; the last 100 are kept, as long as results.',
    remedy: 'List the rejections: `GET /api/agents/{id}/rejections`.',
    retry: false,
    example: 'The agent has no rejection rej_019a5c3e9b10c1d2e3f405162738.',
  },
  unknown_conversation: {
    status: 404,
    title: 'Unknown conversation',
    cause: 'There is no conversation with this id: it expired, was deleted, or never existed.',
    remedy: 'List the conversations: `GET /api/conversations`.',
    retry: false,
    detail: 'There is no such conversation, or it has expired.',
  },
  unknown_document: {
    status: 404,
    title: 'Unknown document',
    cause: 'The agent has no document with this id.',
    remedy: 'List the documents: `GET /api/agents/{id}/documents`.',
    retry: false,
    example: 'The agent has no document doc_019a5c3e8a10b1c2d3e4f5061728.',
  },
  unknown_attachment: {
    status: 404,
    title: 'Unknown attachment',
    cause: 'The task has no attachment with this index. The first one has the index 0.',
    remedy: "Read the task's trace: `attachments` lists them.",
    retry: false,
    example: 'The task has no attachment 3.',
  },
  unknown_approval: {
    status: 404,
    title: 'Unknown approval',
    cause: 'The task has never asked about a call with this id.',
    remedy: 'List what waits for a decision: `GET /api/approvals`.',
    retry: false,
    detail: 'The task has not asked about this call.',
  },
  unknown_delivery: {
    status: 404,
    title: 'Unknown delivery',
    cause: 'The agent has no callback delivery with this id, or its entry has expired.',
    remedy: 'List the deliveries: `GET /api/agents/{id}/callbacks`.',
    retry: false,
    detail: 'The agent has no such delivery, or it has expired.',
  },
  unknown_bulk_job: {
    status: 404,
    title: 'Unknown bulk job',
    cause: 'There is no such bulk job, or it is kept no longer.',
    remedy: 'See `GET /api/bulk`.',
    retry: false,
    detail: 'There is no such bulk job.',
  },
  unknown_api_key: {
    status: 404,
    title: 'Unknown API key',
    cause: 'No stored API key has this id.',
    remedy: 'List the keys: `GET /api/keys`.',
    retry: false,
    example: 'There is no API key key_019a5c3e7d21a1b2c3d4e5f60718.',
  },
  unknown_session: {
    status: 404,
    title: 'Unknown session',
    cause: 'No session has this id, it has ended, or it belongs to another key.',
    remedy: 'List the sessions: `GET /api/sessions`.',
    retry: false,
    detail: 'There is no such session, or it has ended.',
  },
  unknown_share: {
    status: 404,
    title: 'Unknown share link',
    cause: 'The link was never made, has expired, was revoked, or its run was erased.',
    remedy: 'Ask for a new link.',
    retry: false,
    detail: 'The link is unknown, has expired, or was revoked.',
  },
  not_found: {
    status: 404,
    title: 'No such address',
    cause: 'No route has this path.',
    remedy: 'Check the path against `/docs`.',
    retry: false,
    detail: 'Nothing exists at this URL. The API is described at /docs.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    cause:
      'The URL has other methods than this one. A webhook has POST, and GET only if its agent sets `allow_get`.',
    remedy: 'Use a method that the `Allow` header names, or set `allow_get` on the agent.',
    retry: false,
    detail: 'Webhooks accept POST, and GET only if the agent allows it.',
  },
  request_timeout: {
    status: 408,
    title: 'Request too slow',
    cause: 'The request took more than 30 s to arrive.',
    remedy: 'Send it again over a faster connection.',
    retry: true,
    detail: 'The request took too long to arrive.',
  },
  task_finished: {
    status: 409,
    title: 'Task has ended',
    cause: 'The task ended before it could be cancelled.',
    remedy: 'Read its result.',
    retry: false,
    detail: 'The task had ended before it could be cancelled.',
  },
  already_decided: {
    status: 409,
    title: 'Already decided',
    cause: 'Someone decided about this call before. The first decision counts.',
    remedy: "Read the decision in the task's trace.",
    retry: false,
    detail: 'This call was decided before. The first decision counts.',
  },
  approval_expired: {
    status: 409,
    title: 'Approval expired',
    cause: 'The time to decide about this call is over.',
    remedy: 'Replay the task, and set a longer `expires_in_seconds` on the tool.',
    retry: false,
    detail: 'The time to decide about this call is over.',
  },
  task_not_finished: {
    status: 409,
    title: 'Task has not ended',
    cause: 'Only a task that has ended can be erased or continued.',
    remedy: 'Cancel the task first, or wait for its end.',
    retry: true,
    detail: 'The task has not ended. Cancel it first, or wait for its end.',
  },
  event_not_kept: {
    status: 409,
    title: 'Event was not kept',
    cause:
      'The agent keeps nothing of its events (`retention.store` is `none`), so the task cannot be repeated.',
    remedy: 'Let its sender send the event again.',
    retry: false,
    detail: 'The event of this task was not kept. Let its sender send it again.',
  },
  rejection_truncated: {
    status: 409,
    title: 'Rejection kept in part',
    cause: 'The body of the refused request was not kept, or not as a whole.',
    remedy: 'Let its sender send it again.',
    retry: false,
    detail: 'Not all of this request was kept, so it cannot be run. Have its sender send it again.',
  },
  too_many_versions: {
    status: 409,
    title: 'Too many versions in use',
    cause: 'Open tasks still use so many older versions that their number or size is at its limit.',
    remedy: 'Wait for those tasks, or cancel them.',
    retry: true,
    detail:
      'The agent cannot keep another version: too many older ones are still used by open tasks. Wait for those tasks, or cancel them.',
  },
  too_many_documents: {
    status: 409,
    title: 'Too many documents',
    cause: 'The agent has 200 documents, or 20 MiB of text.',
    remedy: 'Remove a document first.',
    retry: false,
    example: 'An agent may have 200 documents and 20 MiB of text at most. Remove one first.',
  },
  too_many_bulk_jobs: {
    status: 409,
    title: 'Too many bulk jobs',
    cause: 'As many bulk jobs are unfinished as there may be.',
    remedy: 'Wait until one is done, or stop one.',
    retry: true,
    example: 'There are 20 unfinished bulk jobs already. Wait until one is done, or stop one.',
  },
  too_many_shares: {
    status: 409,
    title: 'Too many share links',
    cause: 'The run has as many valid links as it may have.',
    remedy: 'Revoke one, or wait until one has expired.',
    retry: false,
    example: 'The run has 20 links already. Revoke one first.',
  },
  unknown_channel: {
    status: 404,
    title: 'Unknown notify channel',
    cause: 'There is no notify channel with this id or name.',
    remedy: 'List the channels: `GET /api/notify-channels`.',
    retry: false,
    detail: 'There is no such notify channel.',
  },
  channel_exists: {
    status: 409,
    title: 'The notify channel exists',
    cause: 'A notify channel with this name exists.',
    remedy: 'Choose another name, or change the channel with PATCH.',
    retry: false,
    example: 'There is a notify channel "on-call" already.',
  },
  too_many_channels: {
    status: 409,
    title: 'Too many notify channels',
    cause: 'There are 50 notify channels.',
    remedy: 'Delete a channel first.',
    retry: false,
    example: 'There are 50 notify channels, and no more may be made. Delete one first.',
  },
  unknown_alert: {
    status: 404,
    title: 'Unknown alert',
    cause: 'There is no such alert, or it is kept no longer.',
    remedy: 'List the alerts: `GET /api/alerts`.',
    retry: false,
    detail: 'There is no such alert, or it is kept no longer.',
  },
  unknown_alert_rule: {
    status: 404,
    title: 'Unknown alert rule',
    cause: 'There is no alert rule with this id.',
    remedy: 'List the rules: `GET /api/alert-rules`.',
    retry: false,
    detail: 'There is no such alert rule.',
  },
  too_many_alert_rules: {
    status: 409,
    title: 'Too many alert rules',
    cause: 'There are 100 alert rules.',
    remedy: 'Delete a rule first.',
    retry: false,
    example: 'There are 100 alert rules, and no more may be made. Delete one first.',
  },
  too_many_api_keys: {
    status: 409,
    title: 'Too many API keys',
    cause: 'There are 200 stored keys; expired ones count.',
    remedy: 'Delete a key first.',
    retry: false,
    example: 'There are 200 API keys, and no more may be made. Delete one first; expired ones count too.',
  },
  too_many_pauses: {
    status: 409,
    title: 'Too many pauses',
    cause: 'As many providers and models are paused as there may be.',
    remedy: 'Resume one, or pause the installation.',
    retry: false,
    example: '100 providers and models are paused already. Resume one first.',
  },
  token_in_use: {
    status: 409,
    title: 'Token in use',
    cause: 'The given webhook token already opens an agent, perhaps this one.',
    remedy: 'Revoke the webhook that has this token first, or let AgentHook create a token.',
    retry: false,
    detail: 'This token already opens an agent. Revoke that webhook first, or leave `token` out.',
  },
  no_callback: {
    status: 409,
    title: 'No callback',
    cause: 'The agent has no callback to rotate, enable or resend to.',
    remedy: 'Set `callback` on the agent.',
    retry: false,
    detail: 'The agent has no callback. Set one first: PATCH it with {"callback": {"url": "https://…"}}.',
  },
  callback_disabled: {
    status: 409,
    title: 'Callback disabled',
    cause: 'The callback was disabled after repeated failures or a 410.',
    remedy: 'Mend the receiver, then enable the callback: `POST /api/agents/{id}/callback/enable`.',
    retry: false,
    detail: "The agent's callback is disabled. Enable it first: POST /api/agents/{id}/callback/enable.",
  },
  damaged_agent: {
    status: 503,
    title: 'Damaged agent',
    cause:
      'What is stored of the agent cannot be read, for example after a rollback or a change made in Redis itself.',
    remedy: 'Save the agent again with PUT or PATCH. Senders that try again then succeed.',
    retry: true,
    detail: 'What is stored of this agent cannot be read. Save the agent again with PATCH or PUT.',
  },
  version_conflict: {
    status: 412,
    title: 'Version conflict',
    cause: 'Somebody else has changed the agent, or the MCP tools, since you read them.',
    remedy: 'Read it again and repeat the change.',
    retry: false,
    example: 'The agent is at version 4, not 3. Read it again and repeat the change.',
  },
  payload_too_large: {
    status: 413,
    title: 'Body too large',
    cause: 'The body is larger than the route accepts: 1 MiB for webhooks and agents.',
    remedy: 'Send less; pass a link to large content instead.',
    retry: false,
    example: 'The body may have at most 1 MiB.',
  },
  agent_too_large: {
    status: 413,
    title: 'Agent too large',
    cause: 'The whole configuration of the agent exceeds 1 MiB of JSON.',
    remedy: 'Move long texts into documents.',
    retry: false,
    example: 'An agent may have 1024 KiB of JSON as a whole. Put long texts into documents.',
  },
  document_too_large: {
    status: 413,
    title: 'Document too large',
    cause: 'The upload exceeds 10 MiB, or its text 2 MiB.',
    remedy: 'Split the document.',
    retry: false,
    example: 'A document may have 2 MiB of text at most. Split it.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'Unsupported content type',
    cause:
      'The route does not accept this `Content-Type`. For a webhook: the body is neither JSON, a form nor text, ' +
      'or its `Content-Encoding` is unknown.',
    remedy: 'Send JSON (webhooks also accept forms and text), uncompressed or as gzip, deflate, br or zstd.',
    retry: false,
    detail: 'Send application/json.',
  },
  expectation_failed: {
    status: 417,
    title: 'Unknown expectation',
    cause: 'The `Expect` header is not `100-continue`.',
    remedy: 'Leave the header out.',
    retry: false,
    detail: 'The only supported Expect header is 100-continue. Leave it out.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'Idempotency key reused',
    cause: 'The same `Idempotency-Key` came before with another body.',
    remedy: 'Retry with the same bytes, and use a new key for a new event.',
    retry: false,
    detail:
      'This Idempotency-Key came with another body before. Send a retry unchanged, and a new event with a new key.',
  },
  invalid_payload: {
    status: 422,
    title: 'Payload does not match the schema',
    cause: 'The payload does not match the `input_schema` of the agent, or the check takes too long.',
    remedy: 'Correct the places that `errors` names, or change the schema and accept the rejection.',
    retry: false,
    example: "The payload does not match the agent's input_schema: /question must be string.",
  },
  invalid_decision: {
    status: 422,
    title: 'Decision does not fit',
    cause:
      'The arguments or the answer do not match their JSON Schema, or the decision does not fit what was asked.',
    remedy: 'Correct the places that `errors` names.',
    retry: false,
    example: 'The decision does not fit: /arguments is required to edit them.',
  },
  invalid_approval: {
    status: 400,
    title: 'Invalid approval',
    cause: '`approval.when` is not a CEL expression over args and payload whose value is true or false.',
    remedy: 'Correct the line and column that `errors` names.',
    retry: false,
    example:
      'The expression of tools/0/approval/when does not compile: line 1, column 1: Unknown variable: arg',
  },
  invalid_filter: {
    status: 400,
    title: 'Invalid filter',
    cause: 'The filter is not a CEL expression over payload, headers and query whose value is true or false.',
    remedy: 'Correct the line and column that `errors` names.',
    retry: false,
    example: 'The filter does not compile: line 1, column 16: Unexpected character: =',
  },
  invalid_schedule: {
    status: 400,
    title: 'Invalid schedule',
    cause:
      'A schedule never runs, runs too often, has an unknown time zone or the id of another, or does not say when it runs.',
    remedy: 'Correct the places that `errors` names.',
    retry: false,
    example:
      'The schedule "report" is not valid: /schedules/0/cron never runs: no date matches "0 0 30 2 *".',
  },
  invalid_template: {
    status: 422,
    title: 'Invalid template',
    cause: 'A LiquidJS template does not parse, or a preview cannot be rendered.',
    remedy: 'Correct the line and column that `errors` names.',
    retry: false,
    example:
      'The template does not parse: input_template, line 1, column 1: tag {% if payload.a %} not closed',
  },
  invalid_schema: {
    status: 422,
    title: 'Invalid JSON Schema',
    cause: 'A JSON Schema of the agent does not compile, is larger than 64 KiB, or refers outside itself.',
    remedy: 'Correct the schema; `detail` says what is wrong.',
    retry: false,
    example:
      'input_schema is not a JSON Schema that works: schema is invalid: data/type must be equal to one of the allowed values, data/type must be array, data/type must match a schema in anyOf',
  },
  invalid_destinations: {
    status: 422,
    title: 'Invalid destinations',
    cause:
      'Two destinations have the same name, one lacks a secret that it uses, an address depends on the result, or an ' +
      'agent does not exist.',
    remedy: 'Correct the places that `errors` names.',
    retry: false,
    example: 'A destination is not complete: /destinations/0/secrets/token is required: the token for slack.',
  },
  invalid_tools: {
    status: 422,
    title: 'Tools that cannot work',
    cause:
      'Two tools of the agent have the same name, a template uses a secret that its tool does not have, or a tool calls ' +
      'an agent that does not exist or that would call this one again.',
    remedy: 'Correct the places that `errors` names.',
    retry: false,
    example: 'The tool "crm" has no secret "token", which /tools/0/headers/authorization uses.',
  },
  unknown_model: {
    status: 422,
    title: 'Unknown model',
    cause: '`model` or a fallback model does not name a known provider.',
    remedy: 'Write `provider:model`; `GET /api/models` lists the providers.',
    retry: false,
    example:
      'No provider offers "gpt". Write provider:model; the providers are sandbox, openai, anthropic, google, ollama, compatible. GET /api/models shows an example of each.',
  },
  unknown_price: {
    status: 422,
    title: 'Unknown price',
    cause: 'The agent sets `max_cost_usd`, and the price of one of its models is unknown.',
    remedy: 'Give its price in `PRICES_FILE`, use `max_total_tokens` instead, or a model with a known price.',
    retry: false,
    example:
      'No price is known for "compatible:my-model", so max_cost_usd could not be kept. Give one in PRICES_FILE, or use max_total_tokens.',
  },
  unreadable_document: {
    status: 422,
    title: 'Unreadable document',
    cause: 'The file has no text (a scan), is damaged or encrypted, or takes too much to read.',
    remedy: 'Run OCR over a scan, remove the password, or upload plain text.',
    retry: false,
    detail: 'The PDF contains no text. It seems to be a scan: run OCR over it first.',
  },
  too_many_failures: {
    status: 429,
    title: 'Too many wrong API keys',
    cause: 'Ten wrong API keys came from this address within a minute.',
    remedy: 'Wait for `Retry-After`. Behind a proxy, set `TRUST_PROXY`, or all callers share one address.',
    retry: true,
    example: 'Your network sent too many wrong API keys. Try again in 42 s.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    cause:
      'The agent has reached `rate_per_minute`, too many large bodies wait for one webhook, or many requests ' +
      'from your network to it were refused.',
    remedy:
      'Wait for `Retry-After`. Raise the limit of the agent, or mend what its requests are refused for.',
    retry: true,
    example: 'The agent takes 1 tasks a minute. Send this again in 60 s.',
  },
  too_many_pending: {
    status: 429,
    title: 'Too many waiting tasks',
    cause: 'As many tasks of the agent wait for their start as `max_pending` allows.',
    remedy: 'Wait for `Retry-After`. Start more workers, or raise `max_pending` or `max_concurrency`.',
    retry: true,
    example: 'The agent has 1 tasks that wait, as many as it takes. Send this again later.',
  },
  budget_exhausted: {
    status: 429,
    title: 'Budget used up',
    cause: 'A budget of the agent or of the installation is used up, and its `on_limit` is `reject`.',
    remedy: 'Wait for `Retry-After`, which ends with the day or the month (UTC), or raise the budget.',
    retry: true,
    example:
      'The agent’s budget in USD of this day (per_day_usd) is used up. It goes on at 2026-11-30T00:00:00.000Z.',
  },
  headers_too_large: {
    status: 431,
    title: 'Headers too large',
    cause: 'Address and headers together exceed 16 KiB, or there are more than 200 headers.',
    remedy: 'Send fewer or shorter headers, and the payload in the body.',
    retry: false,
    example: 'A request may have at most 200 headers.',
  },
  internal: {
    status: 500,
    title: 'Internal error',
    cause: 'A defect in AgentHook.',
    remedy: 'Look for `request_id` in the log of the api, and report it. Retry with an `Idempotency-Key`.',
    retry: true,
    detail: 'Something went wrong in AgentHook. The log of the api has the details under this request_id.',
  },
  redis_unavailable: {
    status: 503,
    title: 'Store unavailable',
    cause: 'Redis is down, full, read-only or too slow. Nothing was stored.',
    remedy: 'Retry after `Retry-After`. As the operator, see `/readyz`.',
    retry: true,
    detail: 'The task store is unavailable or not accepting writes. Nothing was stored; try again.',
  },
  archive_unavailable: {
    status: 503,
    title: 'Archive unavailable',
    cause:
      'The task is not in Redis, and the archive in PostgreSQL, which may have it, does not answer. Nothing was ' +
      'changed.',
    remedy: 'Retry after `Retry-After`. As the operator, see `/readyz`.',
    retry: true,
    detail: 'The archive of finished tasks does not answer. It may have this task; try again.',
  },
  texts_sealed: {
    status: 503,
    title: 'Texts are sealed',
    cause:
      'The texts or files of the task are sealed (`SEAL_AT_REST`), and the key that opens them is lost, or they ' +
      'were changed.',
    remedy:
      'As the operator, set `SECRET_KEY_PREVIOUS` to the key that was used then; see `agenthook doctor`.',
    retry: false,
    detail: 'The texts of this task are sealed with a key that this installation does not have.',
  },
  attachments_unavailable: {
    status: 503,
    title: 'Files unavailable',
    cause: 'The store of files cannot be reached, or refuses. Nothing was stored.',
    remedy:
      'Retry after `Retry-After`. The operator finds the reason in the log, in /readyz and with `doctor`.',
    retry: true,
    example: 'The store of files cannot be reached, or refuses.',
  },
  busy: {
    status: 503,
    title: 'Busy',
    cause: 'Too many schemas, templates, large bodies or uploads are being processed. Nothing was stored.',
    remedy: 'Retry after `Retry-After`.',
    retry: true,
    example: 'Too much is being checked at the moment. Send this again in 2 s.',
  },
  too_many_streams: {
    status: 503,
    title: 'Too many event streams',
    cause: 'Too many readers follow this task, come from this address, or are connected to this process.',
    remedy: 'Retry after `Retry-After`, or poll `GET /api/task_status`.',
    retry: true,
    detail: 'Too many readers are connected; come back in a moment.',
  },
} as const satisfies Record<string, WrittenEntry>;

/** A stable `code` that a problem+json answer of the API may carry. */
export type ErrorCode = keyof typeof ENTRIES;

/** The codes whose `detail` says the same in nearly every answer. */
export type CodeWithDetail = {
  [Code in ErrorCode]: (typeof ENTRIES)[Code] extends { detail: string } ? Code : never;
}[ErrorCode];

/** The usual `detail` of a code. */
export const detailOf = (code: CodeWithDetail): string => ENTRIES[code].detail;

const complete = (entry: WrittenEntry): ErrorEntry =>
  'detail' in entry ? { ...entry, example: entry.detail } : entry;

export const ERRORS = Object.fromEntries(
  Object.entries(ENTRIES).map(([code, entry]) => [code, complete(entry)]),
) as Readonly<Record<ErrorCode, ErrorEntry>>;
export const ERROR_CODES = Object.keys(ENTRIES) as ErrorCode[];

/** Where the api explains each code; `type` of a problem is a path below it (RFC 9457, 3.1.1). */
export const ERRORS_PATH = '/errors';
export const problemType = (code: ErrorCode): string => `${ERRORS_PATH}/${code}`;
