import { isJsonObject } from '@agenthook/json';
import type { APICallError } from '@ai-sdk/provider';
import { parseOrUndefined } from './model/wire/json.js';

/** A provider's description of a failed request. */
export interface ProviderMessage {
  message: string;
  /** Its `code`, `type` and similar fields, if present. */
  codes: string[];
  /** The parsed body; undefined if it is not JSON. */
  body: unknown;
}

/** How many characters of a provider's message are read. A message for people has at most 500. */
const LONGEST_MESSAGE = 2_000;
const LONGEST_CODE = 200;
/** How long the words of a provider behind a gateway are at most, in characters. */
const LONGEST_RAW = 20_000;

/**
 * Extracts a provider's message from its error body. The shapes differ: `{error: {message, code, type}}`
 * (OpenAI, Anthropic), `{error: {message, status, details: [{reason}]}}` (Google), `{error: "…"}` (Ollama),
 * `{message}` (vLLM), `{detail}` or `{detail: [{msg}]}` (FastAPI), `{errors: [{message}]}` (Cloudflare),
 * `{choices: [{error}]}` (OpenRouter), `{error: {metadata: {raw}}}` (OpenRouter, with the words of the
 * provider behind it). A body that is not JSON is some web page and is not quoted.
 */
export function readProviderMessage(error: APICallError): ProviderMessage {
  const parsed =
    typeof error.responseBody === 'string' ? parseOrUndefined(error.responseBody) : error.responseBody;
  const body = asObject(parsed);
  const inner = asObject(body.error ?? asObject(body.choices).error);
  const details = Array.isArray(inner.details)
    ? inner.details.slice(0, 20).map((detail) => asObject(detail).reason)
    : [];
  const words = [
    inner.message,
    body.error,
    body.message,
    body.detail,
    asObject(body.detail).msg,
    asObject(body.errors).message,
    body.msg,
    asObject(body.base_resp).status_msg,
    error.message,
  ];
  const said = words.find((word): word is string => typeof word === 'string' && word.trim() !== '') ?? '';
  const behind = wordsBehind(inner);
  const message = behind === undefined ? said : `${said}: ${behind}`;
  return {
    message: message.slice(0, LONGEST_MESSAGE),
    // AWS names an error in `__type`.
    codes: [inner.code, inner.type, inner.status, body.code, body.type, body.__type, ...details].flatMap(
      (code) =>
        typeof code === 'number' || (typeof code === 'string' && code.length <= LONGEST_CODE)
          ? [String(code)]
          : [],
    ),
    body: parsed,
  };
}

const WEB_PAGE = /^\s*</;

/** What the provider behind a gateway has said. */
function wordsBehind({ metadata }: Record<string, unknown>): string | undefined {
  const { raw } = asObject(metadata);
  if (typeof raw !== 'string' || raw.length > LONGEST_RAW || WEB_PAGE.test(raw)) return undefined;
  const body = asObject(parseOrUndefined(raw));
  const words = [asObject(body.error).message, body.error, body.message, raw];
  return words.find((word): word is string => typeof word === 'string' && word.trim() !== '');
}

/** An object, or the first of a list. */
function asObject(value: unknown): Record<string, unknown> {
  const first = Array.isArray(value) ? value[0] : value;
  return isJsonObject(first) ? first : {};
}
