import type { ServerResponse } from 'node:http';
import { type HttpCall, type HttpServer, sendJson, startHttpServer } from './http-server.js';

/** What a server does with a request that writes: answers, or stores it and is silent, or is silent alone. */
type Reaction = 'answer' | 'store, then silence' | 'silence' | 'store, then hang up' | 'hang up';

/** A server that plays GitHub or Slack: it keeps what is written, and lists it. */
export interface MessageServer extends Pick<HttpServer, 'url' | 'calls' | 'close'> {
  /**
   * What was written, in order: to an issue of GitHub by its path, to a channel of Slack by its id. `at` is
   * when, in ms; default: now.
   */
  written: { place: string; text: string; thread?: string; at?: number }[];
  /** Whether it lists what was written, or answers 503. Default: true. */
  lists: boolean;
  /** Decides what happens to each request that writes. Default: `answer`. */
  react: (call: HttpCall) => Reaction;
  /** Resolves when what is stored is answered. Default: at once. */
  answersAfter: () => Promise<void>;
}

/** The common part: `write` stores a message and returns the answer, `list` answers a request that reads. */
async function startMessageServer(
  write: (server: MessageServer, call: HttpCall) => object,
  list: (server: MessageServer, call: HttpCall, response: ServerResponse) => void,
): Promise<MessageServer> {
  const http = await startHttpServer(async (call, response) => {
    if (call.method === 'GET')
      return server.lists ? list(server, call, response) : sendJson(response, { message: 'Busy' }, 503);
    const reaction = server.react(call);
    if (reaction === 'silence') return;
    if (reaction === 'hang up') return void response.socket?.destroy();
    const answer = write(server, call);
    await server.answersAfter();
    if (reaction === 'store, then hang up') response.socket?.destroy();
    else if (reaction === 'answer') sendJson(response, answer);
  });
  const server: MessageServer = {
    ...http,
    written: [],
    lists: true,
    react: () => 'answer',
    answersAfter: async () => undefined,
  };
  return server;
}

/** Comments on issues, as GitHub lists them: https://docs.github.com/rest/issues/comments */
export const startGitHubServer = (): Promise<MessageServer> =>
  startMessageServer(
    ({ written }, { path, body }) => ({
      id: written.push({ place: path, text: (JSON.parse(body) as { body: string }).body, at: Date.now() }),
    }),
    ({ written }, { path }, response) => {
      const { pathname, searchParams } = new URL(path, 'http://localhost');
      const size = Number(searchParams.get('per_page') ?? 30);
      const page = Number(searchParams.get('page') ?? 1);
      const since = Date.parse(searchParams.get('since') ?? '') || 0;
      const all = written.filter(({ place, at = Date.now() }) => place === pathname && at >= since);
      if (all.length > page * size)
        response.setHeader('link', `<http://localhost${pathname}?page=${page + 1}>; rel="next"`);
      const shown = all.slice((page - 1) * size, page * size);
      sendJson(
        response,
        shown.map(({ text, at = Date.now() }, n) => ({
          id: n,
          body: text,
          created_at: new Date(at).toISOString(),
        })),
      );
    },
  );

/**
 * Messages of channels, as Slack posts and lists them.
 *
 * @param mayRead whether the token may read channels
 */
export const startSlackServer = ({ mayRead = true } = {}): Promise<MessageServer> => {
  const metadata = new Map<object, unknown>();
  return startMessageServer(
    ({ written }, { body }) => {
      const sent = JSON.parse(body) as {
        channel: string;
        text: string;
        thread_ts?: string;
        metadata?: unknown;
      };
      const message = {
        place: sent.channel,
        text: sent.text,
        at: Date.now(),
        ...(sent.thread_ts !== undefined && { thread: sent.thread_ts }),
      };
      metadata.set(message, sent.metadata);
      return { ok: true, channel: sent.channel, ts: `${written.push(message)}.0` };
    },
    ({ written }, { path }, response) => {
      if (!mayRead)
        return sendJson(response, { ok: false, error: 'missing_scope', needed: 'channels:history' });
      const { searchParams } = new URL(path, 'http://localhost');
      const thread = searchParams.get('ts') ?? undefined;
      const size = Number(searchParams.get('limit'));
      const from = Number(searchParams.get('cursor') ?? 0);
      const [oldest, latest] = [searchParams.get('oldest'), searchParams.get('latest')].map(Number);
      const isAsked = (at: number) => at / 1_000 >= (oldest ?? 0) && at / 1_000 <= (latest || Infinity);
      const all = written.filter(
        ({ place, thread: of, at = Date.now() }) =>
          place === searchParams.get('channel') && of === thread && isAsked(at),
      );
      // A channel is listed newest first, a thread oldest first.
      if (thread === undefined) all.reverse();
      const isLast = all.length <= from + size;
      sendJson(response, {
        ok: true,
        messages: all.slice(from, from + size).map((message) => ({
          text: message.text,
          ...(searchParams.get('include_all_metadata') === 'true' && { metadata: metadata.get(message) }),
        })),
        has_more: !isLast,
        response_metadata: { next_cursor: isLast ? '' : String(from + size) },
      });
    },
  );
};
