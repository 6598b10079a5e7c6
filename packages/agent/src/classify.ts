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

/** The longest wait that is taken from a provider, in ms. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

const UNREADABLE = [
  EmptyResponseBodyError,
  InvalidResponseDataError,
  JSONParseError,
  NoContentGeneratedError,
  TypeValidationError,
];

/**
 * Says what an error from the tool loop means. `now` is what a Retry-After date is counted from.
 * Rethrows what is neither the provider's nor the SDK's: that is a defect.
 */
export function classifyError(error: unknown, now: Date): Verdict {
  if (error instanceof VerdictError) return error.verdict;
  const status = APICallError.isInstance(error) ? error.statusCode : undefined;
  // An answer that is too large: the SDK wraps what the reading of a body throws.
  if (status === 200 && (error as APICallError).cause instanceof VerdictError) {
    return ((error as APICallError).cause as VerdictError).verdict;
  }
  const network = networkErrorCode(error);
  if (APICallError.isInstance(error) && status !== undefined && !(status >= 200 && status < 300)) {
    const { retryable, ...verdict } = classifyStatus(status, readProviderMessage(error));
    const retry_after_ms = retryable
      ? readRetryAfter(error.responseHeaders, now, LONGEST_RETRY_AFTER_MS)
      : undefined;
    return { ...verdict, retryable, retry_after_ms };
  }
  if (network !== undefined) {
    return passing('model_unavailable', `The model provider could not be reached or hung up (${network}).`);
  }
  if (status !== undefined || UNREADABLE.some((kind) => kind.isInstance(error))) {
    return final('invalid_output', 'The model provider answered, but not in the form that its API defines.');
  }
  if (APICallError.isInstance(error)) {
    return passing('model_unavailable', 'The model provider could not be reached.');
  }
  if (AISDKError.isInstance(error)) return final('internal', `The run could not be made: ${error.message}`);
  throw error;
}

/** What an HTTP status other than 2xx means, together with the codes in its body. */
function classifyStatus(status: number, said: ProviderMessage): Verdict {
  const says = (lead: string) => `${lead} (HTTP ${status}): ${said.message}`;
  const has = (...codes: string[]) => codes.some((code) => said.codes.includes(code));

  if (has('insufficient_quota')) {
    return final('model_rate_limited', says('The quota at the model provider is used up'));
  }
  if (status === 401 || status === 403 || has('API_KEY_INVALID')) {
    return final('model_auth', says('The model provider did not accept the credentials'));
  }
  // The Responses API reports some failures in a 200, which the SDK turns into a 400; their code tells.
  if (status === 429 || has('rate_limit_exceeded')) {
    return passing('model_rate_limited', says('The model provider limits how often it may be called'));
  }
  if (status === 408 || status === 409 || status >= 500 || has('server_error')) {
    return passing('model_unavailable', says('The model provider is unavailable'));
  }
  return final('model_refused', says('The model provider rejected the request'));
}

/** What the last turn's finish reason means; undefined where the run succeeded. `text` is what the model said in it. */
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
      return final('budget_exhausted', 'The model used up its output tokens before it said anything.');
    case 'content-filter':
      return final('model_refused', `The model declined to answer${raw ? ` (${raw})` : ''}.`);
    case 'error':
      return final('invalid_output', `The model ended its turn with an error${raw ? ` (${raw})` : ''}.`);
  }
}

/** The run was ended from outside the model. */
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
