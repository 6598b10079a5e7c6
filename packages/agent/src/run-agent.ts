import { withDeadline } from '@agenthook/async';
import type { Bounded } from '@agenthook/bounded';
import {
  type AttemptInput,
  type AttemptOutcome,
  createPrices,
  FilesUnavailable,
  isCopied,
  type RunAgent,
  type UnattachedFile,
} from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { createNumberMarks } from '@agenthook/json';
import { fenceTag, fenceText, type Prompt } from '@agenthook/template';
import { openAsks } from './asks.js';
import { attachFiles } from './attach-files.js';
import { filesOfEvent, type ReadPdf, storedFiles } from './attachments.js';
import { spentByChildren } from './budget.js';
import { knownNames } from './called-tools.js';
import { openChildCalls } from './child-calls.js';
import { classifyEnding, classifyError } from './classify.js';
import { startDeadline } from './deadline.js';
import { toToolSet } from './durable-tools.js';
import { earlierMessages } from './earlier-turns.js';
import { openJournal } from './journal.js';
import { resultMasker } from './mask-results.js';
import { nameOptions } from './model/options/refused-option.js';
import { noteTurns } from './note-turns.js';
import { failed, finished, type Reported } from './outcome.js';
import { buildPrompt } from './prompt.js';
import { secretsOf } from './providers/endpoint.js';
import { createModels } from './providers/index.js';
import { recordedModel } from './recorded-model.js';
import { createRedactor } from './redact.js';
import { createExamples } from './sandbox/examples.js';
import { type ProviderSettings, trimSettings } from './settings.js';
import { runToolLoop, type Transcript } from './tool-loop.js';
import { openTools, type ToolKinds } from './tools/index.js';
import { ToolError } from './tools/tool.js';
import { inRunSpan, noteReplays } from './tracing.js';
import { passing, type Verdict } from './verdict.js';
import { warmUpMessageSchema } from './warm-up.js';
import { createSecretFilter } from './without-secrets.js';

/** How long closing tools may delay the end of a run, in ms. */
const CLOSE_MS = 2_000;

export interface RunAgentDeps {
  egress: Egress;
  kinds: ToolKinds;
  /** Does work whose duration outsiders control. */
  bounded: Bounded;
  /** Called with errors that are bugs of a tool. */
  onDefect: (error: unknown, tool: string) => void;
  /** Reads PDFs for models that accept no files. If undefined, these learn only that they exist. */
  readPdf?: ReadPdf;
  /** Whether spans have the content of turns and calls. Default: they have none. */
  tracesContent?: boolean;
  /** Called with each step of a task's run, for the watchdog. */
  enterStep?: (taskId: string, step: string) => void;
}

/**
 * Returns the function that runs one attempt of an agent: it renders the prompt, lets the model answer and
 * call tools, and reports the outcome. Work that earlier attempts finished comes from the journal and is not
 * repeated. Expected failures are outcomes; anything thrown is a bug. It ends within the agent's
 * `timeout_seconds`, and soon after the input's signal aborts, even if a provider hangs.
 */
export function createRunAgent(settings: ProviderSettings, deps: RunAgentDeps): RunAgent {
  const marks = createNumberMarks();
  const models = {
    choose: createModels(settings, marks),
    examples: createExamples(deps.bounded),
    marks,
    priceOf: settings.priceOf ?? createPrices(),
    readPdf: deps.readPdf,
  };
  const now = settings.now ?? (() => new Date());
  const { user_agent } = trimSettings(settings);
  warmUpMessageSchema();

  const run: RunAgent = async (input) => {
    const { config } = input.agent;
    const { limits, output_schema } = config;
    const secrets = [...secretsOf(settings), ...toolSecretsOf(input)];
    const redact = createRedactor(secrets);
    const withoutSecrets = createSecretFilter(secrets);
    const telling = { now, redact, clean: deps.tracesContent ? withoutSecrets : undefined };
    const enter = (step: string) => deps.enterStep?.(input.task.id, step);
    const journal = openJournal(input.log, input.task.attempt, now);
    noteReplays(journal.turns.length);
    const transcript: Transcript = { steps: [] };
    const reported: Reported = {
      journal,
      model: config.model,
      max_steps: limits.max_steps,
      redact,
      marks,
    };
    const allowed = allowedTime(input);
    const deadline = startDeadline(input.signal, allowed.ms);
    const caller = { key: input.agent.id, signal: deadline.signal };
    let close: (() => Promise<void>) | undefined;
    let user: string | undefined;
    const failedBy = (verdict: Verdict): AttemptOutcome => ({
      ...failed(verdict, transcript, reported),
      ...(user !== undefined && { user }),
    });
    try {
      enter('render prompt');
      const prompt =
        journal.prompt ?? (await deadline.race(buildPrompt(deps.bounded, input, now(), deadline.signal)));
      if ('problem' in prompt) return failedBy(prompt.problem);
      user = prompt.user;
      const { agent, task, payload, memory, documents, pins, grants, agents } = input;
      const { egress, bounded } = deps;
      const { note } = journal;
      const ports = { memory, documents, pins, grants, agents };
      const env = { payload, agent, task, ...ports, note, egress, bounded };
      enter('open tools');
      const opening = openTools(config.tools, deps.kinds, env, deadline.signal, knownNames(journal));
      close = () => opening.then((tools) => tools.close?.()).catch(() => undefined);
      const opened = await deadline.race(opening);
      const asks = openAsks({ journal, bounded, caller, payload, notify: config.notify ?? [], now });
      const children = openChildCalls({ journal, input, now, onDefect: deps.onDefect });
      const waiting = () => [...asks.waiting, ...children.waiting];
      const verdictOfCalls = () => asks.verdict() ?? children.verdict();
      const fence = (text: string) => fenceText(fenceTag(task.fence_id ?? task.id), text);
      const stored = await deadline.race(storedFiles(input.attachments));
      const attached = await deadline.race(
        attachFiles(prompt, stored, {
          egress,
          fence,
          note,
          attachments: input.attachments,
          hasBegun: journal.turns.length > 0,
          signal: deadline.signal,
        }),
      );
      const loop = runToolLoop(
        {
          instructions: prompt.system,
          earlier: earlierMessages(input.earlier, {
            max_tokens: config.conversation?.max_tokens ?? 0,
            tag: fenceTag(task.fence_id ?? task.id),
            fence,
            isOffered: (name) => opened.tools.some((tool) => tool.name === name),
          }),
          user: [
            { type: 'text', text: prompt.user },
            ...filesOfEvent(stored, payload, fence),
            ...attached.parts,
          ],
          model: noteTurns(
            recordedModel(models, input, journal, promptOf(prompt, attached.problems), telling),
            enter,
          ),
          tools: toToolSet(opened.tools, {
            journal,
            asks,
            children,
            bounded: deps.bounded,
            marks,
            caller,
            redact: withoutSecrets,
            mask: resultMasker(config, deps.bounded, caller),
            clean: telling.clean,
            fence,
            onDefect: deps.onDefect,
            enter,
          }),
          max_steps:
            limits.max_steps + journal.turns.filter(isCopied).length - spentByChildren(journal).steps,
          isWaiting: () => waiting().length > 0 || verdictOfCalls() !== undefined,
          output_schema,
          bounded: deps.bounded,
          caller,
          user_agent,
          signal: deadline.signal,
        },
        transcript,
      );
      await deadline.race(loop);
      const verdict = verdictOfCalls();
      if (verdict) return failedBy(verdict);
      if (waiting().length > 0) return { outcome: 'waiting', calls: waiting() };
      const outcome = finished(transcript, reported);
      return outcome.outcome === 'failed' ? { ...outcome, user } : outcome;
    } catch (error) {
      const ending = deadline.ending();
      return failedBy(
        ending
          ? classifyEnding(ending, allowed.what)
          : nameOptions(verdictOn(error, now()), config.model_options),
      );
    } finally {
      deadline.release();
      if (close) await withDeadline(close(), CLOSE_MS);
    }
  };
  return (input) => inRunSpan(input, () => run(input));
}

/** A prompt without what the journal adds to it. */
const promptOf = ({ system, user, attach }: Prompt, unattached: UnattachedFile[]): Prompt => ({
  system,
  user,
  ...(attach && { attach }),
  ...(unattached.length > 0 && { unattached }),
});

/** How long an attempt may take, and the words for it. */
function allowedTime({ agent, task }: AttemptInput): { ms: number; what: string } {
  const { timeout_seconds, task_timeout_seconds } = agent.config.limits;
  const ms = timeout_seconds * 1_000;
  return task.time_left_ms !== undefined && task.time_left_ms < ms
    ? { ms: task.time_left_ms, what: `task took longer than the ${task_timeout_seconds} s` }
    : { ms, what: `run took longer than the ${timeout_seconds} s` };
}

/** A tool that could not be opened, or files that could not be read, may be available next time. */
function verdictOn(error: unknown, now: Date): Verdict {
  if (error instanceof ToolError) return { code: 'tool_failed', message: error.message, retryable: true };
  if (error instanceof FilesUnavailable) return passing('internal', error.message);
  return classifyError(error, now);
}

function toolSecretsOf(input: AttemptInput): string[] {
  return input.agent.config.tools
    .flatMap(({ secrets }) => Object.values(secrets ?? {}))
    .filter((s) => s !== true);
}
