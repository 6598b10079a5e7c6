import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { IDS, type IdRule } from './id-rules.js';

type Message = LanguageModelV4Prompt[number];
type AssistantContent = Extract<Message, { role: 'assistant' }>['content'];

/** The tool names that every provider accepts. */
const NAME = /^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/;
const LONGEST_NAME = 64;

/**
 * The messages of a run in a form that the next model accepts. Earlier turns may come from another model, so
 * their call ids may break this model's rule, and they may name tools that never existed. An id is kept if it
 * follows the rule and names one call; otherwise the call and its result get a new one. Thoughts and options
 * of other models than `author` are left out. The result depends only on the messages.
 */
export function fitHistory(
  prompt: LanguageModelV4Prompt,
  rule: IdRule,
  author?: string,
): LanguageModelV4CallOptions['prompt'] {
  const { follows, make } = IDS[rule];
  const used = new Set<string>();
  /** The ids of the latest turn's calls, old to new. */
  let renamed = new Map<string, string>();
  /** All numbers from the size of `used` to this one are taken, so no search begins below it. */
  let taken = 0;
  const idFor = (id: string): string => {
    let next = id;
    while (!follows(next) || used.has(next)) {
      taken = Math.max(taken, used.size) + 1;
      next = make(taken);
    }
    used.add(next);
    renamed.set(id, next);
    return next;
  };
  return prompt.map((message): Message => {
    if (message.role === 'assistant') {
      renamed = new Map();
      return {
        ...message,
        content: ownParts(message.content, author).map((part) =>
          part.type === 'tool-call'
            ? { ...part, toolName: nameOf(part.toolName), toolCallId: idFor(part.toolCallId) }
            : part,
        ),
      };
    }
    if (message.role !== 'tool') return message;
    return {
      ...message,
      content: message.content.map((part) =>
        part.type === 'tool-result'
          ? {
              ...part,
              toolName: nameOf(part.toolName),
              toolCallId: renamed.get(part.toolCallId) ?? part.toolCallId,
            }
          : part,
      ),
    };
  });
}

/** The provider option of a part that only the model that made it may get back. */
export const madeBy = (model: string) => ({ agenthook: { model } });

/**
 * The parts that a model accepts. Thoughts of another model, and what its provider added to a part, such as
 * ids and signatures, mean nothing to it, or are refused.
 */
function ownParts(parts: AssistantContent, author: string | undefined): AssistantContent {
  const own: AssistantContent = [];
  for (const part of parts) {
    const maker = part.providerOptions?.agenthook?.model;
    if (maker === undefined || maker === author) own.push(part);
    else if (part.type !== 'reasoning' && part.type !== 'reasoning-file') {
      const { providerOptions: _options, ...rest } = part;
      own.push(rest as typeof part);
    }
  }
  return own;
}

/** A name that a model invented, with only the characters that providers accept. */
function nameOf(name: string): string {
  if (NAME.test(name)) return name;
  const valid = name.slice(0, LONGEST_NAME).replace(/[^a-zA-Z0-9_-]/g, '_');
  return /^[a-zA-Z]/.test(valid) ? valid : `t_${valid}`.slice(0, LONGEST_NAME);
}
