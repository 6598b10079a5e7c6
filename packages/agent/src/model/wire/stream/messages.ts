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
  const begun = new Map<Json, Json>();
  let isTorn = false;
  return {
    add: (event) => {
      const { type, index } = event;
      if (type === 'message_start' && isJsonObject(event.message)) {
        // A gateway has begun again. Kimi repeats the event of one message.
        if (message && message.id !== event.message.id) blocks.clear();
        message = { ...event.message };
      } else if (type === 'content_block_start' && isJsonObject(event.content_block)) {
        const block = { ...event.content_block };
        blocks.set(index, block);
        begun.set(block, event.content_block);
        return textIn(event.content_block) + PART;
      } else if (type === 'content_block_delta' && isJsonObject(event.delta)) {
        const { delta } = event;
        const [key, block] = blockOf(blocks, index, delta);
        const isNew = block !== undefined && !blocks.has(key);
        if (isNew) blocks.set(key, block);
        if (!block) isTorn ||= delta.type === 'input_json_delta' && textOf(delta.partial_json) !== '';
        if (block) addDelta(block, delta, inputs, begun.get(block));
        return textIn(delta) + (isNew ? PART : 0);
      } else if (type === 'message_delta' && message) {
        if (isJsonObject(event.delta)) addFields(message, event.delta);
        if (isJsonObject(event.usage)) {
          if (!isJsonObject(message.usage)) message.usage = {};
          addFields(message.usage as Json, event.usage);
        }
      } else if (type === 'message_stop') isComplete = true;
      return textIn(event.delta);
    },
    // Arguments whose call has no name are part of a call that is lost.
    isComplete: () => !isTorn && (isComplete || (message?.stop_reason ?? null) !== null),
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

/** The types of blocks that a delta fits. */
const FITTING: Record<string, RegExp> = {
  text_delta: /^text$/,
  citations_delta: /^text$/,
  thinking_delta: /^thinking$/,
  signature_delta: /^thinking$/,
  input_json_delta: /^\w{0,20}tool_use$/,
};

/**
 * The block that a delta belongs to, and its key. Some servers begin no block for a text or a thought, or one
 * of another type, or go on in the block before: such a delta begins a block of its own.
 */
function blockOf(
  blocks: Map<unknown, Json>,
  index: unknown,
  { type }: Json,
): [key: unknown, Json | undefined] {
  const fits = FITTING[String(type)];
  // The same for a thought and its signature.
  const own = `${index} ${fits}`;
  const key = [index, own].find((each) => fits?.test(textOf(blocks.get(each)?.type)) ?? each === index);
  if (key !== undefined) return [key, blocks.get(key)];
  if (type === 'text_delta') return [own, { type: 'text', text: '' }];
  return type === 'thinking_delta'
    ? [own, { type: 'thinking', thinking: '', signature: '' }]
    : [own, undefined];
}

function addDelta(block: Json, delta: Json, inputs: Map<Json, string>, begun: Json | undefined): void {
  const growing = GROWING[String(delta.type)];
  if (growing !== undefined) {
    const [before, more] = [textOf(block[growing]), textOf(delta[growing])];
    // MiniMax says the beginning of a text twice: with the block, and in the first delta.
    const isRepeated = before !== '' && before === more && begun?.[growing] === before;
    if (begun) begun[growing] = undefined;
    if (!isRepeated) block[growing] = before + more;
  } else if (delta.type === 'input_json_delta') {
    inputs.set(block, (inputs.get(block) ?? '') + textOf(delta.partial_json));
  } else if (delta.type === 'citations_delta') {
    if (Array.isArray(block.citations)) block.citations.push(delta.citation);
    else block.citations = [delta.citation];
  }
}
