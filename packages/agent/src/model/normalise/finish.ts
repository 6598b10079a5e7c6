import { isJsonObject } from '@agenthook/json';
import type {
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { passing, VerdictError } from '../../verdict.js';
import { parseOrUndefined } from '../wire/json.js';

/**
 * Finish reasons of servers that broke off an answer: `error` of OpenRouter and Mistral, `abort` of vLLM and
 * SGLang, `insufficient_system_resource` of DeepSeek (https://api-docs.deepseek.com/api/create-chat-completion),
 * `network_error` of Zhipu.
 */
const BROKEN_OFF =
  /^(?:error|abort(?:ed)?|cancell?ed|user_cancel|timeout|network_error|insufficient_system_resource)$/i;

/** How APIs and gateways say that an answer was cut, or that it was refused. */
const CUT =
  /^(?:length|max_?tokens|max_output_tokens|max_length|model_length|truncated|repetition|error_limit|(?:model_)?context_(?:window|length)_exceeded)$/i;
const REFUSED =
  /^(?:content_?filter(?:ed)?(?:: .{0,40})?|safety|prohibited_content|blocklist|recitation|refusal|sensitive|error_toxic)$/i;

/** What a label says that only a label can say; otherwise how its adapter read it. */
export function labelled({ unified, raw = '' }: LanguageModelV4FinishReason): typeof unified {
  if (CUT.test(raw)) return 'length';
  return REFUSED.test(raw) ? 'content-filter' : unified;
}

/**
 * Finish reasons of an answer whose call was lost, because it could not be read: Gemini's
 * (https://ai.google.dev/api/generate-content#FinishReason) and Bedrock's. Text beside it is no answer.
 */
const LOST_CALL =
  /^(?:malformed_(?:function_call|response|model_output|tool_use)|unexpected_tool_call|too_many_tool_calls|missing_thought_signature)$/i;

/**
 * The answer with the finish reason that its content shows. Servers label their answers freely (`stop` beside
 * tool calls, `tool_calls` without any, `eos_token`, null), so a label decides only what content cannot show:
 * that an answer was cut or refused, or that its call was lost. Throws VerdictError for one that its server
 * broke off.
 */
export function finishByContent(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  const { content, finishReason } = result;
  const { raw = '' } = finishReason;
  const unified = labelled(finishReason);
  if (BROKEN_OFF.test(raw)) {
    throw new VerdictError(
      passing('model_unavailable', `The model provider broke off its answer (${raw.toLowerCase()}).`),
    );
  }
  const ends = (as: typeof unified) => ({ ...result, finishReason: { ...finishReason, unified: as } });
  const calls = content.flatMap((part) =>
    part.type === 'tool-call' && !part.providerExecuted ? [part] : [],
  );
  // All of a call has arrived if its arguments are complete. The model sees an error for unreadable ones.
  const isClear = ({ input }: { input: string }) => isWhole(input) || parseOrUndefined(input) === undefined;
  if (unified === 'length' && calls.some(({ input }) => isWhole(input)) && calls.every(isClear)) {
    return ends('tool-calls');
  }
  if (unified === 'length' || unified === 'content-filter' || unified === 'interrupted') return ends(unified);
  if (calls.length === 0 && LOST_CALL.test(raw)) return ends('error');
  if (calls.length === 0 && unified === 'error' && !content.some(isText)) return result;
  return ends(calls.length > 0 ? 'tool-calls' : 'stop');
}

const isText = (part: LanguageModelV4Content): boolean => part.type === 'text' && part.text.trim() !== '';

/** Whether arguments are complete: none may also be all that arrived of them. */
const isWhole = (input: string): boolean => isJsonObject(parseOrUndefined(input)) && input !== '{}';
