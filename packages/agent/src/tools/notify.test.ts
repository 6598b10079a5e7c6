import type { NotifyTool } from '@agenthook/contracts';
import { createEgress, type Egress } from '@agenthook/egress';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Answer, type RecordingServer, startRecordingServer } from '../testing/recording-server.js';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { notifyTool } from './notify.js';

const PATH = '/services/T000/B000/hook-secret-4711';
const TOKEN = '12345:telegram-token_4711';

let egress: Egress;
let server: RecordingServer;

beforeEach(() => {
  egress = createEgress({ allow: ['127.0.0.1'] });
});

afterEach(async () => {
  await server?.close();
  await egress.close();
});

const settings = (): Record<
  NotifyTool['channel'],
  { config: Partial<NotifyTool>; secrets: Record<string, string> }
> => ({
  slack: { config: {}, secrets: { url: server.url + PATH } },
  discord: { config: {}, secrets: { url: `${server.url}${PATH}?thread_id=1` } },
  ntfy: { config: { topic: 'alerts', base_url: server.url }, secrets: { token: 'tk_4711abc' } },
  telegram: { config: { chat_id: '-100', base_url: `${server.url}/` }, secrets: { token: TOKEN } },
});

async function open(
  channel: NotifyTool['channel'],
  answer: Answer = (_, response) => void response.end('ok'),
) {
  server = await startRecordingServer(answer);
  const { config, secrets } = settings()[channel];
  return notifyTool.open(
    { type: 'notify', name: 'tell', channel, ...config },
    toolEnvironment({ egress, secrets }),
    {
      signal: new AbortController().signal,
    },
  );
}

const sent = () => {
  const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '' }] = server.requests;
  return { method, path, headers, body: JSON.parse(body) };
};

const message = 'Disk <full> & @everyone <!channel>';

describe('notify', () => {
  it('posts to Slack without mentioning anyone', async () => {
    const opened = await open('slack');
    expect(await caller(opened)('tell', { message, title: 'A*l\nert' })).toEqual({ sent: true });
    expect(sent()).toMatchObject({
      method: 'POST',
      path: PATH,
      headers: { 'content-type': 'application/json' },
      body: {
        text: '*Al ert*\nDisk &lt;full&gt; &amp; @everyone &lt;!channel&gt;',
        unfurl_links: false,
        unfurl_media: false,
      },
    });
    expect(opened.tools[0]?.repeat_safe).toBe(false);
  });

  it('posts to Discord without mentioning anyone', async () => {
    const call = caller(await open('discord', (_, response) => void response.writeHead(204).end()));
    expect(await call('tell', { message, title: 'Alert' })).toEqual({ sent: true });
    expect(sent()).toMatchObject({
      path: `${PATH}?thread_id=1`,
      body: { content: `**Alert**\n${message}`, allowed_mentions: { parse: [] }, flags: 4 },
    });
  });

  it('publishes to ntfy', async () => {
    expect(await caller(await open('ntfy'))('tell', { message, title: 'Ärger' })).toEqual({ sent: true });
    expect(sent()).toMatchObject({
      path: '/',
      headers: { authorization: 'Bearer tk_4711abc' },
      body: { topic: 'alerts', title: 'Ärger', message },
    });
  });

  it('sends to Telegram', async () => {
    expect(await caller(await open('telegram'))('tell', { message, title: 'Alert' })).toEqual({ sent: true });
    expect(sent()).toMatchObject({
      path: `/bot${TOKEN}/sendMessage`,
      body: { chat_id: '-100', text: `Alert\n\n${message}`, link_preview_options: { is_disabled: true } },
    });
    expect(sent().body.parse_mode).toBeUndefined();
  });

  it.each<[NotifyTool['channel'], string, number, (text: string) => number]>([
    ['slack', 'text', 40_000, (text) => text.length],
    ['discord', 'content', 2_000, (text) => text.length],
    ['ntfy', 'message', 4_096, (text) => Buffer.byteLength(text)],
    ['telegram', 'text', 4_096, (text) => text.length],
  ])('cuts texts that are too long for %s', async (channel, field, most, measure) => {
    const call = caller(await open(channel));
    await call('tell', { message: `${'a'.repeat(most % 7)}${'<😀ä'.repeat(most)}` });
    const text: string = sent().body[field];
    expect(text.endsWith('…')).toBe(true);
    expect(Buffer.from(text).toString()).toBe(text); // no character is split
    expect(measure(text)).toBeLessThanOrEqual(most);
    expect(measure(text)).toBeGreaterThan(most - 12);
  });

  it.each(['slack', 'discord', 'ntfy', 'telegram'] as const)(
    'reveals no address and no token of %s',
    async (channel) => {
      const failures: Answer[] = [
        ({ path, headers }, response) =>
          void response.writeHead(404).end(`no ${path}, ${server.url}${path} nor ${headers.authorization}`),
        (_, response) => void response.destroy(),
        (_, response) => void response.writeHead(302, { location: '/elsewhere' }).end(),
      ];
      for (const answer of failures) {
        const call = caller(await open(channel, answer));
        const error = await call('tell', { message }).catch((thrown: Error) => thrown);
        expect(error).toMatchObject({ name: 'ToolError' });
        expect((error as Error).message).not.toMatch(/4711|T000/);
        expect(server.requests).toHaveLength(1);
        await server.close();
      }
    },
  );

  it('reports that the service is rate limiting', async () => {
    const answer: Answer = (_, response) => void response.writeHead(429, { 'retry-after': '3' }).end();
    await expect(caller(await open('discord', answer))('tell', { message })).rejects.toThrow('in 3 seconds');
    const inPart: Answer = (_, response) => void response.writeHead(429, { 'retry-after': '4.2' }).end();
    await expect(caller(await open('discord', inPart))('tell', { message })).rejects.toThrow('in 5 seconds');
    const inBody: Answer = (_, response) =>
      void response.writeHead(429).end('{"ok":false,"parameters":{"retry_after":35}}');
    await expect(caller(await open('telegram', inBody))('tell', { message })).rejects.toThrow(
      'in 35 seconds',
    );
  });

  it('does not reach blocked addresses', async () => {
    server = await startRecordingServer(() => 'ok');
    const closed = createEgress({ allow: [] });
    const env = toolEnvironment({ egress: closed, secrets: { url: server.url + PATH } });
    const opened = await notifyTool.open({ type: 'notify', name: 'tell', channel: 'slack' }, env, {
      signal: new AbortController().signal,
    });
    await expect(caller(opened)('tell', { message })).rejects.toThrow('EGRESS_ALLOW');
    expect(server.requests).toEqual([]);
    await closed.close();
  });

  it.each<[Partial<NotifyTool> & Pick<NotifyTool, 'channel'>, Record<string, string>, string]>([
    [{ channel: 'slack' }, {}, 'secrets.url'],
    [{ channel: 'discord' }, { url: 'file:///etc/passwd' }, 'secrets.url'],
    [{ channel: 'ntfy' }, {}, 'topic'],
    [{ channel: 'telegram' }, { token: TOKEN }, 'chat_id'],
    [{ channel: 'telegram', chat_id: '1' }, {}, 'secrets.token'],
    [{ channel: 'telegram', chat_id: '1' }, { token: '../x' }, 'secrets.token'],
  ])('does not open as %j with %j', async (config, secrets, named) => {
    const opening = notifyTool.open(
      { type: 'notify', name: 'tell', ...config },
      toolEnvironment({ secrets }),
      {
        signal: new AbortController().signal,
      },
    );
    await expect(opening).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining(named),
    });
  });

  it('requires a message', async () => {
    await expect(caller(await open('slack'))('tell', { message: ' ' })).rejects.toThrow('"message"');
  });
});
