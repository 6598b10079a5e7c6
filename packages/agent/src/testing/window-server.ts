import { cc } from './chat-server.js';
import { startRecordingServer } from './recording-server.js';

interface Call {
  name: string;
  arguments: unknown;
}

interface WindowRequest {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  messages: any[];
  tools: Call[];
  refused: boolean;
  /** Whether it asks for a summary: it offers no tools. */
  summary: boolean;
}

/** A server of chat completions with a context window: it refuses what is longer, and counts the rest. */
export interface WindowServer {
  url: string;
  requests: WindowRequest[];
  /** How many requests were refused. */
  refused: number;
  close(): Promise<void>;
}

/** English text has about four characters for one token. */
const CHARACTERS_PER_TOKEN = 4;

/**
 * Plays a model that makes `turns` calls, one a turn, and then says `Done.`
 *
 * @param from how many of the calls it has made
 * @param opening what the first request may have, in tokens; default: the window
 */
export async function startWindowServer(play: {
  window: number;
  turns: readonly Call[];
  from?: number;
  opening?: number;
}): Promise<WindowServer> {
  const { window, turns, from = 0, opening = window } = play;
  const requests: WindowRequest[] = [];
  let turn = from;
  let summaries = 0;
  const server = await startRecordingServer(({ body }, response) => {
    const { messages, tools = [] } = JSON.parse(body);
    const prompt_tokens = Math.ceil(body.length / CHARACTERS_PER_TOKEN);
    const refused = prompt_tokens > (requests.length === 0 ? opening : window);
    const summary = tools.length === 0;
    const offered = tools.map((tool: { function: Call }) => tool.function);
    requests.push({ messages, tools: offered, refused, summary });
    if (refused) {
      shown.refused++;
      const message =
        `This model's maximum context length is ${window} tokens. However, your messages resulted in ` +
        `${prompt_tokens} tokens. Please reduce the length of the messages.`;
      const error = {
        message,
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      };
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error }));
      return undefined;
    }
    const usage = { prompt_tokens, completion_tokens: 10, total_tokens: prompt_tokens + 10 };
    const call = summary ? undefined : turns[turn++];
    const content = summary ? `Summary number ${++summaries}.` : call ? null : 'Done.';
    const tool_calls = call && [
      {
        id: `call_${turn}`,
        type: 'function',
        function: { ...call, arguments: JSON.stringify(call.arguments) },
      },
    ];
    const message = { role: 'assistant', content, ...(tool_calls && { tool_calls }) };
    return cc({ message, finish_reason: call ? 'tool_calls' : 'stop' }, { usage }).body;
  });
  const shown: WindowServer = { url: server.url, requests, refused: 0, close: () => server.close() };
  return shown;
}
