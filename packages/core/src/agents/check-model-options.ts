import {
  type AgentConfig,
  MAX_PROVIDER_OPTIONS_BYTES,
  PROVIDERS,
  type ProblemIssue,
  RESERVED_OPTIONS,
} from '@agenthook/contracts';
import { AppError } from '../errors.js';

const AT = '/model_options/provider_options';

/** Checks that `provider_options` names providers, is short, and sets nothing that a run itself sends. */
export function checkModelOptions({ model_options }: Pick<AgentConfig, 'model_options'>): void {
  const given = model_options?.provider_options;
  if (!given) return;
  const bytes = Buffer.byteLength(JSON.stringify(given));
  const issues: ProblemIssue[] = [
    ...(bytes > MAX_PROVIDER_OPTIONS_BYTES
      ? [{ path: AT, message: `has ${bytes} bytes of JSON; at most ${MAX_PROVIDER_OPTIONS_BYTES}` }]
      : []),
    ...Object.entries(given).flatMap(([provider, fields]) => issuesOf(provider, fields)),
  ];
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `${path.slice(1)} ${message}`).join('; ');
  throw new AppError('invalid_request', `Model options cannot be used: ${detail}.`, { issues });
}

function issuesOf(provider: string, fields: Record<string, unknown>): ProblemIssue[] {
  if (!PROVIDERS.some((name) => name === provider)) {
    const path = `${AT}/${provider}`;
    return [{ path, message: `is no provider; write one of ${PROVIDERS.join(', ')}` }];
  }
  return Object.keys(fields)
    .filter((field) => RESERVED_OPTIONS.includes(field))
    .map((field) => ({ path: `${AT}/${provider}/${field}`, message: 'is what the run itself sends' }));
}
