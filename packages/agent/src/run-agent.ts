import { type AttemptInput, parseModel, type RunAgent } from '@agenthook/contracts';
import { classifyEnding, classifyError } from './classify.js';
import { startDeadline } from './deadline.js';
import { guardModel } from './guard-model.js';
import { failed, finished, type Reported } from './outcome.js';
import { buildPrompt } from './prompt.js';
import { type ChooseModel, type ChosenModel, createModels } from './providers.js';
import { createRedactor } from './redact.js';
import { createSandboxModel } from './sandbox/sandbox-model.js';
import { type ProviderSettings, secretsOf, trimSettings } from './settings.js';
import { runToolLoop, type Transcript } from './tool-loop.js';
import { final } from './verdict.js';
import { warmUpMessageSchema } from './warm-up.js';

/**
 * Makes the function that runs one attempt of one agent: renders its prompt, lets its model answer, and says how that
 * ended. Expected failures are outcomes; what it throws is a defect. It ends within the agent's `timeout_seconds` and
 * soon after the input's signal aborts, even while a provider hangs.
 */
export function createRunAgent(settings: ProviderSettings): RunAgent {
  const choose = createModels(settings);
  const redact = createRedactor(secretsOf(settings));
  const now = settings.now ?? (() => new Date());
  const { user_agent } = trimSettings(settings);
  warmUpMessageSchema();

  return async (input) => {
    const { model, limits } = input.agent.config;
    const transcript: Transcript = { steps: [], durations: new Map() };
    const reported: Reported = { model, cost_usd: model.startsWith('sandbox:') ? 0 : null, redact };
    const deadline = startDeadline(input.signal, limits.timeout_seconds * 1000);
    try {
      const prompt = buildPrompt(input, now());
      if ('problem' in prompt) return failed(prompt.problem, transcript, reported);
      const chosen = chooseModel(choose, input);
      if ('problem' in chosen) return failed(chosen.problem, transcript, reported);
      const loop = runToolLoop(
        {
          ...prompt,
          model: guardModel(chosen.model),
          tools: {},
          max_output_tokens: limits.max_output_tokens,
          user_agent,
          signal: deadline.signal,
        },
        transcript,
      );
      await deadline.race(loop);
      return finished(transcript, reported);
    } catch (error) {
      const ending = deadline.ending();
      const verdict = ending ? classifyEnding(ending, limits.timeout_seconds) : classifyError(error, now());
      return failed(verdict, transcript, reported);
    } finally {
      deadline.release();
    }
  };
}

function chooseModel(choose: ChooseModel, input: AttemptInput): ChosenModel {
  const { agent, task, payload } = input;
  const parsed = parseModel(agent.config.model);
  if (!parsed) {
    return { problem: final('internal', `"${agent.config.model}" is not a known provider:model.`) };
  }
  if (parsed.provider !== 'sandbox') return choose(parsed.provider, parsed.name);
  return { model: createSandboxModel({ payload, attempt: task.attempt, agent_name: agent.config.name }) };
}
