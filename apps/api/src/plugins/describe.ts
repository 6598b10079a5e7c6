import { ERRORS, type ErrorCode, type Problem } from '@agenthook/contracts';
import { type TSchema, Type } from '@sinclair/typebox';
import { problemOf, statusOf } from './problems.js';

const PROBLEM = 'application/problem+json';

type Answers = Record<string, TSchema>;

/**
 * Describes the error answers of a route: each code with its cause, and an example with its usual detail or
 * the given one.
 */
export function problems(...refusals: (ErrorCode | [ErrorCode, string])[]): Answers {
  const details = new Map<ErrorCode, string>(
    refusals.map((refusal) => (typeof refusal === 'string' ? [refusal, ERRORS[refusal].example] : refusal)),
  );
  const answers: Answers = {};
  for (const [code, detail] of details) {
    const status = statusOf(code);
    const example = { [code]: exampleOf(code, detail) };
    answers[status] = refusal({ ...examplesOf(answers[status]), ...example });
  }
  return answers;
}

/** The example of an error by code and detail: most of them stand at many routes. */
const examples = new Map<string, { value: Problem }>();

function exampleOf(code: ErrorCode, detail: string): { value: Problem } {
  const key = `${code} ${detail}`;
  const known = examples.get(key) ?? { value: problemOf(code, detail) };
  examples.set(key, known);
  return known;
}

/**
 * The answers of a route with more refusals. A code that the route already describes keeps its own example.
 */
export function addProblems(
  answers: Answers = {},
  ...refusals: (ErrorCode | [ErrorCode, string])[]
): Answers {
  const all = { ...answers };
  for (const [status, added] of Object.entries(problems(...refusals)))
    all[status] = refusal({ ...examplesOf(added), ...examplesOf(answers[status]) });
  return all;
}

type Examples = Partial<Record<ErrorCode, { value: Problem }>>;

const examplesOf = (answer: TSchema | undefined): Examples => answer?.content?.[PROBLEM]?.examples ?? {};

/** One error answer with the codes of its examples. `schema` names its shape in the generated description. */
export const refusal = (examples: Examples, schema = 'Problem'): TSchema =>
  Type.Unsafe({
    description: (Object.keys(examples) as ErrorCode[])
      .map((code) => `- \`${code}\`: ${ERRORS[code].cause}`)
      .join('\n'),
    content: { [PROBLEM]: { schema: Type.Ref(schema), examples } },
  });

/** A 2xx answer with an example. */
export const answer = (description: string, schema: TSchema, example: unknown): TSchema =>
  Type.Unsafe({
    description,
    content: { 'application/json': { schema, examples: { example: { value: example } } } },
  });

/**
 * A schema with named examples. The OpenAPI generator drops anything beside a $ref, so a reference goes into
 * an allOf.
 */
export const withExamples = (schema: TSchema, examples: Record<string, unknown>): TSchema =>
  Type.Unsafe({ ...('$ref' in schema ? { allOf: [schema] } : schema), 'x-examples': named(examples) });

const named = (examples: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));
