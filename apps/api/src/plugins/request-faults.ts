import { PATTERN_FAULTS, type ProblemIssue, SIGNATURE_SCHEMAS, TOOL_SCHEMAS } from '@agenthook/contracts';
import { AppError, issuePath } from '@agenthook/core';
import type { FastifyError } from 'fastify';

/** What the property that says which schema holds may be. */
const TAGS: Record<string, string[]> = {
  type: Object.keys(TOOL_SCHEMAS),
  scheme: Object.keys(SIGNATURE_SCHEMAS),
};

/** So many faults are told in words too. */
const IN_WORDS = 5;

type Fault = NonNullable<FastifyError['validation']>[number];

/** The refusal of a request that its route's schema does not allow, from what Ajv found: `invalid_request`. */
export function refusalOfRequest(faults: readonly Fault[]): AppError {
  const issues = telling(faults).map(issueOf);
  const words = issues.slice(0, IN_WORDS).map(({ path, message }) => `${path} ${message}`);
  const more = issues.length > IN_WORDS ? ` (and ${issues.length - IN_WORDS} more)` : '';
  return new AppError('invalid_request', `The request is not valid: ${words.join('; ')}${more}.`, { issues });
}

/**
 * Faults without those that say only that a value might have been null, or that none of its forms fits, where another
 * says more about the same value or one inside it.
 */
function telling(faults: readonly Fault[]): Fault[] {
  const explained = new Set<string>();
  for (const { instancePath } of faults.filter((fault) => !isOfAlternatives(fault))) {
    for (
      let end = instancePath.length;
      end >= 0;
      end = end === 0 ? -1 : instancePath.lastIndexOf('/', end - 1)
    )
      explained.add(instancePath.slice(0, end));
  }
  return faults.filter((fault) => !isOfAlternatives(fault) || !explained.has(fault.instancePath));
}

const isOfAlternatives = ({ keyword, params }: Fault): boolean =>
  keyword === 'anyOf' || (keyword === 'type' && params.type === 'null');

function issueOf({ instancePath, keyword, params, message }: Fault): ProblemIssue {
  if (keyword === 'discriminator') {
    const tag = String(params.tag);
    return { path: issuePath(instancePath, tag), message: `must be one of ${TAGS[tag]?.join(', ')}` };
  }
  const isUnknown = keyword === 'additionalProperties';
  const name = isUnknown ? params.additionalProperty : params.missingProperty;
  const path = issuePath(instancePath, typeof name === 'string' ? name : undefined);
  return { path: path || '/', message: isUnknown ? 'is not known' : messageOf(params, message) };
}

const messageOf = (params: Fault['params'], message = 'is wrong'): string =>
  PATTERN_FAULTS[String(params.pattern)] ?? message;
