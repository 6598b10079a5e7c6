import { execFile } from 'node:child_process';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, startStack, until } from '../index.js';

const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack?.stop());

/** Runs a command as a program, with the admin's key. */
function agenthook(args: string[], env: Record<string, string> = {}) {
  const options = {
    env: {
      PATH: process.env.PATH,
      AGENTHOOK_HOME: '/nonexistent',
      AGENTHOOK_URL: stack.url,
      AGENTHOOK_API_KEY: stack.adminKey,
      ...env,
    },
  };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const child = execFile(process.execPath, [CLI, ...args], options, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** An agent whose runs have failed, and their ids. */
async function failures(count: number) {
  const agent = await stack.createAgent({ name: 'Failing', limits: { max_attempts: 1 } });
  const { token } = await stack.mintWebhook(agent.id);
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const { body } = await stack.trigger(token, { sandbox: { steps: [{ fail: 'refused' }] } });
    ids.push(body.task_id);
  }
  for (const id of ids) await stack.poll(id);
  return { id: agent.id, ids };
}

const tasksOf = async (agentId: string) =>
  (
    await stack.request<{ tasks: { task_id: string; trigger: string; status: string }[] }>(
      'GET',
      `/api/tasks?agent_id=${agentId}&limit=100`,
    )
  ).body.tasks;

test('a list of no jobs says so, or is an empty one', async () => {
  expect(await agenthook(['bulk', 'list'])).toMatchObject({ code: 0, out: 'There are no bulk jobs.\n' });
  expect(await agenthook(['bulk', 'list', '--json'])).toMatchObject({ code: 0, out: '[]\n' });
});

test('bulk counts first, does it with --yes, and says how it went', async () => {
  const { id } = await failures(3);
  const args = ['bulk', 'replay', '--agent-id', id, '--status', 'FAILURE', '--error-code', 'model_refused'];
  const counted = await agenthook(args);
  expect(counted).toMatchObject({
    code: 1,
    out: 'To replay: 3 item(s). Nothing was changed; --yes does it.\n',
  });
  expect(JSON.parse((await agenthook([...args, '--json'])).out)).toEqual({ matching: 3, is_complete: true });
  expect(await tasksOf(id)).toHaveLength(3);
  const done = await agenthook([...args, '--yes']);
  expect(done.err).toMatch(/^blk_\w+: replay, 3 item\(s\)\. It goes on without this command/);
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^blk_\w+: done, 3 of 3 done\.\n$/) });
  expect((await tasksOf(id)).filter(({ trigger }) => trigger === 'replay')).toHaveLength(3);
  const [job = ''] = done.out.split(':');
  expect((await agenthook(['bulk', 'list'])).out).toContain(`${job}  20`);
  const shown = await agenthook(['bulk', 'show', job, '--json']);
  expect(JSON.parse(shown.out)).toMatchObject({ id: job, state: 'done', done: 3 });
  expect(await agenthook(['bulk', 'replay', '--agent-id', id, '--status', 'PENDING'])).toMatchObject({
    code: 0,
    out: 'Nothing matches.\n',
  });
});

test('items that were named and are gone are told with their reason', async () => {
  const { ids } = await failures(1);
  const args = ['bulk', 'cancel', ...ids.flatMap((id) => ['--id', id]), '--yes'];
  const { code, out } = await agenthook(args);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`1 skipped: .*\\(task_finished\\), such as ${ids[0]}`));
});

test('what is wrong with a command is said, and the exit code is 1', async () => {
  for (const [args, message] of [
    [['bulk', 'replay'], /needs a filter, such as --agent-id/],
    [['bulk', 'replay', '--colour', 'red'], /replay takes --agent-id --status.*--colour/],
    [['bulk', 'replay', '--status', 'RED'], /400: .*status/],
    [['bulk', 'list', 'all'], /bulk list takes --json/],
    [['bulk', 'show', 'blk_none'], /404: /],
    [['bulk', 'grow'], /one of cancel, purge, replay/],
    [['pause', 'agent'], /pause takes all, agent ID/],
    [['pause', 'agent', 'agt_none'], /404: /],
  ] as const) {
    const { code, err } = await agenthook([...args]);
    expect([args, code, err]).toEqual([args, 1, expect.stringMatching(message)]);
  }
  for (const [env, message] of [
    [{ AGENTHOOK_API_KEY: '' }, /Set AGENTHOOK_API_KEY/],
    [{ AGENTHOOK_API_KEY: 'ahk_wrong' }, /401: /],
    [{ AGENTHOOK_API_KEY: 'ahk_“quoted”' }, /has characters that no key has/],
    [
      { AGENTHOOK_API_KEY: '', AGENTHOOK_API_KEY_FILE: '/nonexistent' },
      /cannot read the key in \/nonexistent/,
    ],
    [{ AGENTHOOK_URL: 'localhost:7091' }, /AGENTHOOK_URL must be a URL with http/],
    [{ AGENTHOOK_URL: 'http://me:secret@localhost' }, /without user and password/],
  ] as const) {
    const { code, err } = await agenthook(['pauses'], env);
    expect([env, code, err]).toEqual([env, 1, expect.stringMatching(message)]);
    expect(err).not.toMatch(/Trying again|secret@/);
  }
});

test('pause and resume, of everything, an agent and a provider', async () => {
  const { id } = await failures(0);
  expect((await agenthook(['pauses'])).out).toBe('Nothing is paused.\n');
  for (const [target, note] of [
    [['all'], 'the shop is away'],
    [['agent', id], 'answers itself'],
    [['provider', 'openai:gpt-5-mini'], 'slow'],
  ] as const) {
    const paused = await agenthook(['pause', ...target, '--note', note]);
    expect(paused).toMatchObject({ code: 0, out: expect.stringMatching(`^Paused: .*\\(${note}\\)`) });
    expect((await agenthook(['pauses'])).out).toContain(note);
    expect(await agenthook(['resume', ...target])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Not paused: /),
    });
    expect((await agenthook(['pauses'])).out).toBe('Nothing is paused.\n');
  }
});

test('an answer that is lost makes no second job', async () => {
  const { id } = await failures(2);
  let [sent, jobs] = [0, 0];
  const proxy = createServer(async (incoming, response) => {
    const { method, url = '', headers } = incoming;
    const isJob = method === 'POST' && url === '/api/bulk';
    if (isJob) sent++;
    const onward = request(new URL(url, stack.url), { method: method ?? 'GET', headers }, async (answer) => {
      const body = await buffer(answer);
      if (isJob && answer.statusCode === 202) jobs++;
      // The first answer to a job gets lost.
      if (isJob && sent === 1) return void response.destroy();
      response.writeHead(answer.statusCode ?? 500, answer.headers).end(body);
    });
    onward.end(await buffer(incoming));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const args = ['bulk', 'replay', '--agent-id', id, '--status', 'FAILURE', '--yes'];
    const { code, err } = await agenthook(args, { AGENTHOOK_URL: url });
    expect([code, sent, jobs]).toEqual([0, 2, 2]);
    expect(err).toMatch(/does not answer .* Trying again\./);
    await until('both replays are listed', async () => (await tasksOf(id)).length >= 4);
    expect(await tasksOf(id)).toHaveLength(4);
  } finally {
    await new Promise((resolve) => {
      proxy.close(resolve);
      proxy.closeAllConnections();
    });
  }
});
