import {
  type AgentConfig,
  type AgentInput,
  type AgentPatch,
  PROVIDERS,
  type ProblemIssue,
  parseModel,
} from '@agenthook/contracts';
import { checkTemplate } from '@agenthook/template';
import { AppError } from '../errors.js';

const DEFAULTS = {
  description: '',
  status: 'active',
  system_prompt: '',
  input_template: '',
} as const satisfies Partial<AgentConfig>;

const DEFAULT_LIMITS: AgentConfig['limits'] = {
  timeout_seconds: 300,
  max_attempts: 3,
  max_output_tokens: null,
};

/** Takes out what was left undefined, so that it does not hide a default. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** A whole configuration from what a client sent; what is left out gets its default. */
export function configFromInput(input: AgentInput, defaultModel: string): AgentConfig {
  const { limits, ...rest } = input;
  return {
    ...DEFAULTS,
    model: defaultModel,
    ...defined(rest),
    limits: { ...DEFAULT_LIMITS, ...defined(limits ?? {}) },
  } as AgentConfig;
}

/** `config` with the changes of a PATCH; limits are merged one by one. */
export function configWithPatch(config: AgentConfig, patch: AgentPatch): AgentConfig {
  const { limits, ...rest } = patch;
  return {
    ...config,
    ...defined(rest),
    limits: { ...config.limits, ...defined(limits ?? {}) },
  } as AgentConfig;
}

/** Throws `unknown_model` or `invalid_template` when a configuration could never run. */
export function checkConfig(config: AgentConfig): void {
  if (parseModel(config.model) === undefined) {
    throw new AppError(
      'unknown_model',
      `No provider offers "${config.model}". Write provider:model; the providers are ${PROVIDERS.join(', ')}. ` +
        'GET /api/models shows an example of each.',
      {
        issues: [
          { path: '/model', message: `must start with one of ${PROVIDERS.map((p) => `${p}:`).join(' ')}` },
        ],
      },
    );
  }
  const issues: ProblemIssue[] = [];
  for (const field of ['system_prompt', 'input_template'] as const) {
    const issue = checkTemplate(config[field]);
    if (issue) issues.push({ path: `/${field}`, ...issue });
  }
  const [first] = issues;
  if (first) {
    const where = `${first.path.slice(1)}, line ${first.line}, column ${first.column}`;
    throw new AppError('invalid_template', `The template does not parse: ${where}: ${first.message}`, {
      issues,
    });
  }
}
