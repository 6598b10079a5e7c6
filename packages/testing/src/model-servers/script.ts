/** A tool call of a scripted model. */
export interface ScriptedToolCall {
  id?: string;
  name: string;
  arguments: unknown;
}

/**
 * What a model server does with one request. Fields combine: `{ delay_ms: 50, status: 503 }` waits, then
 * fails. Without `status`, `raw`, `drop` and `hang`, it answers 200 in its API's own shape.
 */
export interface Script {
  text?: string;
  reasoning?: string;
  tool_calls?: ScriptedToolCall[];
  /** The text of the model's refusal. */
  refusal?: string;
  /** The finish reason. Default: `stop`, or `tool_calls` if there are any. */
  finish?: 'stop' | 'length' | 'content_filter' | 'pause';
  /** Default: counts words, those of the messages as input, those of the answer as output. */
  usage?: { input_tokens: number; output_tokens: number };
  /** Waits this long before it answers. */
  delay_ms?: number;
  /** Answers with this HTTP status, `headers` and `body` instead. */
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
  /** Answers 200 with exactly this text, as `text/html`. */
  raw?: string;
  /** Destroys the socket: at once, or after the headers and half a body. */
  drop?: 'before_answer' | 'mid_answer';
  /** Never answers. */
  hang?: true;
}

/** One model call as the server received it. */
export interface ReceivedRequest {
  path: string;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever it expects to be there.
  body: any;
  /** Date.now() when the whole request had arrived. */
  at: number;
  /** Whether the caller disconnected before it had the answer. */
  aborted: boolean;
}

/** A scripted model answer with all defaults applied. */
export interface Answer {
  text: string;
  reasoning: string;
  refusal: string | undefined;
  tool_calls: { id: string; name: string; arguments: unknown }[];
  finish: 'stop' | 'length' | 'content_filter' | 'pause' | 'tool_calls';
  usage: { input_tokens: number; output_tokens: number };
  /** Unique within the server. */
  id: string;
  model: string;
}

const countWords = (text: string) => text.split(/\s+/).filter((word) => word !== '').length;

/** Applies the defaults. An empty script derives the answer from the last user message. */
export function toAnswer(
  script: Script,
  asked: { user: string; all: string; model: string },
  id: string,
): Answer {
  const tool_calls = (script.tool_calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${id}_${index}`,
    name: call.name,
    arguments: call.arguments,
  }));
  const silent = tool_calls.length > 0 || script.refusal !== undefined;
  const text = script.text ?? (silent ? '' : `You said: ${asked.user}`);
  const spoken = [text, script.refusal ?? '', ...tool_calls.map((call) => JSON.stringify(call.arguments))];
  return {
    text,
    reasoning: script.reasoning ?? '',
    refusal: script.refusal,
    tool_calls,
    finish: script.finish ?? (tool_calls.length > 0 ? 'tool_calls' : 'stop'),
    usage: script.usage ?? {
      input_tokens: countWords(asked.all),
      output_tokens: countWords(spoken.join(' ')),
    },
    id,
    model: asked.model,
  };
}

/**
 * All strings under `content`, `text` or `input` keys of a message, joined, because each API nests its text
 * differently.
 */
export function textOf(message: unknown): string {
  if (typeof message === 'string') return message;
  if (Array.isArray(message)) return message.map(textOf).filter(Boolean).join('\n');
  if (message === null || typeof message !== 'object') return '';
  const { content, text, parts, output } = message as Record<string, unknown>;
  return textOf(content ?? text ?? parts ?? output ?? '');
}
