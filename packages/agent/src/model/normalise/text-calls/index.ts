import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { parseOrUndefined } from '../../wire/json.js';
import { labelled } from '../finish.js';
import type { Dialect, WrittenCall } from './dialect.js';
import { DIALECTS } from './dialects.js';

/** The dialects of a model's family, by its name; none for models whose servers read calls themselves. */
export const dialectsOf = (model: string): Dialect[] => DIALECTS.filter(({ models }) => models.test(model));

/**
 * The answer with the calls that its model wrote as text, as servers return it that do not read their model's
 * own marks. A text becomes calls only without any doubt: it ends with them, outside of code fences; each is
 * whole and of an offered tool; the server has read no other call; and no data that the model was given
 * contains such a mark, which it may only quote.
 */
export function callsInText(
  result: LanguageModelV4GenerateResult,
  dialects: readonly Dialect[],
  { tools = [], prompt }: Pick<LanguageModelV4CallOptions, 'tools' | 'prompt'>,
): LanguageModelV4GenerateResult {
  const { content, finishReason } = result;
  if (dialects.length === 0 || tools.length === 0 || labelled(finishReason) === 'length') return result;
  if (content.some(({ type }) => type === 'tool-call')) return result;
  const last = content.findLastIndex((part) => part.type === 'text' && part.text.trim() !== '');
  const part = content[last];
  if (part?.type !== 'text') return result;
  const known = new Set(tools.map(({ name }) => name));
  for (const { marks, read, quotes = marks, isWhole } of dialects) {
    const mark = marks.find((each) => part.text.includes(each));
    if (mark === undefined || isGiven(prompt, quotes)) continue;
    const begin = Math.min(...marks.map((each) => part.text.indexOf(each)).filter((index) => index !== -1));
    const before = part.text.slice(0, begin);
    if (isWhole && before.trim() !== '') continue;
    const calls = isInFence(before) ? undefined : read(part.text.slice(begin));
    if (!calls?.every(({ name }) => known.has(name))) continue;
    const said = before.trim() === '' ? [] : [{ ...part, text: before.trimEnd() }];
    return {
      ...result,
      content: [
        ...content.slice(0, last),
        ...said,
        ...calls.map((call, index) => toContent(typed(call, tools), index)),
      ],
    };
  }
  return result;
}

/** A call whose values have the types of the tool's schema, where these are no texts. */
function typed(call: WrittenCall, tools: NonNullable<LanguageModelV4CallOptions['tools']>): WrittenCall {
  const tool = tools.find(({ name }) => name === call.name);
  if (!call.isUntyped || tool?.type !== 'function') return call;
  const values = Object.entries(JSON.parse(call.input) as Record<string, string>).map(([key, text]) => {
    const schema = tool.inputSchema.properties?.[key];
    const type = typeof schema === 'object' ? schema.type : undefined;
    const isText = type === undefined || [type].flat().includes('string');
    return [key, isText ? text : (parseOrUndefined(text) ?? text)];
  });
  return { name: call.name, input: JSON.stringify(Object.fromEntries(values)) };
}

const toContent = ({ name, input }: WrittenCall, index: number): LanguageModelV4Content => ({
  type: 'tool-call',
  toolCallId: `text_${index + 1}`,
  toolName: name,
  input,
});

/** Whether a text ends within a code fence. */
const isInFence = (before: string): boolean => before.split('```').length % 2 === 0;

/** Whether data of the run contains one of the words. What its agent or the model says does not count. */
function isGiven(prompt: LanguageModelV4CallOptions['prompt'], words: readonly string[]): boolean {
  return prompt.some(
    ({ role, content }) =>
      (role === 'user' || role === 'tool') && words.some((word) => JSON.stringify(content).includes(word)),
  );
}
