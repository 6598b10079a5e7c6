import {
  type AttemptInput,
  DEFAULT_MODEL_TIMEOUT_SECONDS,
  isCopied,
  type PriceOf,
  parseModel,
} from '@agenthook/contracts';
import type { NumberMarks } from '@agenthook/json';
import { fenceNote, fenceTag, fenceText, type Prompt } from '@agenthook/template';
import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { type ReadPdf, withFilesAsText } from './attachments.js';
import { classifyError } from './classify.js';
import { manageContext } from './context/manage-context.js';
import { windowOf } from './context/windows.js';
import { exactArguments } from './exact-arguments.js';
import { guardModel } from './guard-model.js';
import type { Journal } from './journal.js';
import { inTime } from './model/in-time.js';
import { habitsOf } from './model/normalise/habits.js';
import { normaliseModel } from './model/normalise/index.js';
import { withOptions } from './model/options/with-options.js';
import { chainModels, type NamedModel } from './model-chain.js';
import type { ChooseModel } from './providers/index.js';
import { recordTurns } from './record-turns.js';
import type { Examples } from './sandbox/examples.js';
import { createSandboxModel } from './sandbox/sandbox-model.js';
import { tellNote } from './tell-note.js';
import type { ContentFilter } from './trace-content.js';
import { final, type Verdict, VerdictError } from './verdict.js';

/** The source of models. */
export interface ModelSource {
  choose: ChooseModel;
  /** The sandbox's answers for agents with an output schema. */
  examples: Examples;
  /** Marks of numbers in tool arguments. */
  marks: NumberMarks;
  priceOf: PriceOf;
  readPdf: ReadPdf | undefined;
}

/** How a run reports on itself. */
export interface Telling {
  now: () => Date;
  /** Removes secrets from a message for people, and cuts it. */
  redact: (text: string) => string;
  /** For spans with content. */
  clean: ContentFilter;
}

/** The agent's models as one model that replays finished turns from the journal. */
export function recordedModel(
  source: ModelSource,
  input: AttemptInput,
  journal: Journal,
  prompt: Prompt,
  { now, redact, clean }: Telling,
): LanguageModelV4 {
  const { config } = input.agent;
  const names = [config.model, ...config.fallback_models];
  const { limits, output_schema } = config;
  const timeout_seconds = limits.model_timeout_seconds ?? DEFAULT_MODEL_TIMEOUT_SECONDS;
  const verdictOn = (error: unknown) => classifyError(error, now());
  const tag = fenceTag(input.task.fence_id ?? input.task.id);
  let answeredBy = config.model;
  let sent: LanguageModelV4CallOptions | undefined;
  const open = (name: string): NamedModel => {
    const opened = openModel(source, input, journal, name, redact);
    const model = manageContext(inTime(opened.model, timeout_seconds), {
      name,
      window: opened.window,
      journal,
      fence: (text) => fenceText(tag, text),
      verdictOn,
      priceOf: source.priceOf,
      onSend: (params) => {
        sent = params;
      },
    });
    return { name, model };
  };
  const chain = chainModels(
    names.map(open),
    {
      verdictOn,
      onAnswer: (name) => {
        answeredBy = name;
      },
      onFallback: (failed, next, verdict) =>
        journal.note(redact(`${failed} failed, so ${next} was asked. ${verdict.code}: ${verdict.message}`)),
    },
    Math.max(0, names.indexOf(journal.turns.findLast((turn) => !isCopied(turn))?.model ?? config.model)),
  );
  const { priceOf } = source;
  const { note } = input.task;
  const told = note === undefined ? chain : tellNote(chain, journal, note);
  const recorded = recordTurns(told, {
    journal,
    prompt,
    limits,
    output_schema,
    answeredBy: () => answeredBy,
    sent: () => sent,
    priceOf,
    budget: input.budget,
    task: input.task,
    clean,
  });
  return exactArguments(recorded, source.marks);
}

interface OpenedModel {
  model: LanguageModelV4;
  /** How many tokens it reads, if that is known. */
  window?: number | undefined;
}

/** Opens a model by name. If it is not configured, it throws when it is called. */
function openModel(
  { choose, examples, marks, readPdf }: ModelSource,
  input: AttemptInput,
  journal: Journal,
  name: string,
  redact: (text: string) => string,
): OpenedModel {
  const { agent, task, payload } = input;
  const parsed = parseModel(name);
  if (!parsed) return { model: unusable(final('internal', `"${name}" is not a known provider:model.`)) };
  if (parsed.provider === 'sandbox') {
    const turns_taken = journal.turns.length;
    const model = createSandboxModel({
      payload,
      attempt: task.attempt,
      agent_name: agent.config.name,
      turns_taken,
      exampleOf: (schema) => examples(schema, { key: agent.id }),
      may_call_tools: task.rehearsal || agent.config.sandbox_tools === true,
    });
    return { model: guardModel(model, marks) };
  }
  const chosen = choose(parsed.provider, parsed.name, agent.config.limits.model_silence_seconds ?? undefined);
  if ('problem' in chosen) return { model: unusable(chosen.problem) };
  const { kind } = chosen;
  const habits = habitsOf(kind, parsed.name);
  // The normaliser rewrites arguments as JSON too, so their numbers are marked on both sides of it.
  const tag = fenceTag(task.fence_id ?? task.id);
  const normalised = normaliseModel(exactArguments(chosen.model, marks), habits, fenceNote(tag));
  const fence = (text: string) => fenceText(tag, text);
  const { model_options } = agent.config;
  const asked = model_options
    ? withOptions(normalised, {
        model: name,
        provider: parsed.provider,
        kind,
        options: model_options,
        note: (text) => journal.note(redact(text)),
      })
    : normalised;
  return {
    model: withFilesAsText(guardModel(asked, marks), kind, fence, readPdf),
    window: chosen.window ?? windowOf(kind, parsed.name),
  };
}

function unusable(problem: Verdict): NamedModel['model'] {
  const refuse = () => Promise.reject(new VerdictError(problem));
  return {
    specificationVersion: 'v4',
    provider: 'none',
    modelId: 'none',
    supportedUrls: {},
    doGenerate: refuse,
    doStream: refuse,
  };
}
