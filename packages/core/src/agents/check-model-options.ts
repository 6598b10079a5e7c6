import {
  type AgentConfig,
  MAX_PROVIDER_OPTIONS_BYTES,
  PROVIDER_KINDS,
  type ProblemIssue,
  type Providers,
  RESERVED_OPTIONS,
} from '@agenthook/contracts';
import { AppError } from '../errors.js';

const AT = '/model_options/provider_options';

/** Checks that `provider_options` names providers, is short, and sets nothing that a run itself sends. */
export function checkModelOptions(
  { model_options }: Pick<AgentConfig, 'model_options'>,
  { names }: Pick<Providers, 'names'>,
): void {
  const known = [...new Set([...names, ...PROVIDER_KINDS])];
  const given = model_options?.provider_options;
  if (!given) return;
  const bytes = Buffer.byteLength(JSON.stringify(given));
  const issues: ProblemIssue[] = [
    ...(bytes > MAX_PROVIDER_OPTIONS_BYTES
      ? [{ path: AT, message: `has ${bytes} bytes of JSON; at most ${MAX_PROVIDER_OPTIONS_BYTES}` }]
      : []),
    ...Object.entries(given).flatMap(([provider, fields]) => issuesOf(provider, fields, known)),
  ];
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `${path.slice(1)} ${message}`).join('; ');
  throw new AppError('invalid_request', `Model options cannot be used: ${detail}.`, { issues });
}

function issuesOf(
  provider: string,
  fields: Record<string, unknown>,
  known: readonly string[],
): ProblemIssue[] {
  if (!known.includes(provider)) {
    const path = `${AT}/${provider}`;
    return [{ path, message: `is no provider; write one of ${known.join(', ')}` }];
  }
  return Object.keys(fields)
    .filter((field) => RESERVED_OPTIONS.includes(field))
    .map((field) => ({ path: `${AT}/${provider}/${field}`, message: 'is what the run itself sends' }));
}
