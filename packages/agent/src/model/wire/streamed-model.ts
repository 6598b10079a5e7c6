import {
  APICallError,
  type LanguageModelV4,
  type LanguageModelV4Content,
  type LanguageModelV4GenerateResult,
  type LanguageModelV4StreamPart,
} from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { final, passing, VerdictError } from '../../verdict.js';

/** The longest answer, in characters of text, thoughts and arguments. */
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** Statuses by which a server shows that it has no streams, or that its key may not use them. */
const REFUSALS = [400, 403, 404, 405, 501];

/** What a server has refused: streams, by the model's name, or an API, by its name and the model's. */
export type Refusals = Set<string>;

/**
 * A model that its own adapter asks for streams, and whose answers come in one piece. It is for APIs whose
 * requests are signed, so that nothing below the adapter can change them. A server that refuses streams is
 * asked without, from then on.
 */
export function streamedModel(model: LanguageModelV4, refusals: Refusals): LanguageModelV4 {
  const { modelId } = model;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      wrapGenerate: async ({ doGenerate, doStream }) => {
        if (refusals.has(modelId)) return doGenerate();
        try {
          const { stream, request } = await doStream();
          return { ...(await collectParts(stream)), ...(request && { request }) };
        } catch (error) {
          if (!refusesStreams(error)) throw error;
          const answer = await doGenerate();
          refusals.add(modelId);
          return answer;
        }
      },
    },
  });
}

function refusesStreams(error: unknown): boolean {
  if (!APICallError.isInstance(error) || !REFUSALS.includes(error.statusCode ?? 0)) return false;
  return error.statusCode === 404 || /stream/i.test((error.responseBody ?? '').slice(0, 4_000));
}

/** The answer that the parts of a stream make. Throws the error that a part reports. */
async function collectParts(
  stream: ReadableStream<LanguageModelV4StreamPart>,
): Promise<LanguageModelV4GenerateResult> {
  const content: LanguageModelV4Content[] = [];
  const open = new Map<string, Extract<LanguageModelV4Content, { type: 'text' | 'reasoning' }>>();
  let about: Pick<LanguageModelV4GenerateResult, 'warnings' | 'response'> = { warnings: [] };
  let characters = 0;
  for await (const part of stream) {
    switch (part.type) {
      case 'stream-start':
        about = { ...about, warnings: part.warnings };
        break;
      case 'response-metadata': {
        const { type: _type, ...response } = part;
        about = { ...about, response };
        break;
      }
      case 'text-start':
      case 'reasoning-start': {
        const begun = {
          type: part.type === 'text-start' ? ('text' as const) : ('reasoning' as const),
          text: '',
        };
        open.set(`${begun.type} ${part.id}`, begun);
        content.push(begun);
        addMetadata(begun, part.providerMetadata);
        break;
      }
      case 'text-delta':
      case 'text-end':
      case 'reasoning-delta':
      case 'reasoning-end': {
        const kind = part.type.startsWith('text') ? 'text' : 'reasoning';
        const begun = open.get(`${kind} ${part.id}`);
        if (!begun) break;
        if ('delta' in part) begun.text += part.delta;
        addMetadata(begun, part.providerMetadata);
        characters += 'delta' in part ? part.delta.length : 0;
        break;
      }
      case 'tool-call':
        characters += part.input.length;
        content.push(part);
        break;
      case 'file':
      case 'source':
        content.push(part);
        break;
      case 'error':
        throw errorOf(part.error);
      case 'finish': {
        const { finishReason, usage, providerMetadata } = part;
        // The adapter reports the end of a stream that was cut as an end without a reason.
        if (finishReason.raw === undefined) throw cutOff();
        return { ...about, content, finishReason, usage, ...(providerMetadata && { providerMetadata }) };
      }
    }
    if (characters > MOST_CHARACTERS)
      throw new VerdictError(final('invalid_output', "The model provider's answer is larger than 4 MiB."));
  }
  throw cutOff();
}

function addMetadata(
  part: Extract<LanguageModelV4Content, { type: 'text' | 'reasoning' }>,
  given: typeof part.providerMetadata,
): void {
  if (!given) return;
  part.providerMetadata ??= {};
  for (const [name, fields] of Object.entries(given))
    part.providerMetadata[name] = { ...part.providerMetadata[name], ...fields };
}

const cutOff = () =>
  new VerdictError(passing('model_unavailable', "The model provider's answer ended before it was complete."));

/** An error in a stream, as the failed request that it would have been. */
function errorOf(error: unknown): unknown {
  const { statusCode, message } = (error ?? {}) as { statusCode?: unknown; message?: unknown };
  if (APICallError.isInstance(error) || typeof statusCode !== 'number') return error;
  const text = typeof message === 'string' ? message : '';
  return new APICallError({
    message: text,
    url: '',
    requestBodyValues: {},
    statusCode,
    responseBody: JSON.stringify({ message: text }),
  });
}
