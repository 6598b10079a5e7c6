import type { APICallError } from '@ai-sdk/provider';

/** What a provider says about a request that failed. */
export interface ProviderMessage {
  message: string;
  /** Its `code` and `type` and the like, where it gives them. */
  codes: string[];
}

type Json = Record<string, unknown>;

/** Characters of a provider's message that are looked at; a message shown to people has 500. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_CODE = 200;

/**
 * Reads a provider's own words out of its error body. The shapes differ: `{error: {message, code, type}}` (OpenAI,
 * Anthropic), `{error: {message, status, details: [{reason}]}}` (Google), `{error: "…"}` (Ollama), `{message}` (vLLM),
 * `{detail}` (FastAPI). A body that is no JSON is somebody's web page and not quoted.
 */
export function readProviderMessage(error: APICallError): ProviderMessage {
  const body = asObject(parse(error.responseBody));
  const inner = asObject(body.error);
  const details = Array.isArray(inner.details)
    ? inner.details.slice(0, 20).map((detail) => asObject(detail).reason)
    : [];
  const words = [inner.message, body.error, body.message, body.detail, error.message];
  const message = words.find((word): word is string => typeof word === 'string' && word.trim() !== '') ?? '';
  return {
    message: message.slice(0, LONGEST_MESSAGE),
    codes: [inner.code, inner.type, inner.status, ...details].filter(
      (code) => typeof code === 'string' && code.length <= LONGEST_CODE,
    ) as string[],
  };
}

/** The SDK's type says string, yet where a 200 carries an error it holds the parsed body. */
function parse(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Json {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? (first as Json) : {};
}
