import { sleep } from '@agenthook/async';
import type { SandboxScript } from '@agenthook/contracts';
import {
  type LanguageModelV4,
  type LanguageModelV4CallOptions,
  type LanguageModelV4Content,
  type LanguageModelV4GenerateResult,
  UnsupportedFunctionalityError,
} from '@ai-sdk/provider';
import { PAUSED } from '../tool-loop.js';
import { accountOf, faultAccount, TOOLS_REFUSED } from './account.js';
import { failTurn } from './fail-turn.js';
import { readScript } from './read-script.js';

type Step = NonNullable<SandboxScript['steps']>[number];

export interface SandboxInput {
  payload: unknown;
  /** From 1. A step's `fail_times` counts against it. */
  attempt: number;
  agent_name: string;
  /** How many turns earlier attempts have played. */
  turns_taken: number;
  /** Returns an example for a JSON Schema, as JSON; undefined if none was found. */
  exampleOf: (schema: Record<string, unknown>) => Promise<string | undefined>;
  /** Whether the sender of the payload may script calls of the agent's tools. */
  may_call_tools: boolean;
}

/**
 * Creates the model `sandbox:echo` for one attempt. It calls nothing. Its nth turn plays `steps[n]` of the
 * payload's `sandbox` object. Then it answers with `reply`, or an example for the output schema, or a summary
 * of its input. Without `reply`, a last step with text is the answer. The script sets the token counts. If
 * the payload may not script tool calls, the first tool step ends the script.
 */
export function createSandboxModel(input: SandboxInput): LanguageModelV4 {
  const read = readScript(input.payload);
  const script = read && 'script' in read ? read.script : {};
  const steps = script.steps ?? [];
  const refusedFrom = input.may_call_tools ? -1 : steps.findIndex(({ tool }) => tool !== undefined);
  const lastWords = async (format: LanguageModelV4CallOptions['responseFormat']): Promise<string> => {
    if (read && 'fault' in read) return faultAccount(read.fault);
    if (script.reply !== undefined) return script.reply;
    const schema = format?.type === 'json' ? format.schema : undefined;
    const example = schema && (await input.exampleOf(schema as Record<string, unknown>));
    return example ?? accountOf(input.payload, input.agent_name, schema !== undefined);
  };
  let turn = input.turns_taken;

  return {
    specificationVersion: 'v4',
    provider: 'sandbox',
    modelId: 'echo',
    supportedUrls: {},
    doGenerate: async ({ abortSignal, responseFormat }) => {
      const number = turn++;
      if (refusedFrom !== -1 && number >= refusedFrom) {
        return say([{ type: 'text', text: TOOLS_REFUSED }], 'stop', 0);
      }
      const step = steps[number];
      if (!step) return say([{ type: 'text', text: await lastWords(responseFormat) }], 'stop', 0);
      const isAnswer = number === steps.length - 1 && script.reply === undefined && Boolean(step.text);
      return play(step, { number, isAnswer, attempt: input.attempt, signal: abortSignal });
    },
    doStream: () => {
      throw new UnsupportedFunctionalityError({ functionality: 'streaming from the sandbox' });
    },
  };
}

interface Turn {
  number: number;
  /** Whether this step's text is the answer. */
  isAnswer: boolean;
  attempt: number;
  signal: AbortSignal | undefined;
}

async function play(step: Step, turn: Turn): Promise<LanguageModelV4GenerateResult> {
  const { text, tool, latency_ms = 0, tokens = 0, fail, fail_times = Number.POSITIVE_INFINITY } = step;
  if (latency_ms > 0) await sleep(latency_ms, { signal: turn.signal });
  const content: LanguageModelV4Content[] = text ? [{ type: 'text', text }] : [];
  if (fail && turn.attempt <= fail_times) {
    // The model itself refuses; the other failures come from its provider.
    if (fail === 'refused') return say(content, 'content-filter', tokens);
    failTurn(fail);
  }
  if (!tool) return say(content, turn.isAnswer ? 'stop' : 'paused', tokens);
  content.push({
    type: 'tool-call',
    toolCallId: `sandbox-${turn.number}`,
    toolName: tool.name,
    input: JSON.stringify(tool.arguments ?? {}),
  });
  return say(content, 'tool-calls', tokens);
}

function say(
  content: LanguageModelV4Content[],
  finish: 'stop' | 'paused' | 'tool-calls' | 'content-filter',
  tokens: number,
): LanguageModelV4GenerateResult {
  return {
    content,
    finishReason:
      finish === 'paused' ? { unified: 'stop', raw: PAUSED } : { unified: finish, raw: undefined },
    usage: {
      inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: tokens, text: tokens, reasoning: 0 },
    },
    warnings: [],
  };
}
