import { isJsonObject } from '@agenthook/json';
import type { Json } from './json.js';

/**
 * The counts of a chat completion as OpenAI's schema has them; null if there are none. A missing one of
 * prompt and completion follows from the total. Servers name what they read from their cache differently:
 *
 * - `prompt_cache_hit_tokens`: https://api-docs.deepseek.com/guides/kv_cache
 * - `cached_tokens`: https://platform.moonshot.ai/docs/api/chat
 * - `cache_read_input_tokens`, `cache_creation_input_tokens`: Anthropic's names, which LiteLLM passes on
 *
 * @param served_tier the service tier that answered, which the adapter would drop
 */
export function chatUsage(usage: unknown, served_tier: string | null, believesCost: boolean): Json | null {
  if (!isJsonObject(usage)) return null;
  const total = countOf(usage.total_tokens);
  const prompt_tokens = countOf(usage.prompt_tokens) ?? countOf(usage.input_tokens);
  const completion_tokens = countOf(usage.completion_tokens) ?? countOf(usage.output_tokens);
  const rest = (part: number | null) => (total === null || part === null ? null : Math.max(0, total - part));
  const counts = {
    prompt_tokens: prompt_tokens ?? rest(completion_tokens),
    completion_tokens: completion_tokens ?? rest(prompt_tokens),
    total_tokens: total,
  };
  if (Object.values(counts).every((count) => count === null)) return null;
  const prompt = detailsOf(usage.prompt_tokens_details);
  const completion = detailsOf(usage.completion_tokens_details);
  const cached = firstCount(
    prompt.cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cached_tokens,
    usage.cache_read_input_tokens,
  );
  const written = firstCount(prompt.cache_write_tokens, usage.cache_creation_input_tokens);
  const reasoning = firstCount(completion.reasoning_tokens, usage.reasoning_tokens);
  return {
    ...usage,
    ...counts,
    ...withReasoning(counts, reasoning),
    served_tier,
    cost: believesCost ? usage.cost : null,
    prompt_tokens_details: { ...prompt, cached_tokens: cached, cache_write_tokens: written },
    completion_tokens_details: { ...completion, reasoning_tokens: reasoning },
  };
}

/** xAI counts reasoning beside the completion, not in it; its total has both. */
function withReasoning(usage: Json, reasoning: number | null): Json {
  const { prompt_tokens: prompt, completion_tokens: said, total_tokens: total } = usage;
  if (!isCount(prompt) || !isCount(said) || reasoning === null || reasoning === 0) return {};
  return total === prompt + said + reasoning ? { completion_tokens: said + reasoning } : {};
}

/** Details whose counts are all numbers; other details would make the adapter refuse the answer. */
function detailsOf(value: unknown): Json {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([, count]) => isCount(count)));
}

/** A count, which some servers send as a text. */
const countOf = (value: unknown): number | null =>
  isCount(value) ? value : typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : null;

const isCount = (value: unknown): value is number => typeof value === 'number';

/** The first that is more than 0, or 0 if any was counted. */
const firstCount = (...counts: unknown[]): number | null =>
  counts.find((count): count is number => isCount(count) && count > 0) ?? counts.find(isCount) ?? null;
