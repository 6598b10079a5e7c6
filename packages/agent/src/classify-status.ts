import type { APICallError } from '@ai-sdk/provider';
import { SENT_STATUS } from './model/wire/wire-fetch.js';
import type { ProviderMessage } from './provider-message.js';
import { final, passing, type Verdict } from './verdict.js';

const QUOTA_CODES = [
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  // Moonshot and One API send these with 429 and 403.
  'exceeded_current_quota_error',
  'insufficient_user_quota',
  'insufficient_balance',
  // LiteLLM and Alibaba send these with 400.
  'budget_exceeded',
  'Arrearage',
  'AllocationQuota.FreeTierOnly',
  // Zhipu's number for an empty account.
  '1113',
];
/** How Anthropic reports it, in a 400, xAI in a 403, Fireworks in a 412, and others in words. */
const NO_CREDIT =
  /credit balance is too low|insufficient (?:account )?balance|have any credits|purchase (?:more )?credits|budget has been exceeded|account .{0,80}\bsuspended|reached your (?:specified )?(?:api |monthly )?(?:usage|spend(?:ing)?) limit|free_tier_\w{1,40}, limit: 0\b/i;

const CONTEXT_CODES = [
  'context_length_exceeded',
  'exceed_context_size_error',
  'model_max_prompt_tokens_exceeded',
  'request_too_large',
];
/** What providers and servers say when a prompt is longer than the model's window. */
const TOO_LONG = [
  /maximum context length/i,
  /context window/i,
  /prompt is too long/i,
  /exceeds? the (?:maximum number of tokens|available context)/i,
  /input length and .max_tokens. exceed/i,
  /maximum prompt length/i,
  /input is too long/i,
  /exceeds? (?:the |this )?(?:model'?s )?(?:maximum )?(?:context|input) (?:length|size|window)/i,
  /range of input length should be/i,
  /too many tokens: size limit exceeded/i,
  /`inputs` .{0,80}must be <=/i,
  /context length of only|reduce the length of the (?:messages|prompt|input)/i,
  /request too large for model/i,
  /longer than the model'?s (?:maximum )?context/i,
  /greater than the context length/i,
  /prompt exceeds max length/i,
  /prompt token count of \d{1,12} exceeds/i,
  /exceeded (?:model token limit|(?:max )?context length)/i,
  /tokens? exceeds? the model'?s max/i,
  /exceeds? the max(?:imum)? (?:input )?(?:token|number of (?:input )?tokens)/i,
  /context[_ ]length[_ ]exceeded/i,
];
/** LiteLLM's name for the same error, and OpenAI's words for a request that no minute's limit can hold. */
const TOO_LONG_AT_ALL = /ContextWindowExceededError|request too large for .{1,200}must be reduced/i;

const RATE_LIMIT_CODES = ['rate_limit_exceeded', 'ThrottlingException', 'TooManyRequestsException'];

/** How xAI, LiteLLM and others report a wrong key, in a 400. */
const WRONG_KEY = /(?:incorrect|invalid|wrong) (?:api|proxy)[ _]key|api key not valid/i;

/** Groq's codes for a call, or JSON, of the model that it could not read: https://console.groq.com/docs/errors */
const UNREADABLE_CODES = ['tool_use_failed', 'json_validate_failed', 'output_parse_failed'];
/** A refusal of what was asked, which gateways send with 403. */
const MODERATION = /moderation|flagged|content[ _](?:filter|policy)|usage guidelines/i;

/**
 * Statuses below 500 that pass. 424 is Bedrock's and TGI's for a model that failed in the middle, 498 Groq's
 * for a tier without free capacity, 499 Google's for a request that it has cancelled.
 */
const PASSING = [408, 409, 424, 425, 498, 499];

/** NVIDIA's words, in a 400, for a model that is out of order. */
const OUT_OF_ORDER = /DEGRADED function cannot be invoked/;

/** How much of a redirect's target is shown, in characters. */
const LONGEST_LOCATION = 300;

/** Maps an HTTP status other than 2xx, with the codes in its body, to a verdict. */
export function classifyStatus(
  status: number,
  said: ProviderMessage,
  { url, responseHeaders }: APICallError,
): Verdict {
  const sent = responseHeaders?.[SENT_STATUS];
  const http = sent === undefined ? `HTTP ${status}` : `HTTP ${sent} with error ${status}`;
  const quoted = said.message === '' ? '' : `: ${said.message}`;
  const says = (lead: string) => `${lead} (${http})${quoted}`;
  const has = (...codes: string[]) => codes.some((code) => said.codes.includes(code));

  if (status >= 300 && status < 400) {
    const to = responseHeaders?.location?.slice(0, LONGEST_LOCATION) ?? 'nowhere';
    const lead = `The model provider redirects (${http} from ${url} to ${to})`;
    return final('model_refused', `${lead}. Set its base URL to the server that answers.`);
  }

  if (status === 402 || has(...QUOTA_CODES) || NO_CREDIT.test(said.message)) {
    return final('model_quota', says('The quota or credit at the model provider is used up'));
  }
  const isTooLong =
    status === 413 ||
    TOO_LONG_AT_ALL.test(said.message) ||
    // An error in a 200 has no status of its own.
    ((status < 500 || sent !== undefined) &&
      status !== 429 &&
      TOO_LONG.some((words) => words.test(said.message)));
  if (isTooLong || has(...CONTEXT_CODES)) {
    return final('context_exceeded', says('The run is longer than the model can read'));
  }
  if (status === 403 && MODERATION.test(said.message)) {
    return final('model_refused', says('The model provider rejected the request'));
  }
  const isWrongKey = status === 400 && WRONG_KEY.test(said.message);
  if (status === 401 || status === 403 || isWrongKey || has('API_KEY_INVALID')) {
    return final('model_auth', says('The model provider did not accept the credentials'));
  }
  // The Responses API reports some failures in a 200, which the SDK turns into a 400. Their code identifies
  // them.
  if (status === 429 || has(...RATE_LIMIT_CODES)) {
    return passing('model_rate_limited', says('The model provider is rate limiting requests'));
  }
  if (sent !== undefined && status === 502) {
    return passing(
      'model_unavailable',
      `The model provider sent no answer (HTTP ${sent} from ${url})${quoted}`,
    );
  }
  if (has(...UNREADABLE_CODES)) {
    return passing('model_unavailable', says("The model provider could not read the model's answer"));
  }
  const isPassing = PASSING.includes(status) || status >= 500 || OUT_OF_ORDER.test(said.message);
  if (isPassing || has('server_error', 'overloaded_error')) {
    return passing('model_unavailable', says('The model provider is unavailable'));
  }
  // A base URL without its version is the usual cause.
  const lead = 'The model provider rejected the request';
  if (status === 404 || status === 405) {
    return final('model_refused', `${lead} (${http} from ${url})${quoted}`);
  }
  return final('model_refused', says(lead));
}
