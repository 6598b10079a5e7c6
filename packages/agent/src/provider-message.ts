import type { APICallError } from '@ai-sdk/provider';

/** A provider's description of a failed request. */
export interface ProviderMessage {
  message: string;
  /** Its `code`, `type` and similar fields, if present. */
  codes: string[];
}

type Json = Record<string, unknown>;

/** How many characters of a provider's message are read. A message for people has at most 500. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_CODE = 200;

/**
 * Extracts a provider's message from its error body. The shapes differ: `{error: {message, code, type}}`
 * (OpenAI, Anthropic), `{error: {message, status, details: [{reason}]}}` (Google), `{error: "…"}` (Ollama),
 * `{message}` (vLLM), `{detail}` (FastAPI). A body that is not JSON is some web page and is not quoted.
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

/** The SDK's type is string, but for an error in a 200 it is the parsed body. */
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
