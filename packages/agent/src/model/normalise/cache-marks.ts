import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  SharedV4ProviderOptions,
} from '@ai-sdk/provider';

/**
 * How a server is told where to cache a request; undefined if it caches by itself or not at all. Anthropic:
 * https://platform.claude.com/docs/en/build-with-claude/prompt-caching, at most four marks. Bedrock:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html.
 */
export type CacheHabit = 'anthropic' | 'bedrock' | undefined;

const MARKS: Record<NonNullable<CacheHabit>, SharedV4ProviderOptions> = {
  anthropic: { anthropic: { cacheControl: { type: 'ephemeral' } } },
  bedrock: { bedrock: { cachePoint: { type: 'default' } } },
};

type Message = LanguageModelV4Prompt[number];

/**
 * The call with marks after what does not change: the tools and the agent's system prompt, which all runs of
 * an agent share, and the last message, which the next turn repeats. The mark of the turn before stays,
 * because a server looks back only 20 parts from a mark.
 *
 * @param perTask the end of the system prompt that differs in each task
 */
export function markCache(
  params: LanguageModelV4CallOptions,
  habit: CacheHabit,
  perTask: string,
): LanguageModelV4CallOptions {
  if (habit === undefined) return params;
  const mark = MARKS[habit];
  const { tools, prompt } = params;
  const system = prompt.filter(({ role }) => role === 'system').flatMap((each) => splitSystem(each, perTask));
  const rest = prompt.filter(({ role }) => role !== 'system');
  const ends = rest.flatMap(({ role }, index) => (role === 'assistant' ? [index - 1] : []));
  const marked = new Set([...ends.slice(-1), rest.length - 1]);
  return {
    ...params,
    prompt: [
      ...system.map((each, index) => (index === 0 ? withMark(each, mark) : each)),
      ...rest.map((each, index) => (marked.has(index) ? withMark(each, mark) : each)),
    ],
    ...(tools?.length && {
      tools: tools.map((tool, index) =>
        index === tools.length - 1 && tool.type === 'function' ? withMark(tool, mark) : tool,
      ),
    }),
  };
}

/** The part of a system prompt that all tasks share, and the part of this task. */
function splitSystem(message: Message, perTask: string): Message[] {
  if (message.role !== 'system' || perTask === '' || !message.content.endsWith(perTask)) return [message];
  const shared = message.content.slice(0, -perTask.length).trimEnd();
  return shared === ''
    ? [message]
    : [
        { ...message, content: shared },
        { ...message, content: perTask },
      ];
}

const withMark = <T extends { providerOptions?: SharedV4ProviderOptions }>(
  part: T,
  mark: SharedV4ProviderOptions,
): T => ({ ...part, providerOptions: { ...part.providerOptions, ...mark } });
