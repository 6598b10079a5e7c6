import { isJsonObject } from '@agenthook/json';
import { type Json, parseOrUndefined } from '../json.js';
import { addFields, type Collector, PART, textIn } from './collector.js';

/** Collects the events of a streamed message of Anthropic: https://docs.anthropic.com/en/docs/build-with-claude/streaming */
export function collectMessage(): Collector {
  let message: Json | undefined;
  let isComplete = false;
  // A gateway may leave out blocks, so that the first one is not 0.
  const blocks = new Map<unknown, Json>();
  const inputs = new Map<Json, string>();
  return {
    add: (event) => {
      const { type, index } = event;
      const block = blocks.get(index);
      if (type === 'message_start' && isJsonObject(event.message)) message = { ...event.message };
      else if (type === 'content_block_start' && isJsonObject(event.content_block)) {
        blocks.set(index, { ...event.content_block });
        return textIn(event.content_block) + PART;
      } else if (type === 'content_block_delta' && block && isJsonObject(event.delta)) {
        addDelta(block, event.delta, inputs);
      } else if (type === 'message_delta' && message) {
        if (isJsonObject(event.delta)) addFields(message, event.delta);
        if (isJsonObject(event.usage)) {
          if (!isJsonObject(message.usage)) message.usage = {};
          addFields(message.usage as Json, event.usage);
        }
      } else if (type === 'message_stop') isComplete = true;
      return textIn(event.delta);
    },
    isComplete: () => isComplete || (message?.stop_reason ?? null) !== null,
    whole: () => {
      for (const [block, json] of inputs) {
        if (json !== '') block.input = parseOrUndefined(json) ?? json;
      }
      return message ? { ...message, content: [...blocks.values()] } : {};
    },
  };
}

/** The fields that grow by a delta of a type. */
const GROWING: Record<string, string> = {
  text_delta: 'text',
  thinking_delta: 'thinking',
  signature_delta: 'signature',
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function addDelta(block: Json, delta: Json, inputs: Map<Json, string>): void {
  const growing = GROWING[String(delta.type)];
  if (growing !== undefined) {
    block[growing] = textOf(block[growing]) + textOf(delta[growing]);
  } else if (delta.type === 'input_json_delta') {
    inputs.set(block, (inputs.get(block) ?? '') + textOf(delta.partial_json));
  } else if (delta.type === 'citations_delta') {
    if (Array.isArray(block.citations)) block.citations.push(delta.citation);
    else block.citations = [delta.citation];
  }
}
