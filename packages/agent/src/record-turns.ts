import {
  type AgentLimits,
  type AttemptInput,
  type BudgetPort,
  costOf,
  type PriceOf,
  SANDBOX_MODEL,
  type TurnEntry,
} from '@agenthook/contracts';
import type { Prompt } from '@agenthook/template';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4File,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { checkBudget } from './budget.js';
import type { Journal } from './journal.js';
import { reserveTurn } from './reserve-turn.js';
import type { ContentFilter } from './trace-content.js';
import { inTurnSpan } from './tracing.js';
import { countedUsage, reportedCost, tierOf, usageOf } from './turn-usage.js';

export interface TurnRecorder {
  journal: Journal;
  prompt: Prompt;
  limits: AgentLimits;
  /** JSON Schema for the answer. */
  output_schema: Record<string, unknown> | null;
  /** The `provider:model` of the last new turn. */
  answeredBy: () => string;
  /** The last request that was sent for a turn; undefined if the model sends none. */
  sent: () => LanguageModelV4CallOptions | undefined;
  priceOf: PriceOf;
  budget: BudgetPort | undefined;
  task: AttemptInput['task'];
  /** For the trace. */
  clean: ContentFilter;
}

/**
 * A model that replays finished turns from the journal. Further turns go to the real model, within the
 * budget, and are recorded before anyone acts on them.
 */
export function recordTurns(model: LanguageModelV4, recorder: TurnRecorder): LanguageModelV4 {
  const { journal, limits, output_schema } = recorder;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => {
        if (journal.turns[journal.taken]) return params;
        checkBudget(limits, journal);
        return {
          ...params,
          ...(limits.max_output_tokens !== null && { maxOutputTokens: limits.max_output_tokens }),
          ...(output_schema && { responseFormat: { type: 'json', name: 'output', schema: output_schema } }),
        };
      },
      wrapGenerate: async ({ doGenerate, params }) => {
        const recorded = journal.turns[journal.taken];
        if (recorded) {
          journal.taken++;
          return revive(recorded);
        }
        await reserveTurn(recorder.budget, recorder.priceOf(recorder.answeredBy()), params);
        const startedAt = performance.now();
        const { task, answeredBy, clean } = recorder;
        const answer = await inTurnSpan(model, { task, answeredBy, params, clean }, doGenerate);
        const result = storable(answer);
        const spent = spentOnAnswer(
          recorder.answeredBy(),
          recorder.priceOf,
          recorder.sent() ?? params,
          answer,
        );
        await write(
          recorder,
          { model: recorder.answeredBy(), ...spent, result },
          Math.round(performance.now() - startedAt),
        );
        journal.taken++;
        return result;
      },
    },
  });
}

/** The tokens and the cost of an answer. The operator's price comes before what the provider says. */
export function spentOnAnswer(
  model: string,
  priceOf: PriceOf,
  params: LanguageModelV4CallOptions,
  answer: LanguageModelV4GenerateResult,
) {
  const usage = model === SANDBOX_MODEL ? countedUsage(answer) : usageOf(params, answer);
  const cost_usd = costOf(priceOf(model), usage, tierOf(answer)) ?? reportedCost(answer) ?? null;
  return { ...usage, cost_usd };
}

async function write(
  { journal, prompt }: TurnRecorder,
  spent: ReturnType<typeof spentOnAnswer> & { model: string; result: LanguageModelV4GenerateResult },
  latency_ms: number,
): Promise<void> {
  const turn = { type: 'turn', latency_ms, ...spent } as const;
  if (journal.prompt) await journal.append(turn);
  else await journal.append({ type: 'prompt', ...prompt }, turn);
}

/**
 * The parts of an answer that a run is rebuilt from, with bytes as base64. A tool call gets its own id if the
 * provider repeats one.
 */
function storable(result: LanguageModelV4GenerateResult): LanguageModelV4GenerateResult {
  const seen = new Set<string>();
  const { raw: _raw, ...usage } = result.usage;
  const { id, modelId, timestamp } = result.response ?? {};
  return {
    content: result.content.map((part, index) => {
      if (part.type === 'file' || part.type === 'reasoning-file') return { ...part, data: asText(part.data) };
      if (part.type !== 'tool-call') return part;
      const unique = part.toolCallId !== '' && !seen.has(part.toolCallId);
      const toolCallId = unique ? part.toolCallId : `${part.toolCallId || 'call'}-${index}`;
      seen.add(toolCallId);
      return { ...part, toolCallId };
    }),
    finishReason: result.finishReason,
    usage,
    ...(result.providerMetadata && { providerMetadata: result.providerMetadata }),
    response: {
      ...(id !== undefined && { id }),
      ...(modelId !== undefined && { modelId }),
      ...(timestamp !== undefined && { timestamp }),
    },
    warnings: [],
  };
}

type FileData = LanguageModelV4File['data'];

const asText = (data: FileData): FileData =>
  data.type === 'data' && typeof data.data !== 'string'
    ? { type: 'data', data: Buffer.from(data.data).toString('base64') }
    : data;

function revive(entry: TurnEntry): LanguageModelV4GenerateResult {
  const result = entry.result as LanguageModelV4GenerateResult;
  const { timestamp, ...response } = result.response ?? {};
  return {
    ...result,
    // Version 6 of the SDK, which recorded runs that may still be open, had a file's bytes in `data` itself.
    content: result.content.map((part) =>
      part.type === 'file' && typeof part.data === 'string'
        ? { ...part, data: { type: 'data', data: part.data } }
        : part,
    ),
    response: { ...response, ...(timestamp && { timestamp: new Date(timestamp) }) },
  };
}
