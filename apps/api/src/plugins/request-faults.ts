import {
  BULK_ACTIONS,
  PATTERN_FAULTS,
  type ProblemIssue,
  SIGNATURE_SCHEMAS,
  TOOL_SCHEMAS,
} from '@agenthook/contracts';
import { AppError, issuePath } from '@agenthook/core';
import type { FastifyError } from 'fastify';

/** The values of a property that selects a schema. */
const TAGS: Record<string, readonly string[]> = {
  type: Object.keys(TOOL_SCHEMAS),
  scheme: Object.keys(SIGNATURE_SCHEMAS),
  action: BULK_ACTIONS,
};

/** How many issues the detail repeats. */
const IN_WORDS = 5;

type Fault = NonNullable<FastifyError['validation']>[number];
type Context = FastifyError['validationContext'];

/**
 * Builds the `invalid_request` error for a request that does not match its route's schema, from Ajv's errors.
 *
 * @param context the part of the request that does not match
 */
export function refusalOfRequest(faults: readonly Fault[], context: Context): AppError {
  const issues = telling(faults).map((fault) => issueOf(fault, context));
  const words = issues.slice(0, IN_WORDS).map(({ path, message }) => `${path || 'the body'} ${message}`);
  const more = issues.length > IN_WORDS ? ` (and ${issues.length - IN_WORDS} more)` : '';
  return new AppError('invalid_request', `The request is not valid: ${words.join('; ')}${more}.`, { issues });
}

/**
 * Drops errors that only say that a value could be null or that no alternative matches, if another error
 * explains the same value or one inside it.
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

function issueOf(fault: Fault, context: Context): ProblemIssue {
  const { instancePath, keyword, params } = fault;
  if (keyword === 'discriminator') {
    const tag = String(params.tag);
    return { path: issuePath(instancePath, tag), message: `must be one of ${TAGS[tag]?.join(', ')}` };
  }
  const name = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty;
  const path = issuePath(instancePath, typeof name === 'string' ? name : undefined);
  return { path, message: messageOf(fault, context) };
}

function messageOf({ keyword, params, message = 'is invalid' }: Fault, context: Context): string {
  if (keyword === 'additionalProperties')
    return context === 'querystring' ? 'is not a known parameter' : 'is not a known field';
  if (keyword === 'required') return 'is required';
  if (keyword === 'enum') return `must be one of ${(params.allowedValues as unknown[]).join(', ')}`;
  return PATTERN_FAULTS[String(params.pattern)] ?? message;
}
