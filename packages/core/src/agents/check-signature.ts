import type { AgentConfig, ProblemIssue, SignatureConfig } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import { schemeOf } from '../senders/schemes.js';
import { isProven } from '../senders/verify.js';

/**
 * Checks that a signature can work: secrets have their sender's form, its fields fit each other, and the
 * agent accepts no GETs that cannot be proven. Throws `invalid_request` with all issues.
 */
export function checkSignature({ signature, allow_get }: AgentConfig): void {
  if (signature === null) return;
  const { faultsOf, proof } = schemeOf(signature);
  const issues = [
    ...secretIssues(signature),
    ...(faultsOf?.(signature) ?? []),
    ...(allow_get && isProven(signature) && !proof?.coversGet
      ? [{ path: '/allow_get', message: 'cannot be set together with a signature: a GET is not signed' }]
      : []),
  ];
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('invalid_request', `The signature would not work: ${detail}.`, { issues });
}

function secretIssues(signature: SignatureConfig): ProblemIssue[] {
  const { proof } = schemeOf(signature);
  const given: Record<string, unknown> = { ...signature };
  return (['secret', 'previous_secret'] as const).flatMap((field) => {
    const secret = given[field];
    if (typeof secret !== 'string') return [];
    const message =
      secret.trim() === secret
        ? proof?.faultOfSecret?.(secret)
        : 'has a space or line break at one of its ends';
    return message === undefined ? [] : [{ path: `/signature/${field}`, message }];
  });
}
