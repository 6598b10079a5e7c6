import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { atOnce } from '../harness/at-once.js';
import { type HttpServer, type Stack, sharedStack, startHttpServer, until } from '../index.js';

let stack: Stack;
let receiver: HttpServer;
/** The paths that answer 410, which disables a callback. */
const gone = new Set<string>();

beforeAll(async () => {
  [stack, receiver] = await Promise.all([
    sharedStack(),
    startHttpServer(({ path }, response) => response.writeHead(gone.has(path) ? 410 : 204).end()),
  ]);
  await stack.request('POST', '/api/notify-channels', {
    name: 'pager',
    type: 'webhook',
    url: `${receiver.url}/pager`,
  });
});
afterAll(() => Promise.all([receiver?.close(), stack?.stop()]));

interface Alert {
  id: string;
  rule_id: string;
  agent_id: string | null;
  task_id: string | null;
  status: string;
  text: string;
  resolution: string | null;
}
interface Told {
  type: string;
  data: Alert;
}

/** What a path of the receiver was told about a rule, in the order of its arrival. */
const toldOf = (ruleId: string, path = '/pager'): Told[] =>
  receiver.calls
    .filter((call) => call.path === path)
    .map(({ body }) => JSON.parse(body) as Told)
    .filter(({ data }) => data.rule_id === ruleId);

const told = (ruleId: string, type: string, path?: string) =>
  until(`${type} is told`, () => toldOf(ruleId, path).find((each) => each.type === type), {
    timeoutMs: 30_000,
  });

async function ruleOf(fields: object): Promise<string> {
  const made = await stack.request<{ id: string }>('POST', '/api/alert-rules', {
    name: 'A rule',
    channels: ['pager'],
    ...fields,
  });
  expect([made.status, made.body]).toEqual([201, expect.objectContaining({ enabled: true })]);
  return made.body.id;
}

const alertsOf = async (ruleId: string) =>
  (await stack.request<{ alerts: Alert[] }>('GET', `/api/alerts?rule_id=${ruleId}`)).body.alerts;

async function agentWith(fields: object = {}) {
  const agent = await stack.createAgent({ name: 'Watched', limits: { max_attempts: 1 }, ...fields });
  const { token } = await stack.mintWebhook(agent.id);
  const run = async (sandbox: object = { reply: 'fine' }) => {
    // A busy machine may refuse it at first.
    const task_id = await until('the event is accepted', async () => {
      const { status, body } = await stack.trigger(token, { sandbox });
      return status === 200 && body.task_id;
    });
    await stack.poll(task_id, { timeoutMs: 30_000 });
    return task_id;
  };
  return { id: agent.id, token, run, fail: () => run({ steps: [{ fail: 'refused' }] }) };
}

test('first_failure of any agent: one alert for each, and none for tests or what was stopped', async () => {
  const [one, two, three] = await Promise.all([agentWith(), agentWith({ name: 'Other' }), agentWith()]);
  const rule = await ruleOf({ type: 'first_failure' });
  const { body } = await stack.request<{ task_id: string }>('POST', `/api/agents/${three.id}/test`, {
    payload: { sandbox: { steps: [{ fail: 'refused' }] } },
  });
  await stack.poll(body.task_id);
  await Promise.all([one.fail(), two.fail()]);
  await until('both are told', () => toldOf(rule).length === 2, { timeoutMs: 30_000 });
  expect(new Set(toldOf(rule).map(({ data }) => data.agent_id))).toEqual(new Set([one.id, two.id]));
  expect((await alertsOf(rule)).map(({ agent_id }) => agent_id)).not.toContain(three.id);
  await stack.request('DELETE', `/api/alert-rules/${rule}`);
  await until('its alerts have ended', async () =>
    (await alertsOf(rule)).every((each) => each.resolution === 'rule_changed'),
  );
  expect(toldOf(rule)).toHaveLength(2);
});

test('rules are listed, changed, disabled and refused by name', async () => {
  const agent = await agentWith();
  const id = await ruleOf({ type: 'failure_rate', agent_id: agent.id });
  const { body } = await stack.request('GET', `/api/alert-rules/${id}`);
  expect(body).toMatchObject({ percent: 50, window_seconds: 900, min_runs: 5, open: 0, channels: ['pager'] });
  expect((await stack.request('PATCH', `/api/alert-rules/${id}`, { percent: 20 })).body).toMatchObject({
    percent: 20,
  });
  const refused = async (method: 'POST' | 'PATCH', path: string, fields: object) => {
    const answer = await stack.request<{ code: string; detail: string }>(method, path, fields);
    return `${answer.body.code}: ${answer.body.detail}`;
  };
  expect(await refused('PATCH', `/api/alert-rules/${id}`, { usd: 3 })).toContain(
    'invalid_request: The request is not valid: /usd is no field of a rule of type failure_rate',
  );
  expect(await refused('POST', '/api/alert-rules', { name: 'x', type: 'silence' })).toContain('seconds');
  expect(
    await refused('POST', '/api/alert-rules', { name: 'x', type: 'budget', channels: ['nowhere'] }),
  ).toContain('/channels/0 names no notify channel: there is no "nowhere"');
  expect(
    await refused('POST', '/api/alert-rules', {
      name: 'x',
      type: 'budget',
      agent_id: `agt_${'0'.repeat(32)}`,
    }),
  ).toContain('unknown_agent');
});

describe('rules about an agent of their own', () => {
  atOnce({
    'first_failure: told once, with the run, and its end once a run succeeds': async () => {
      const agent = await agentWith();
      const rule = await ruleOf({ type: 'first_failure', agent_id: agent.id });
      await agent.run();
      const failed = await agent.fail();
      const { data } = await told(rule, 'alert.opened');
      expect(data).toMatchObject({ agent_id: agent.id, task_id: failed, status: 'open' });
      expect(data.text).toBe('Agent "Watched" failed: model_refused.');
      await agent.fail();
      await agent.fail();
      await agent.run();
      await told(rule, 'alert.resolved');
      expect(toldOf(rule).map(({ type }) => type)).toEqual(['alert.opened', 'alert.resolved']);
      expect(await alertsOf(rule)).toMatchObject([
        { id: data.id, status: 'resolved', resolution: 'recovered' },
      ]);

      // A failure and a success between two looks are an episode too.
      const again = await agent.fail();
      await agent.run();
      await until('both are told', () => toldOf(rule).length === 4, { timeoutMs: 30_000 });
      expect(toldOf(rule)[2]?.data.task_id).toBe(again);
    },
    'failure_rate: counts what ended since the rule exists, and needs enough runs': async () => {
      const agent = await agentWith();
      await agent.fail();
      await until('the failure is counted', async () => {
        const { body } = await stack.request<{ totals: { failed: number } }>(
          'GET',
          `/api/stats?agent_id=${agent.id}`,
        );
        return body.totals.failed === 1;
      });
      const rule = await ruleOf({
        type: 'failure_rate',
        agent_id: agent.id,
        percent: 50,
        min_runs: 4,
        window_seconds: 60,
      });
      await Promise.all([agent.fail(), agent.run(), agent.fail()]);
      expect(await alertsOf(rule)).toEqual([]);
      await agent.fail();
      const { data } = await told(rule, 'alert.opened');
      expect(data.text).toBe('Agent "Watched": 75 % of 4 runs failed within 1 min (limit 50 %).');
      await Promise.all([agent.run(), agent.run(), agent.run(), agent.run()]);
      await told(rule, 'alert.resolved');
    },
    'backlog_age: a task waits for its start for too long': async () => {
      const agent = await agentWith();
      const rule = await ruleOf({ type: 'backlog_age', agent_id: agent.id, seconds: 5 });
      await stack.request('POST', '/api/pause', { scope: 'agent', agent_id: agent.id });
      const { task_id } = (await stack.trigger(agent.token, {})).body;
      const { data } = await told(rule, 'alert.opened');
      expect(data).toMatchObject({ task_id, text: expect.stringContaining('waited for its start for') });
      await stack.request('POST', '/api/resume', { scope: 'agent', agent_id: agent.id });
      await told(rule, 'alert.resolved');
    },
    'callback_disabled: of any agent, until it is enabled': async () => {
      gone.add('/gone');
      const agent = await agentWith({ callback: { url: `${receiver.url}/gone` } });
      const rule = await ruleOf({ type: 'callback_disabled' });
      await agent.run();
      expect((await told(rule, 'alert.opened')).data.agent_id).toBe(agent.id);
      await stack.request('POST', `/api/agents/${agent.id}/callback/enable`);
      await told(rule, 'alert.resolved');
    },
    'silence: no event for too long, from when the rule exists': async () => {
      const agent = await agentWith();
      const rule = await ruleOf({ type: 'silence', agent_id: agent.id, seconds: 10 });
      const { data } = await told(rule, 'alert.opened');
      expect(data.text).toContain('has had no event for 1');
      await agent.run();
      await told(rule, 'alert.resolved');
    },
    'budget: each level is told once, until the budget allows more': async () => {
      const agent = await agentWith({ budget: { per_day_tokens: 100 } });
      const rule = await ruleOf({ type: 'budget', agent_id: agent.id });
      await agent.run({ steps: [{ text: 'x', tokens: 85 }] });
      await until('80 % is told', () => toldOf(rule).length === 1, { timeoutMs: 30_000 });
      expect(toldOf(rule)[0]?.data.text).toMatch(/has used 8\d % of its budget per_day_tokens: 8\d of 100\./);
      await agent.run({ steps: [{ text: 'x', tokens: 30 }] });
      await until('100 % is told', () => toldOf(rule).length === 2, { timeoutMs: 30_000 });
      await stack.request('PATCH', `/api/agents/${agent.id}`, { budget: { per_day_tokens: 10_000 } });
      await until('both have ended', () => toldOf(rule).length === 4, { timeoutMs: 30_000 });
      expect(toldOf(rule).map(({ type }) => type)).toEqual([
        ...['alert.opened', 'alert.opened'],
        ...['alert.resolved', 'alert.resolved'],
      ]);
    },
    'an alert about an agent is also told to its callback, signed': async () => {
      const callback = {
        url: `${receiver.url}/callback`,
        secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      };
      const agent = await agentWith({ callback });
      const rule = await ruleOf({ type: 'first_failure', agent_id: agent.id, channels: [], callback: true });
      await agent.fail();
      const { data } = await told(rule, 'alert.opened', '/callback');
      const call = receiver.calls.find(({ body }) => body.includes(data.id));
      expect(new Webhook(callback.secret).verify(call?.body ?? '', call?.headers ?? {})).toMatchObject({
        data,
      });
      expect(toldOf(rule)).toEqual([]);
      const log = await stack.request<{ callbacks: { type: string; task_id: string | null }[] }>(
        'GET',
        `/api/agents/${agent.id}/callbacks`,
      );
      expect(log.body.callbacks.map(({ type }) => type).sort()).toEqual(['alert.opened', 'task.failed']);
    },
  });
});
