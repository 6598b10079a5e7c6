import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type MessageServer,
  type Stack,
  startGitHubServer,
  startSlackServer,
  startStack,
  until,
} from '../index.js';

// Workers are killed and stopped while GitHub and Slack have their request. What arrived is not sent again,
// and what did not is.

let stack: Stack;
let gitHub: MessageServer;
let slack: MessageServer;
let blindSlack: MessageServer;

beforeAll(async () => {
  [gitHub, slack, blindSlack] = await Promise.all([
    startGitHubServer(),
    startSlackServer(),
    startSlackServer({ mayRead: false }),
  ]);
  stack = await startStack({
    env: { EGRESS_ALLOW: '127.0.0.1', TASK_LOCK_SECONDS: '3', SHUTDOWN_GRACE_SECONDS: '1' },
  });
});
afterAll(async () => {
  await stack?.stop();
  await Promise.all([gitHub?.close(), slack?.close(), blindSlack?.close()]);
});
beforeEach(() => {
  for (const server of [gitHub, slack, blindSlack]) {
    server.calls.length = 0;
    server.written.length = 0;
    server.lists = true;
    server.react = () => 'answer';
  }
});

interface Attempt {
  error: string | null;
  outcome_unknown?: boolean;
  response_status: number | null;
  response_excerpt: string;
}
interface Delivery {
  id: string;
  status: string;
  attempts: Attempt[];
}

const toGitHub = () => ({
  type: 'github',
  base_url: gitHub.url,
  repository: 'acme/printer',
  issue: '7',
  secrets: { token: 'ghp_the_token' },
});
const toSlack = (server: MessageServer, thread: boolean) => ({
  type: 'slack',
  base_url: server.url,
  channel: 'C1',
  ...(thread && { thread_ts: '17.5' }),
  secrets: { token: 'xoxb-the-token' },
});

/** Runs a task whose end goes to a destination. */
async function send(destination: object) {
  const { id } = await stack.createAgent({
    name: 'Desk',
    model: 'sandbox:echo',
    destinations: [destination],
  });
  const { token } = await stack.mintWebhook(id);
  await stack.trigger(token, { sandbox: { reply: 'Done.' } });
  const read = async () =>
    (await stack.request<{ callbacks: Delivery[] }>('GET', `/api/agents/${id}/callbacks`)).body.callbacks[0];
  const delivered = () =>
    until(
      'it is delivered',
      async () => {
        const found = await read();
        return found?.status === 'delivered' && found;
      },
      { timeoutMs: 90_000 },
    );
  const resend = async () => {
    const found = await read();
    await stack.request('POST', `/api/agents/${id}/callbacks/${found?.id}/resend`);
  };
  return { delivered, resend };
}

const posts = (server: MessageServer) => server.calls.filter(({ method }) => method === 'POST').length;

/** Ends the only worker during the first request, and starts another. */
async function interrupt(server: MessageServer, signal: NodeJS.Signals): Promise<void> {
  await until('the request is under way', () => posts(server) > 0);
  const worker = stack.workers.at(-1);
  worker?.signal(signal);
  await worker?.exited;
  server.react = () => 'answer';
  await stack.startWorker();
}

const UNKNOWN = { error: expect.stringContaining('is not known'), outcome_unknown: true };

test('a first attempt asks nothing, and a resend of what was accepted sends it again', async () => {
  const { delivered, resend } = await send(toGitHub());
  await delivered();
  expect(gitHub.calls).toHaveLength(1);
  await resend();
  await until('it is sent again', () => gitHub.written.length === 2);
  expect((await delivered()).attempts).toMatchObject([{ error: null }, { error: null }]);
  expect(gitHub.calls).toHaveLength(2);
});

describe.each(['SIGKILL', 'SIGTERM'] as const)(
  'a worker that gets %s in the middle of a request',
  (signal) => {
    test('does not comment twice on GitHub', async () => {
      gitHub.react = () => 'store, then silence';
      const { delivered } = await send(toGitHub());
      await interrupt(gitHub, signal);
      const { attempts } = await delivered();
      expect(attempts).toMatchObject([UNKNOWN, { error: null }]);
      expect(attempts[1]?.response_excerpt).toContain('An earlier attempt had arrived');
      expect(gitHub.written).toHaveLength(1);
      expect(posts(gitHub)).toBe(1);
    }, 120_000);

    test('does not post twice to Slack', async () => {
      slack.react = () => 'store, then silence';
      const { delivered } = await send(toSlack(slack, signal === 'SIGKILL'));
      await interrupt(slack, signal);
      expect((await delivered()).attempts).toMatchObject([UNKNOWN, { error: null }]);
      expect(slack.written).toHaveLength(1);
      expect(posts(slack)).toBe(1);
    }, 120_000);
  },
);

test('what did not arrive before a kill is sent after it', async () => {
  gitHub.react = () => 'silence';
  const { delivered } = await send(toGitHub());
  await interrupt(gitHub, 'SIGKILL');
  expect((await delivered()).attempts).toMatchObject([UNKNOWN, { error: null, response_status: 200 }]);
  expect(gitHub.written).toHaveLength(1);
  expect(posts(gitHub)).toBe(2);
}, 120_000);

test('a token that may not read Slack posts again, and the log says that the first outcome is unknown', async () => {
  blindSlack.react = () => 'store, then silence';
  const { delivered } = await send(toSlack(blindSlack, true));
  await interrupt(blindSlack, 'SIGKILL');
  expect((await delivered()).attempts).toMatchObject([UNKNOWN, { error: null, response_status: 200 }]);
  expect(blindSlack.written).toHaveLength(2);
}, 120_000);

test('a connection that breaks after the comment was stored: it is found behind many others', async () => {
  gitHub.react = () => 'store, then hang up';
  const { delivered } = await send(toGitHub());
  await until('it is stored', () => gitHub.written.length === 1);
  gitHub.react = () => 'answer';
  const [first] = gitHub.written;
  if (first)
    gitHub.written.unshift(...Array.from({ length: 250 }, () => ({ place: first.place, text: 'Me too.' })));
  expect((await delivered()).attempts).toMatchObject([
    { error: expect.stringContaining('the connection broke'), outcome_unknown: true },
    { error: null },
  ]);
  expect(gitHub.written).toHaveLength(251);
  expect(posts(gitHub)).toBe(1);
}, 60_000);

const HOUR_MS = 3_600_000;

/** Many messages beside those of the agent. */
const many = (count: number, message: MessageServer['written'][number]) =>
  Array.from({ length: count }, () => ({ ...message, text: 'Me too.' }));

const issue = { place: '/repos/acme/printer/issues/7/comments', text: '' };

test.each([
  ['GitHub', () => gitHub, () => toGitHub(), issue],
  ['Slack', () => slack, () => toSlack(slack, false), { place: 'C1', text: '' }],
] as const)(
  'however much %s was told before and after, it is asked with few requests',
  async (_name, server, to, message) => {
    server().react = () => 'store, then hang up';
    const found = await send(to());
    await until('it is stored', () => server().written.length === 1);
    server().react = () => 'answer';
    server().written.unshift(...many(2_000, { ...message, at: Date.now() - HOUR_MS }));
    server().written.push(...many(5_000, { ...message, at: Date.now() + HOUR_MS }));
    const { attempts } = await found.delivered();
    expect(attempts[1]?.response_excerpt).toContain('An earlier attempt had arrived');
    expect(posts(server())).toBe(1);

    server().calls.length = 0;
    let isFirst = true;
    server().react = () => {
      if (!isFirst) return 'answer';
      isFirst = false;
      return 'hang up';
    };
    const lost = await send(to());
    expect((await lost.delivered()).attempts).toMatchObject([{ outcome_unknown: true }, { error: null }]);
    expect(posts(server())).toBe(2);
    expect(server().calls.length).toBeLessThan(10);
  },
  90_000,
);

test('while GitHub does not say what it has, nothing is sent', async () => {
  const { calls } = gitHub;
  gitHub.lists = false;
  gitHub.react = () => 'store, then hang up';
  const { delivered, resend } = await send(toGitHub());
  await until('it was asked in vain', () => calls.some(({ method }) => method === 'GET'), {
    timeoutMs: 30_000,
  });
  gitHub.lists = true;
  await resend();
  const { attempts } = await delivered();
  expect(attempts[1]).toMatchObject({
    error: expect.stringContaining('answered 503 when it was asked'),
    outcome_unknown: true,
  });
  expect(posts(gitHub)).toBe(1);
}, 120_000);
