import { type RecordingServer, startRecordingServer } from './recording-server.js';

/** What the server does with one request: a body to send with 200, or the whole answer. */
export type ChatAnswer =
  | { body: unknown }
  | { hang: true }
  | { status?: number; headers?: Record<string, string>; text: string };

/** A server of chat completions that says exactly what a test has queued, then `Done.` */
export interface ChatServer extends RecordingServer {
  respond(...answers: ChatAnswer[]): void;
  /** The parsed bodies of the requests. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  bodies(): any[];
}

/** A chat completion whose first choice is `choice`. */
export const cc = (choice: object, rest: object = {}): { body: unknown } => ({
  body: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, finish_reason: 'stop', ...choice }],
    usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
    ...rest,
  },
});

/** A completion that says `content`. */
export const says = (content: unknown, message: object = {}, finish_reason: unknown = 'stop') =>
  cc({ message: { role: 'assistant', content, ...message }, finish_reason });

/** A completion that calls tools. */
export const calls = (tool_calls: unknown, finish_reason: unknown = 'tool_calls') =>
  cc({ message: { role: 'assistant', content: null, tool_calls }, finish_reason });

export async function startChatServer(): Promise<ChatServer> {
  const queue: ChatAnswer[] = [];
  const server = await startRecordingServer((_request, response) => {
    const answer = queue.shift() ?? says('Done.');
    if ('hang' in answer) return undefined;
    if ('body' in answer) return answer.body;
    response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
    response.end(answer.text);
    return undefined;
  });
  return {
    ...server,
    respond: (...answers) => void queue.push(...answers),
    bodies: () => server.requests.map(({ body }) => JSON.parse(body)),
  };
}
