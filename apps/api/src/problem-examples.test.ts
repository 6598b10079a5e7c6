import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ERROR_CODES,
  ERRORS,
  type ErrorCode,
  MAX_ALERT_RULES,
  MAX_CHANNELS,
  MAX_OPEN_BULK_JOBS,
  MAX_PAUSED_MODELS,
  MAX_SHARES,
  type Problem,
} from '@agenthook/contracts';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InjectOptions } from 'fastify';
import { testApp } from '../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
/** Created once, for all answers. */
let agent: string;
let hook: string;

const ID = '019a5c3e7d21a1b2c3d4e5f60718';
const json = (payload: string): InjectOptions => ({
  method: 'POST',
  payload,
  headers: { 'content-type': 'application/json' },
});
const keyed = (key: string, payload: string): InjectOptions => {
  const { headers, ...rest } = json(payload);
  return { ...rest, headers: { ...headers, 'idempotency-key': key } };
};
const saved = (payload: object): InjectOptions => ({ method: 'PATCH', url: `/api/agents/${agent}`, payload });

beforeAll(async () => {
  env = await testApp();
  agent = await create({});
  hook = await webhookOf(agent);
});
afterAll(() => env?.close());

async function create(fields: object): Promise<string> {
  const made = await env.admin({ method: 'POST', url: '/api/agents', payload: { name: 'a', ...fields } });
  return made.json().id;
}
async function webhookOf(id: string): Promise<string> {
  const minted = await env.admin({ method: 'POST', url: `/api/agents/${id}/webhook` });
  return `/api/webhooks/agents/${minted.json().token}`;
}
/** Posts to a new agent's webhook. */
async function fire(fields: object, options: InjectOptions = json('{"question": 1}')) {
  return await env.app.inject({ ...options, url: await webhookOf(await create(fields)) });
}

const channel = (name: string) => {
  const payload = { name, type: 'slack', url: 'https://hooks.example.com/a' };
  return env.admin({ method: 'POST', url: '/api/notify-channels', payload });
};

/** Requests that cause each code. */
const PROVOKED: Partial<Record<ErrorCode, () => Promise<{ json(): Problem }>>> = {
  invalid_request: () => env.admin(saved({ limits: { timeout_seconds: 10_000 } })),
  invalid_json: () => env.app.inject({ ...json('{'), url: hook }),
  invalid_form: () =>
    env.app.inject({
      ...json('&'.repeat(1_000)),
      url: hook,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    }),
  invalid_text: () =>
    env.app.inject({
      method: 'POST',
      url: hook,
      payload: Buffer.from([0xff, 0xff]),
      headers: { 'content-type': 'text/plain' },
    }),
  invalid_encoding: () =>
    env.app.inject({ ...json('{}'), url: hook, headers: { 'content-encoding': 'gzip' } }),
  empty_body: () => env.app.inject({ method: 'POST', url: hook }),
  payload_too_deep: () => env.admin({ ...json(`${'['.repeat(300)}${']'.repeat(300)}`), url: '/api/agents' }),
  invalid_idempotency_key: () => env.app.inject({ ...keyed('a b', '{}'), url: hook }),
  missing_task_id: () => env.app.inject('/api/task_status'),
  unauthorized: () => env.app.inject('/api/agents'),
  invalid_signature: () => fire({ signature: { scheme: 'github', secret: 'a secret of enough length' } }),
  forbidden: async () =>
    (await env.as('viewer')).send({ method: 'POST', url: `/api/agents/${agent}/test`, payload: {} }),
  agent_disabled: () => fire({ status: 'disabled' }),
  unknown_webhook: () => env.app.inject({ ...json('{}'), url: '/api/webhooks/agents/whk_none' }),
  unknown_task: () => env.app.inject('/api/task_status?task_id=none'),
  unknown_agent: () => env.admin({ url: `/api/agents/agt_${ID}` }),
  unknown_version: () => env.admin({ url: `/api/agents/${agent}/versions/99` }),
  unknown_schedule: () => env.admin({ method: 'POST', url: `/api/agents/${agent}/schedules/report/run` }),
  unknown_rejection: () =>
    env.admin({ method: 'POST', url: `/api/agents/${agent}/rejections/rej_${ID}/accept` }),
  unknown_conversation: () => env.admin({ url: `/api/conversations/cnv_${'0'.repeat(34)}` }),
  unknown_document: () => env.admin({ method: 'DELETE', url: `/api/agents/${agent}/documents/doc_${ID}` }),
  unknown_attachment: async () => {
    const { task_id } = (await env.app.inject({ ...json('{}'), url: hook })).json() as unknown as {
      task_id: string;
    };
    return await env.admin({ url: `/api/tasks/${task_id}/attachments/3` });
  },
  unknown_delivery: async () => {
    const id = await create({ callback: { url: 'https://shop.example.com/hook' } });
    return await env.admin({ method: 'POST', url: `/api/agents/${id}/callbacks/cb-none/resend` });
  },
  unknown_api_key: () => env.admin({ method: 'DELETE', url: `/api/keys/key_${ID.slice(0, 24)}` }),
  unknown_share: () => env.app.inject({ ...json('{"token": "ahr_none"}'), url: '/api/shared' }),
  too_many_shares: async () => {
    const { task_id } = (await env.app.inject({ ...json('{}'), url: hook })).json() as unknown as {
      task_id: string;
    };
    const share = () => env.admin({ ...json('{"shows": "status"}'), url: `/api/tasks/${task_id}/share` });
    for (let n = 0; n < MAX_SHARES; n++) await share();
    return await share();
  },
  unknown_session: () => env.admin({ method: 'DELETE', url: `/api/sessions/ses_${ID}` }),
  not_found: () => env.app.inject('/nothing'),
  method_not_allowed: () => env.app.inject({ method: 'GET', url: hook }),
  token_in_use: async () => {
    const url = `/api/agents/${await create({})}/webhook`;
    const mint = () => env.admin({ method: 'POST', url, payload: { token: 'a'.repeat(43) } });
    await mint();
    return await mint();
  },
  no_callback: () => env.admin({ method: 'POST', url: `/api/agents/${agent}/callback/rotate`, payload: {} }),
  version_conflict: () => env.admin({ ...saved({ name: 'b' }), headers: { 'if-match': '"99"' } }),
  payload_too_large: () => env.app.inject({ ...json('1'.repeat(1024 * 1024 + 1)), url: hook }),
  agent_too_large: async () => {
    const tools = [{ type: 'openapi', name: 'large', spec: 'x'.repeat(990_000), operations: ['a'] }];
    await env.admin(saved({ tools }));
    return await env.admin(saved({ system_prompt: 'x'.repeat(99_000), input_template: 'x'.repeat(99_000) }));
  },
  unsupported_media_type: () =>
    env.admin({
      method: 'POST',
      url: '/api/agents',
      payload: 'a',
      headers: { 'content-type': 'text/plain' },
    }),
  expectation_failed: () => env.app.inject({ url: '/healthz', headers: { expect: 'magic' } }),
  idempotency_key_reused: async () => {
    await env.app.inject({ ...keyed('once', '{"n": 1}'), url: hook });
    return await env.app.inject({ ...keyed('once', '{"n": 2}'), url: hook });
  },
  invalid_payload: () =>
    fire({ input_schema: { type: 'object', properties: { question: { type: 'string' } } } }),
  invalid_filter: () => env.admin(saved({ filter: 'payload.action = "opened"' })),
  invalid_schedule: () => env.admin(saved({ schedules: [{ id: 'report', cron: '0 0 30 2 *' }] })),
  invalid_approval: () => {
    const tool = { type: 'http', name: 'refund', url: 'https://shop.example', approval: { when: 'arg.x' } };
    return env.admin(saved({ tools: [tool] }));
  },
  invalid_template: () => env.admin(saved({ input_template: '{% if payload.a %}' })),
  invalid_schema: () => env.admin(saved({ input_schema: { type: 'text' } })),
  invalid_destinations: () => env.admin(saved({ destinations: [{ type: 'slack', channel: 'C1' }] })),
  invalid_tools: () => {
    const headers = { authorization: 'Bearer {{ secrets.token }}' };
    return env.admin(saved({ tools: [{ type: 'http', name: 'crm', url: 'https://example.com', headers }] }));
  },
  unknown_model: () => env.admin(saved({ model: 'gpt' })),
  unknown_price: () => env.admin(saved({ model: 'compatible:my-model', limits: { max_cost_usd: 1 } })),
  handshake_refused: async () => {
    const signature = { scheme: 'meta', secret: 's', verify_token: 'ours' };
    const url = await webhookOf(await create({ signature }));
    const query = 'hub.mode=subscribe&hub.challenge=1&hub.verify_token=theirs';
    return await env.app.inject({ url: `${url}?${query}` });
  },
  rate_limited: async () => {
    const url = await webhookOf(await create({ limits: { rate_per_minute: 1 } }));
    await env.app.inject({ ...json('{}'), url });
    return await env.app.inject({ ...json('{}'), url });
  },
  too_many_pending: async () => {
    const url = await webhookOf(await create({ limits: { max_pending: 1 } }));
    await env.app.inject({ ...json('{}'), url });
    return await env.app.inject({ ...json('{}'), url });
  },
  budget_exhausted: async () => {
    const id = await create({ budget: { per_day_usd: 5 } });
    // What the runs of this day have cost, in billionths of a dollar.
    const spent = { day: Math.floor(env.ctx.now() / 86_400_000), day_nano: 5_000_000_000 };
    await env.ctx.redis.hset(`{agenthook}:agent:${id}:spend`, spent);
    return await env.app.inject({ ...json('{}'), url: await webhookOf(id) });
  },
  unknown_bulk_job: () => env.admin({ url: '/api/bulk/blk_none' }),
  too_many_bulk_jobs: async () => {
    const payload = { action: 'cancel', ids: ['00000000-0000-8000-8000-000000000000'] };
    // No worker runs here that would do one.
    const ask = () => env.admin({ method: 'POST', url: '/api/bulk', payload });
    for (let n = 0; n < MAX_OPEN_BULK_JOBS; n++) await ask();
    return await ask();
  },
  unknown_channel: () => env.admin({ url: '/api/notify-channels/nowhere' }),
  channel_exists: async () => {
    await channel('on-call');
    return await channel('on-call');
  },
  too_many_channels: async () => {
    for (let n = 0; n < MAX_CHANNELS; n++) await channel(`channel-${n}`);
    return await channel('one-more');
  },
  unknown_alert: () => env.admin({ url: '/api/alerts/alt_none' }),
  unknown_alert_rule: () => env.admin({ url: '/api/alert-rules/alr_none' }),
  too_many_alert_rules: async () => {
    const payload = { name: 'a', type: 'first_failure' };
    const add = () => env.admin({ method: 'POST', url: '/api/alert-rules', payload });
    for (let n = 0; n < MAX_ALERT_RULES; n++) await add();
    return await add();
  },
  too_many_pauses: async () => {
    const pause = (n: number) => {
      const payload = { scope: 'provider', provider: `openai:m${n}` };
      return env.admin({ method: 'POST', url: '/api/pause', payload });
    };
    for (let n = 0; n < MAX_PAUSED_MODELS; n++) await pause(n);
    return await pause(MAX_PAUSED_MODELS);
  },
  too_many_failures: async () => {
    const wrong = () => env.app.inject({ url: '/api/agents', headers: { authorization: 'Bearer wrong' } });
    for (let n = 0; n < 10; n++) await wrong();
    return await wrong();
  },
};

/**
 * These need a running task, a document, an outage or a crowd and have their own suites; here, their texts
 * are searched for in the code. One that the table gives in full is searched for as its use.
 */
const ELSEWHERE: readonly ErrorCode[] = [
  'request_timeout',
  'headers_too_large',
  'task_finished',
  'task_not_finished',
  'event_not_kept',
  'already_decided',
  'approval_expired',
  'invalid_decision',
  'unknown_approval',
  'rejection_truncated',
  'too_many_versions',
  'too_many_documents',
  'too_many_api_keys',
  'callback_disabled',
  'damaged_agent',
  'document_too_large',
  'unreadable_document',
  'internal',
  'redis_unavailable',
  'archive_unavailable',
  'texts_sealed',
  'attachments_unavailable',
  'busy',
  'too_many_streams',
];

/** Removes what differs between answers: ids, numbers, and a parser's message. */
const bare = (detail: string) =>
  detail
    .replace(/\b(agt|rej|doc|key|ses)_[0-9a-z]+/g, '$1_…')
    .replace(/\d+/g, '0')
    .replace(/(?<=not valid JSON: ).*/, '…');

/** The code of core and api, with each number and inserted part as 0. */
function wordsOfCode(): string {
  const read = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8'));
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  return [...read(join(root, 'packages/core/src')), ...read(join(root, 'apps/api/src'))]
    .join('\n')
    .replace(/\$\{[^}]*\}|\d+/g, '0');
}

test('each code is tested here or in another suite', () => {
  expect([...Object.keys(PROVOKED), ...ELSEWHERE].sort()).toEqual([...ERROR_CODES].sort());
});

test('the examples of the others appear in the code, or are the detail that the table gives them', () => {
  const words = wordsOfCode();
  const usesDetail = (code: ErrorCode) =>
    'detail' in ERRORS[code] &&
    [`detailOf('${code}')`, `new AppError('${code}')`, `new AppError('${code}', undefined`].some((use) =>
      words.includes(use),
    );
  const isSaid = (code: ErrorCode) => words.includes(ERRORS[code].example.replace(/\d+/g, '0'));
  expect(ELSEWHERE.filter((code) => !isSaid(code) && !usesDetail(code))).toEqual([]);
});

test.each(Object.keys(PROVOKED) as ErrorCode[])('the example of %s is what the api answers', async (code) => {
  const answer = (await PROVOKED[code]?.())?.json();
  expect({ ...answer, detail: bare(answer?.detail ?? '') }).toMatchObject({
    code,
    status: ERRORS[code].status,
    title: ERRORS[code].title,
    type: `/errors/${code}`,
    detail: bare(ERRORS[code].example),
  });
});
