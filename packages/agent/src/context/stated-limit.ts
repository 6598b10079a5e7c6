import type { ProviderMessage } from '../provider-message.js';

/** What a refusal says about its reason, in the provider's tokens. */
export interface Stated {
  limit: number;
  /** How long the request was, if it is said. */
  asked?: number;
}

/** How servers name their limit: OpenAI and most others, Anthropic, Gemini, xAI, LM Studio. */
const LIMITS = [
  /maximum context length (?:is|of) ([\d,]{3,12})/i,
  /([\d,]{3,12}) maximum context length/i,
  /> ([\d,]{3,12}) maximum/i,
  /tokens allowed \(([\d,]{3,12})\)/i,
  /maximum prompt length is ([\d,]{3,12})/i,
  /context (?:length|window|size) (?:of|is|\()(?: only)? ?([\d,]{3,12})/i,
];
/** How they name the length of the request. */
const ASKED = [
  /(?:resulted in|requested about|requested|contains) ([\d,]{3,12}) (?:input )?tokens/i,
  /too long: ([\d,]{3,12}) tokens/i,
  /input token count \(([\d,]{3,12})\)/i,
  /the request contains ([\d,]{3,12})/i,
  /request \(([\d,]{3,12}) tokens\)/i,
];

/** How much of a message is searched. */
const SEARCHED = 1_000;

/** The limit that a provider names when it refuses a request that is too long; undefined if it names none. */
export function statedLimit({
  message,
  body,
}: Pick<ProviderMessage, 'message' | 'body'>): Stated | undefined {
  const text = message.slice(0, SEARCHED);
  const limit = numberIn(body, 'n_ctx') ?? firstOf(LIMITS, text);
  if (limit === undefined) return undefined;
  const asked = numberIn(body, 'n_prompt_tokens') ?? firstOf(ASKED, text);
  return asked !== undefined && asked > limit ? { limit, asked } : { limit };
}

function firstOf(patterns: readonly RegExp[], text: string): number | undefined {
  const found = patterns.map((pattern) => pattern.exec(text)?.[1]).find(Boolean);
  const number = Number(found?.replaceAll(',', ''));
  return number > 0 ? number : undefined;
}

/** llama.cpp names both beside its message: https://github.com/ggml-org/llama.cpp/tree/master/tools/server */
function numberIn(body: unknown, name: string): number | undefined {
  const error = (body as { error?: Record<string, unknown> } | undefined)?.error;
  const value = typeof error === 'object' && error !== null ? error[name] : undefined;
  return typeof value === 'number' && value > 0 ? value : undefined;
}
