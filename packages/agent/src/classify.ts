import type { ProviderAnswer } from '@agenthook/contracts';
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
import { classifyStatus } from './classify-status.js';
import { readWait } from './model/retry-after.js';
import { SENT_STATUS } from './model/wire/wire-fetch.js';
import { networkErrorCode } from './network-error.js';
import { type ProviderMessage, readProviderMessage } from './provider-message.js';
import { final, passing, type Verdict, VerdictError } from './verdict.js';

/** How much of an unexpected answer is redacted for people, in characters; 500 of them are shown. */
const QUOTED = 4_000;

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
  const network = networkErrorCode(error);
  if (APICallError.isInstance(error) && status !== undefined && !(status >= 200 && status < 300)) {
    const said = readProviderMessage(error);
    const verdict = { ...classifyStatus(status, said, error), provider: answerOf(error, said) };
    if (!verdict.retryable) return verdict;
    return { ...verdict, retry_after_ms: readWait(error.responseHeaders, said.body, said.message, now) };
  }
  if (network !== undefined) {
    return passing(
      'model_unavailable',
      `The model provider was unreachable or closed the connection (${network}).`,
    );
  }
  if (status !== undefined || UNREADABLE.some((kind) => kind.isInstance(error))) {
    return unreadable(error);
  }
  if (APICallError.isInstance(error)) {
    return passing('model_unavailable', 'The model provider was unreachable.');
  }
  if (AISDKError.isInstance(error)) return final('internal', `The run failed: ${error.message}`);
  throw error;
}

/** A 200 that holds no answer: a web page, half a body, no choices. The next one may be readable. */
function unreadable(error: unknown): Verdict {
  const lead = "The model provider's answer does not follow its API";
  if (!APICallError.isInstance(error)) return passing('model_unavailable', `${lead}.`);
  const provider = answerOf(error, readProviderMessage(error));
  const verdict = passing('model_unavailable', `${lead} (HTTP ${provider.status} from ${provider.url}).`);
  return { ...verdict, provider };
}

/** What the provider answered, for people. */
function answerOf(error: APICallError, said: ProviderMessage): ProviderAnswer {
  const { responseBody, responseHeaders, statusCode = 0, url } = error;
  const body = typeof responseBody === 'string' ? responseBody : JSON.stringify(responseBody ?? '');
  return {
    url,
    status: Number(responseHeaders?.[SENT_STATUS] ?? statusCode),
    code: said.codes[0] ?? null,
    body: body.slice(0, QUOTED),
  };
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
    case 'tool-calls':
      return undefined;
    case 'stop':
    case 'other':
      if (text !== '') return undefined;
      return final('model_empty', 'The model answered with nothing, also when it was asked again.');
    case 'length':
      if (text !== '') return undefined;
      return final('budget_exhausted', 'The model used up its output tokens before it answered.');
    case 'content-filter':
      return final('model_refused', `The model declined to answer${raw ? ` (${raw})` : ''}.`);
    case 'error':
      return final('invalid_output', `The model ended its turn with an error${raw ? ` (${raw})` : ''}.`);
  }
}

/** The verdict on a run that was ended from outside. `what` took too long. */
export function classifyEnding(ending: 'timeout' | 'cancelled', what: string): Verdict {
  switch (ending) {
    case 'timeout':
      return final('timeout', `The ${what} that its agent allows.`);
    case 'cancelled':
      return final('cancelled', 'The run was ended before it finished.');
  }
}
