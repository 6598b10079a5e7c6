import { readRetryAfter } from '@agenthook/egress';
import {
  AISDKError,
  APICallError,
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  TypeValidationError,
} from '@ai-sdk/provider';
import type { FinishReason } from 'ai';
import { networkErrorCode } from './network-error.js';
import { type ProviderMessage, readProviderMessage } from './provider-message.js';
import { final, type Verdict, VerdictError } from './verdict.js';

/** The longest Retry-After that is accepted from a provider, in ms. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

const UNREADABLE = [
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  TypeValidationError,
];

/**
 * Maps an error from the tool loop to a verdict. A Retry-After date is relative to `now`. Rethrows an error
 * that comes from neither the provider nor the SDK, because it is a bug.
 */
export function classifyError(error: unknown, now: Date): Verdict {
  if (error instanceof VerdictError) return error.verdict;
  const status = APICallError.isInstance(error) ? error.statusCode : undefined;
  // The answer was too large: the SDK wraps errors from reading a body.
  if (status === 200 && (error as APICallError).cause instanceof VerdictError) {
    return ((error as APICallError).cause as VerdictError).verdict;
  }
  if (status === 500 && isParsed((error as APICallError).responseBody)) return unreadable();
  const network = networkErrorCode(error);
  if (APICallError.isInstance(error) && status !== undefined && !(status >= 200 && status < 300)) {
    const { retryable, ...verdict } = classifyStatus(status, readProviderMessage(error));
    const retry_after_ms = retryable
      ? readRetryAfter(error.responseHeaders, now, LONGEST_RETRY_AFTER_MS)
      : undefined;
    return { ...verdict, retryable, retry_after_ms };
  }
  if (network !== undefined) {
    return passing(
      'model_unavailable',
      `The model provider was unreachable or closed the connection (${network}).`,
    );
  }
  if (status !== undefined || UNREADABLE.some((kind) => kind.isInstance(error))) {
    return unreadable();
  }
  if (APICallError.isInstance(error)) {
    return passing('model_unavailable', 'The model provider was unreachable.');
  }
  if (AISDKError.isInstance(error)) return final('internal', `The run failed: ${error.message}`);
  throw error;
}

/**
 * Whether the SDK read a body as the answer, though its type is string. It reports a 200 without `output` as
 * a 500 of its own, with that body.
 */
const isParsed = (body: unknown): boolean => typeof body === 'object' && body !== null;

const unreadable = () => final('invalid_output', "The model provider's answer does not follow its API.");

/** Maps an HTTP status other than 2xx, with the codes in its body, to a verdict. */
function classifyStatus(status: number, said: ProviderMessage): Verdict {
  const says = (lead: string) => `${lead} (HTTP ${status}): ${said.message}`;
  const has = (...codes: string[]) => codes.some((code) => said.codes.includes(code));

  if (has('insufficient_quota')) {
    return final('model_rate_limited', says('The quota at the model provider is used up'));
  }
  if (status === 401 || status === 403 || has('API_KEY_INVALID')) {
    return final('model_auth', says('The model provider did not accept the credentials'));
  }
  // The Responses API reports some failures in a 200, which the SDK turns into a 400. Their code identifies
  // them.
  if (status === 429 || has('rate_limit_exceeded')) {
    return passing('model_rate_limited', says('The model provider is rate limiting requests'));
  }
  if (status === 408 || status === 409 || status >= 500 || has('server_error')) {
    return passing('model_unavailable', says('The model provider is unavailable'));
  }
  return final('model_refused', says('The model provider rejected the request'));
}

/**
 * Maps the last turn's finish reason to a verdict; undefined if the run succeeded. `text` is the model's
 * answer.
 */
export function classifyFinish(
  finish: FinishReason,
  raw: string | undefined,
  text: string,
): Verdict | undefined {
  switch (finish) {
    case 'stop':
    case 'tool-calls':
      return undefined;
    case 'other':
      if (text !== '') return undefined;
      return final('invalid_output', 'The model ended its turn without an answer.');
    case 'length':
      if (text !== '') return undefined;
      return final('budget_exhausted', 'The model used up its output tokens before it answered.');
    case 'content-filter':
      return final('model_refused', `The model declined to answer${raw ? ` (${raw})` : ''}.`);
    case 'error':
      return final('invalid_output', `The model ended its turn with an error${raw ? ` (${raw})` : ''}.`);
  }
}

/** The verdict on a run that was ended from outside. */
export function classifyEnding(ending: 'timeout' | 'cancelled', timeoutSeconds: number): Verdict {
  switch (ending) {
    case 'timeout':
      return final('timeout', `The run took longer than the ${timeoutSeconds} s that its agent allows.`);
    case 'cancelled':
      return final('cancelled', 'The run was ended before it finished.');
  }
}

function passing(code: Verdict['code'], message: string): Verdict {
  return { code, message, retryable: true };
}
