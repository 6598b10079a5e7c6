import { PATTERN_FAULTS, type ProblemIssue } from '@agenthook/contracts';
import { AppError, issuePath } from '@agenthook/core';
import type { FastifyError } from 'fastify';

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
  const issues = issuesOf(telling(faults), context);
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

/** The values and types that a field may have, as its faults name them. */
interface Allowed {
  values: Set<string>;
  types: Set<string>;
}

/**
 * Says in one issue which values and types a field may have, instead of one for each. If something is wrong
 * inside of the field's value, only that is said: its type was right.
 */
function issuesOf(faults: readonly Fault[], context: Context): ProblemIssue[] {
  const fields = new Map<string, Allowed>();
  /** The schemas of these values. A fault of their type says nothing more. */
  const schemas = new Set<string>();
  for (const { keyword, instancePath, schemaPath, params } of faults) {
    if (keyword !== 'const' && keyword !== 'enum') continue;
    const allowed = fields.get(instancePath) ?? { values: new Set(), types: new Set() };
    for (const value of (params.allowedValues as unknown[] | undefined) ?? [params.allowedValue])
      allowed.values.add(String(value));
    fields.set(instancePath, allowed);
    schemas.add(schemaOf(schemaPath));
  }
  if (fields.size === 0) return faults.map((fault) => issueOf(fault, context));
  const isOfField = ({ keyword, instancePath }: Fault) =>
    ['const', 'enum', 'type'].includes(keyword) && fields.has(instancePath);
  const inside = placesAbove(faults);
  for (const { keyword, instancePath, schemaPath, params } of faults)
    if (keyword === 'type' && !schemas.has(schemaOf(schemaPath)))
      fields.get(instancePath)?.types.add(`${params.type}`);
  const told = new Set<string>();
  return faults.flatMap((fault): ProblemIssue[] => {
    if (!isOfField(fault)) return [issueOf(fault, context)];
    const { instancePath } = fault;
    const allowed = fields.get(instancePath);
    if (!allowed || told.has(instancePath) || inside.has(instancePath)) return [];
    told.add(instancePath);
    return [{ path: issuePath(instancePath, undefined), message: choicesOf(allowed) }];
  });
}

/** The place of the schema that a keyword belongs to. */
const schemaOf = (schemaPath: string): string => schemaPath.slice(0, schemaPath.lastIndexOf('/'));

function choicesOf({ values, types }: Allowed): string {
  const some = [...values].join(', ');
  const choices = values.size === 1 ? some : `one of ${some}`;
  return `must be ${[choices, ...[...types].map((type) => `of the type ${type}`)].join(', or ')}`;
}

/** The places of all values that contain one with a fault. */
function placesAbove(faults: readonly Fault[]): Set<string> {
  const above = new Set<string>();
  for (const { instancePath } of faults)
    for (
      let end = instancePath.lastIndexOf('/');
      end >= 0;
      end = end === 0 ? -1 : instancePath.lastIndexOf('/', end - 1)
    )
      above.add(instancePath.slice(0, end));
  return above;
}

function issueOf(fault: Fault, context: Context): ProblemIssue {
  const { instancePath, keyword, params } = fault;
  if (keyword === 'discriminator') {
    const tag = String(params.tag);
    return { path: issuePath(instancePath, tag), message: `must be one of ${params.tags}` };
  }
  const name = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty;
  const path = issuePath(instancePath, typeof name === 'string' ? name : undefined);
  return { path, message: messageOf(fault, context) };
}

function messageOf({ keyword, params, message = 'is invalid' }: Fault, context: Context): string {
  if (keyword === 'additionalProperties')
    return context === 'querystring' ? 'is not a known parameter' : 'is not a known field';
  if (keyword === 'required') return 'is required';
  return PATTERN_FAULTS[String(params.pattern)] ?? message;
}
