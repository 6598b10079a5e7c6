import type { LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';

/**
 * Bytes of UTF-8 for one token, on the careful side: English text has about four, code and JSON three, and a
 * character of Chinese or Japanese has three bytes and about one token.
 */
export const BYTES_PER_TOKEN = 3;

/** What a message costs beside its texts, in bytes. */
const FRAME = 24;
/** What a file counts as, in bytes: providers count pages and tiles, not bytes. */
const FILE = 6_000;

type Part = Exclude<LanguageModelV4Message['content'], string>[number];

/** How long a list of messages is, in estimated tokens. */
export const tokensOf = (prompt: LanguageModelV4Prompt): number =>
  prompt.reduce((sum, message) => sum + messageTokens(message), 0);

function messageTokens({ content }: LanguageModelV4Message): number {
  if (typeof content === 'string') return inTokens(content);
  let tokens = FRAME / BYTES_PER_TOKEN;
  for (const part of content) tokens += partTokens(part);
  return tokens;
}

function partTokens(part: Part): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return inTokens(part.text);
    case 'tool-call':
      return inTokens(part.toolName) + valueTokens(part.input);
    case 'tool-result':
      return 'value' in part.output ? valueTokens(part.output.value) : 0;
    default:
      return FILE / BYTES_PER_TOKEN;
  }
}

/** How long a value is as JSON, in estimated tokens. */
export const valueTokens = (value: unknown): number =>
  inTokens(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const inTokens = (text: string): number => Buffer.byteLength(text) / BYTES_PER_TOKEN;
