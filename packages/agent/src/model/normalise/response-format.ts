import { isJsonObject } from '@agenthook/json';
import type {
  JSONSchema7,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { APICallError } from '@ai-sdk/provider';
import { parseOrUndefined } from '../wire/json.js';

/**
 * Whether a server accepts a format for the answer while tools are offered. Grammar-based servers then never
 * call a tool, and Gemini refuses both together: these get the format only for the last turn, without tools.
 * Anthropic needs the tools of earlier calls to be defined, so it gets no format then.
 */
export type FormatHabit = 'beside_tools' | 'instead_of_tools' | 'without_tools';

/** The provider option of a call whose answer must be the output, without further tool calls. */
export const ANSWER_ONLY = { agenthook: { answerOnly: true } };

/** The name of a format whose schema was put into an object. */
const WRAPPED = 'wrapped_output';

/** The call with the format of the answer as the server accepts it. */
export function fitFormat(
  params: LanguageModelV4CallOptions,
  habit: FormatHabit,
): LanguageModelV4CallOptions {
  if (params.responseFormat?.type !== 'json') return params;
  if (!params.tools?.length || habit === 'beside_tools') return withObjectRoot(params);
  if (habit === 'instead_of_tools' && params.providerOptions?.agenthook?.answerOnly === true) {
    const { tools: _tools, toolChoice: _choice, ...rest } = params;
    return withObjectRoot(rest);
  }
  return withoutFormat(params);
}

export function withoutFormat(params: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { responseFormat: _format, ...rest } = params;
  return rest;
}

/** OpenAI and others accept only an object as the root: https://platform.openai.com/docs/guides/structured-outputs */
function withObjectRoot(params: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  const { responseFormat } = params;
  const schema = responseFormat?.type === 'json' ? responseFormat.schema : undefined;
  if (!schema || schema.type === 'object' || schema.properties) return params;
  const { $schema: _dialect, $defs, definitions, ...value } = schema as JSONSchema7 & { $defs?: object };
  const wrapped = {
    type: 'object',
    properties: { value },
    required: ['value'],
    additionalProperties: false,
    ...($defs && { $defs }),
    ...(definitions && { definitions }),
  } as JSONSchema7;
  return { ...params, responseFormat: { type: 'json', name: WRAPPED, schema: wrapped } };
}

/** The answer without the object around it, if the call asked for one. */
export function unwrapped(
  result: LanguageModelV4GenerateResult,
  { responseFormat }: LanguageModelV4CallOptions,
): LanguageModelV4GenerateResult {
  if (responseFormat?.type !== 'json' || responseFormat.name !== WRAPPED) return result;
  const content = result.content.map((part) => {
    const said = part.type === 'text' ? parseOrUndefined(part.text) : undefined;
    if (part.type !== 'text' || !isJsonObject(said) || Object.keys(said).join() !== 'value') return part;
    return { ...part, text: JSON.stringify(said.value) };
  });
  return { ...result, content };
}

/** Whether a server refused a call for the form of the answer, which it may not know. */
export function refusesFormat(error: unknown): boolean {
  if (!APICallError.isInstance(error)) return false;
  const { statusCode, responseBody } = error;
  const refused = statusCode === 400 || statusCode === 422 || statusCode === 501;
  return refused && typeof responseBody === 'string' && FORMAT_WORDS.test(responseBody.slice(0, 4_000));
}

const FORMAT_WORDS =
  /response_?format|json_?schema|json_?object|structured[ _]output|output_format|text\.format/i;
