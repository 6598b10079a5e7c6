import {
  type AttemptInput,
  DEFAULT_MODEL_TIMEOUT_SECONDS,
  type PriceOf,
  parseModel,
} from '@agenthook/contracts';
import type { NumberMarks } from '@agenthook/json';
import { fenceNote, fenceTag, fenceText, type Prompt } from '@agenthook/template';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { withFilesAsText } from './attachments.js';
import { classifyError } from './classify.js';
import { exactArguments } from './exact-arguments.js';
import { guardModel } from './guard-model.js';
import type { Journal } from './journal.js';
import { habitsOf } from './model/normalise/habits.js';
import { normaliseModel } from './model/normalise/index.js';
import { withOptions } from './model/options/with-options.js';
import { chainModels, type NamedModel } from './model-chain.js';
import type { ChooseModel } from './providers.js';
import { recordTurns } from './record-turns.js';
import type { Examples } from './sandbox/examples.js';
import { createSandboxModel } from './sandbox/sandbox-model.js';
import { final, type Verdict, VerdictError } from './verdict.js';

/** The source of models. */
export interface ModelSource {
  choose: ChooseModel;
  /** The sandbox's answers for agents with an output schema. */
  examples: Examples;
  /** Marks of numbers in tool arguments. */
  marks: NumberMarks;
  priceOf: PriceOf;
}

/** The agent's models as one model that replays finished turns from the journal. */
export function recordedModel(
  source: ModelSource,
  input: AttemptInput,
  journal: Journal,
  prompt: Prompt,
  now: () => Date,
  redact: (text: string) => string,
): LanguageModelV4 {
  const { config } = input.agent;
  const names = [config.model, ...config.fallback_models];
  let answeredBy = config.model;
  const chain = chainModels(
    names.map((name) => openModel(source, input, journal, name, redact)),
    {
      verdictOn: (error) => classifyError(error, now()),
      onAnswer: (name) => {
        answeredBy = name;
      },
      onFallback: (failed, next, verdict) =>
        journal.note(redact(`${failed} failed, so ${next} was asked. ${verdict.code}: ${verdict.message}`)),
      timeout_seconds: config.limits.model_timeout_seconds ?? DEFAULT_MODEL_TIMEOUT_SECONDS,
    },
    Math.max(0, names.indexOf(journal.turns.at(-1)?.model ?? config.model)),
  );
  const { limits, output_schema } = config;
  const { priceOf } = source;
  const recorded = recordTurns(chain, {
    journal,
    prompt,
    limits,
    output_schema,
    answeredBy: () => answeredBy,
    priceOf,
  });
  return exactArguments(recorded, source.marks);
}

/** Opens a model by name. If it is not configured, it throws when it is called. */
function openModel(
  { choose, examples, marks }: ModelSource,
  input: AttemptInput,
  journal: Journal,
  name: string,
  redact: (text: string) => string,
): NamedModel {
  const { agent, task, payload } = input;
  const parsed = parseModel(name);
  if (!parsed)
    return { name, model: unusable(final('internal', `"${name}" is not a known provider:model.`)) };
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
    return { name, model: guardModel(model, marks) };
  }
  const chosen = choose(parsed.provider, parsed.name);
  if ('problem' in chosen) return { name, model: unusable(chosen.problem) };
  const habits = habitsOf(parsed.provider, parsed.name);
  // The normaliser rewrites arguments as JSON too, so their numbers are marked on both sides of it.
  const tag = fenceTag(task.id);
  const normalised = normaliseModel(exactArguments(chosen.model, marks), habits, fenceNote(tag));
  const fence = (text: string) => fenceText(tag, text);
  const { model_options } = agent.config;
  const asked = model_options
    ? withOptions(normalised, {
        model: name,
        provider: parsed.provider,
        options: model_options,
        note: (text) => journal.note(redact(text)),
      })
    : normalised;
  return { name, model: withFilesAsText(guardModel(asked, marks), parsed.provider, fence) };
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
