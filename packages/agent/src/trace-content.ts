import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { cut } from './tools/cut.js';

// What a span says of prompts, answers and calls, if the operator has opted in. The shapes are those of the
// conventions: https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#recording-content-on-attributes

/** How many characters of one text are shown, and how many of one attribute. */
const LONGEST_TEXT = 16_000;
const LONGEST_ATTRIBUTE = 64_000;

/** Whether content is recorded: it removes secrets from a text. Undefined if it is not. */
export type ContentFilter = ((text: string) => string) | undefined;

type Part = Record<string, unknown>;

/** The attributes of a turn's request and answer. */
export function contentOfTurn(
  clean: ContentFilter,
  { prompt }: Pick<LanguageModelV4CallOptions, 'prompt'>,
  answer: Pick<LanguageModelV4GenerateResult, 'content' | 'finishReason'>,
): Record<string, string> {
  if (!clean) return {};
  const system = prompt.filter((message) => message.role === 'system');
  const messages = prompt.filter((message) => message.role !== 'system');
  const output = {
    role: 'assistant',
    parts: answer.content.flatMap(partOf),
    finish_reason: answer.finishReason.unified,
  };
  return {
    'gen_ai.system_instructions': asText(
      system.map(({ content }) => text(content)),
      clean,
    ),
    'gen_ai.input.messages': asText(
      messages.map(({ role, content }) => ({ role, parts: content.flatMap(partOf) })),
      clean,
    ),
    'gen_ai.output.messages': asText([output], clean),
  };
}

/** The attributes of a tool call's arguments or result. */
export const contentOfCall = (
  clean: ContentFilter,
  name: 'arguments' | 'result',
  value: unknown,
): Record<string, string> => (clean ? { [`gen_ai.tool.call.${name}`]: asText(value ?? null, clean) } : {});

const asText = (value: unknown, clean: (text: string) => string): string =>
  cut(clean(JSON.stringify(value)), LONGEST_ATTRIBUTE);

const text = (content: string): Part => ({ type: 'text', content: cut(content, LONGEST_TEXT) });

type PromptPart = Exclude<LanguageModelV4CallOptions['prompt'][number]['content'], string>[number];

function partOf(part: PromptPart | LanguageModelV4Content): Part[] {
  switch (part.type) {
    case 'text':
      return [text(part.text)];
    case 'reasoning':
      return [{ ...text(part.text), type: 'reasoning' }];
    case 'tool-call':
      return [{ type: 'tool_call', id: part.toolCallId, name: part.toolName, arguments: part.input }];
    case 'tool-result': {
      const output = 'output' in part ? part.output : { value: part.result };
      return [
        {
          type: 'tool_call_response',
          id: part.toolCallId,
          response: 'value' in output ? output.value : null,
        },
      ];
    }
    case 'file':
      return [{ type: 'blob', mime_type: part.mediaType }];
    default:
      return [];
  }
}
