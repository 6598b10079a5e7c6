import type { LanguageModelV4Content, LanguageModelV4GenerateResult } from '@ai-sdk/provider';

/**
 * The answer with the finish reason that its content shows. Servers label their answers freely (`stop` beside
 * tool calls, `tool_calls` without any, `eos_token`, null), so a label decides only what content cannot show:
 * that an answer was cut or refused.
 */
export function finishByContent(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  const { content, finishReason } = result;
  const { unified } = finishReason;
  if (unified === 'length' || unified === 'content-filter' || unified === 'interrupted') return result;
  const calls = content.some((part) => part.type === 'tool-call' && !part.providerExecuted);
  if (!calls && unified === 'error' && !content.some(isText)) return result;
  return { ...result, finishReason: { ...finishReason, unified: calls ? 'tool-calls' : 'stop' } };
}

const isText = (part: LanguageModelV4Content): boolean => part.type === 'text' && part.text.trim() !== '';
