import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';
import { nestsDeeper } from './json-depth.js';
import { cut } from './tools/cut.js';
import { final, VerdictError } from './verdict.js';

/** Characters of text in one turn, and of reasoning. The largest models write about 600,000. */
export const MOST_TEXT = 1_000_000;
/** How many parts a turn may have. */
export const MOST_PARTS = 2_000;
const MOST_SOURCES = 200;
/** Tool calls in one turn. */
export const MOST_CALLS = 512;
/**
 * How many characters of JSON the arguments of one turn's calls may have together. Each also has a depth
 * limit.
 */
export const MOST_ARGUMENTS = 500_000;
export const DEEPEST_JSON = 100;
/** No provider accepts a longer tool name, so a longer one names no tool and may be cut. */
const LONGEST_NAME = 128;
const LONGEST_ID = 256;
const LONGEST_TITLE = 500;
const LONGEST_URL = 4_000;
/**
 * How many tokens a turn may claim to have used. More is an error, and would be an invalid count in Redis.
 */
const MOST_TOKENS = 1_000_000_000;

/**
 * Limits one turn of a model before anything reads it. Text that is too long is cut, and the turn then ends
 * as if it had run out of output tokens (`length`). Tool calls cannot be cut without changing their effect:
 * too many of them, or arguments that are too long or too deep, throw VerdictError `invalid_output`.
 */
export function boundAnswer(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  const left = { text: MOST_TEXT, reasoning: MOST_TEXT, sources: MOST_SOURCES };
  checkCalls(result.content);
  const content = result.content.slice(0, MOST_PARTS).flatMap((part): LanguageModelV4Content[] => {
    if (part.type === 'text' || part.type === 'reasoning') {
      const room = left[part.type];
      left[part.type] -= part.text.length;
      if (part.text.length <= room) return [part];
      return room > 0 ? [{ ...part, text: part.text.slice(0, room) }] : [];
    }
    if (part.type === 'source') {
      if (left.sources-- <= 0 || (part.sourceType === 'url' && part.url.length > LONGEST_URL)) return [];
      return part.title === undefined ? [part] : [{ ...part, title: cut(part.title, LONGEST_TITLE) }];
    }
    if (part.type !== 'tool-call') return [part];
    const toolCallId = part.toolCallId.length > LONGEST_ID ? '' : part.toolCallId;
    return [{ ...part, toolCallId, toolName: cut(part.toolName, LONGEST_NAME) }];
  });
  const isCut = left.text < 0 || result.content.length > MOST_PARTS;
  const { unified, raw } = result.finishReason;
  return {
    ...result,
    content,
    finishReason: {
      unified: isCut && unified === 'stop' ? 'length' : unified,
      raw: raw === undefined ? raw : cut(raw, LONGEST_NAME),
    },
  };
}

function checkCalls(content: LanguageModelV4Content[]): void {
  const calls = content.filter((part) => part.type === 'tool-call');
  const refuse = (what: string): never => {
    throw new VerdictError(final('invalid_output', `The model ${what}.`));
  };
  if (calls.length > MOST_CALLS) {
    refuse(`called ${calls.length} tools in one turn; the limit is ${MOST_CALLS}`);
  }
  const characters = calls.reduce((sum, { input }) => sum + input.length, 0);
  if (characters > MOST_ARGUMENTS) {
    refuse(
      `called tools with ${characters} characters of arguments in one turn; the limit is ` +
        `${MOST_ARGUMENTS}`,
    );
  }
  if (calls.some(({ input }) => nestsDeeper(input, DEEPEST_JSON))) {
    refuse(`called a tool with arguments that nest deeper than ${DEEPEST_JSON} levels`);
  }
}

/** A provider's token count as an integer from 0; 0 if it is not a valid number. */
export const tokenCount = (count: number | undefined): number =>
  count !== undefined && count > 0 && count <= MOST_TOKENS ? Math.round(count) : 0;
