import type { AgentConfig, ProblemIssue, SignatureConfig, SignatureConfigOf } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import { schemeOf } from '../senders/schemes.js';

/**
 * Checks that a signature can work: secrets have their scheme's form, the signed content covers body and
 * time, and the agent accepts no GETs, which are never signed. Throws `invalid_request` with all issues.
 */
export function checkSignature({ signature, allow_get }: AgentConfig): void {
  if (signature === null) return;
  const issues = [
    ...secretIssues(signature),
    ...(signature.scheme === 'hmac' ? hmacIssues(signature) : []),
    ...(allow_get
      ? [{ path: '/allow_get', message: 'cannot be set together with a signature: a GET is not signed' }]
      : []),
  ];
  if (issues.length === 0) return;
  const detail = issues.map(({ path, message }) => `${path} ${message}`).join('; ');
  throw new AppError('invalid_request', `The signature would not work: ${detail}.`, { issues });
}

function secretIssues(signature: SignatureConfig): ProblemIssue[] {
  const { faultOfSecret } = schemeOf(signature);
  return (['secret', 'previous_secret'] as const).flatMap((field) => {
    const secret = signature[field];
    if (typeof secret !== 'string') return [];
    const message =
      secret.trim() === secret ? faultOfSecret?.(secret) : 'has a space or line break at one of its ends';
    return message === undefined ? [] : [{ path: `/signature/${field}`, message }];
  });
}

function hmacIssues(signature: SignatureConfigOf<'hmac'>): ProblemIssue[] {
  const { content = '', header, timestamp_header, id_header, tolerance_seconds } = signature;
  const issues: ProblemIssue[] = [];
  const say = (field: string, message: string) => issues.push({ path: `/signature/${field}`, message });

  const placeholders: string[] = content.match(/\{[^{}]*\}/g) ?? [];
  const unknown = placeholders.find((name) => name !== '{body}' && name !== '{timestamp}');
  if (unknown !== undefined) say('content', `has ${unknown}; there are {body} and {timestamp}`);
  if (placeholders.filter((name) => name === '{body}').length !== 1) say('content', 'must have {body}, once');
  const timed = placeholders.includes('{timestamp}');
  if (timed && timestamp_header === undefined) say('timestamp_header', 'is needed for {timestamp}');
  if (!timed && timestamp_header !== undefined)
    say('content', 'must have {timestamp}: a time that is not signed proves nothing');
  if (tolerance_seconds !== undefined && timestamp_header === undefined)
    say('tolerance_seconds', 'needs a timestamp_header');

  const isSignature = (name: string | undefined) => name?.toLowerCase() === header.toLowerCase();
  if (isSignature(timestamp_header)) say('timestamp_header', 'is the header of the signature');
  if (isSignature(id_header)) say('id_header', 'is the header of the signature');
  return issues;
}
