import { isJsonObject } from '@agenthook/json';
import type { Json } from './json.js';

/** The status of an answer of 200 that holds no answer and names no other status. */
const UNREADABLE = 502;
/** The field that holds the answer in each provider's API. Gemini explains a refusal in `promptFeedback`. */
const ANSWERS = ['choices', 'output', 'content', 'candidates'];
/** What servers answer with 200 to a path that they do not have. LM Studio is one. */
const NO_SUCH_PATH = /unexpected endpoint|no such route/i;

/**
 * The HTTP status that a 200 should have had, judged by its body; undefined if it is an answer. Gateways
 * and local servers send 200 with an error in it, with a web page, or without any choice.
 *
 * @param body the parsed body; undefined if it is not JSON
 * @param isChat whether it is the body of a chat completion
 */
export function faultIn(body: unknown, isChat: boolean): number | undefined {
  const said = Array.isArray(body) ? body[0] : body;
  if (!isJsonObject(said)) return UNREADABLE;
  const { choices, error } = said;
  const [choice] = Array.isArray(choices) ? choices : [];
  if (isJsonObject(choice) && !hasContent(choice)) {
    if (isJsonObject(choice.error)) return statusOf(choice.error);
    // MiniMax says so beside an empty answer.
    if (isJsonObject(said.base_resp) && said.base_resp.status_code) return statusOf(said.base_resp);
  }
  // A response that was given up, or that a server still works on.
  if (UNFINISHED.has(said.status) && !isJsonObject(error) && isEmpty(said.output)) return UNREADABLE;
  const answered =
    ANSWERS.some((name) => said[name] !== undefined && said[name] !== null) && !isEmpty(choices);
  if (!answered && !said.promptFeedback) return statusOf(error ?? said.base_resp ?? said);
  // OpenRouter sends what arrived before its upstream failed.
  if (isChat && isJsonObject(error) && Object.values(error).some(Boolean)) return statusOf(error);
  return isChat && !isJsonObject(choice) ? UNREADABLE : undefined;
}

const UNFINISHED = new Set<unknown>(['failed', 'cancelled', 'queued', 'in_progress']);

const isEmpty = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

function hasContent(choice: Json): boolean {
  const { message } = choice;
  return isJsonObject(message) && Boolean(message.content || message.tool_calls);
}

function statusOf(error: unknown): number {
  if (typeof error === 'string') return NO_SUCH_PATH.test(error.slice(0, 500)) ? 404 : UNREADABLE;
  if (!isJsonObject(error)) return UNREADABLE;
  const codes = [error.code, error.status, error.status_code, error.statusCode];
  const numbers = codes.map(Number);
  const names = [...codes, error.type].map((name) => STATUSES.get(String(name)));
  return (
    numbers.find((number) => number >= 400 && number <= 599) ??
    names.find((status) => status !== undefined) ??
    UNREADABLE
  );
}

/**
 * What OpenAI, Anthropic and Google call errors that surely do not pass, and their rate limits:
 * https://docs.anthropic.com/en/api/errors, https://cloud.google.com/apis/design/errors#handling_errors.
 * MiniMax has numbers of its own, in every answer of 200:
 * https://platform.minimax.io/docs/api-reference/errorcode
 */
const STATUSES = new Map([
  ['INVALID_ARGUMENT', 400],
  ['authentication_error', 401],
  ['invalid_api_key', 401],
  ['UNAUTHENTICATED', 401],
  ['billing_error', 402],
  ['permission_error', 403],
  ['PERMISSION_DENIED', 403],
  ['model_not_found', 404],
  ['not_found_error', 404],
  ['NOT_FOUND', 404],
  ['rate_limit_error', 429],
  ['rate_limit_exceeded', 429],
  ['RESOURCE_EXHAUSTED', 429],
  ['1002', 429],
  ['1004', 401],
  ['1008', 402],
  ['1026', 400],
  ['1027', 400],
  ['1039', 429],
  ['1041', 429],
  ['2013', 400],
  ['2049', 401],
  ['2056', 429],
]);
