import { MAX_PAYLOAD_ISSUES, type ProblemIssue } from '@agenthook/contracts';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { compileSchema } from '../agents/json-schema.js';
import { createTimeLimit } from './time-limit.js';

/** How many compiled schemas are kept; each is of 64 KiB of JSON at most. */
const KEPT = 200;
/** How long a payload may take to check, in ms. An honest one takes well under one. */
const LIMIT_MS = 250;
/** A sender's own property names stand in paths, and may be as long as the body. */
const MAX_TEXT = 200;

/** `too_slow`: the check was ended; the schema takes too long on this payload, or would take for ever. */
type PayloadVerdict =
  | { verdict: 'fits' }
  | { verdict: 'too_slow' }
  | { verdict: 'misfit'; issues: ProblemIssue[]; total: number };

export interface PayloadChecks {
  /**
   * Holds a payload against the input_schema of a version of an agent. `load` is asked for the schema where it has not
   * been compiled yet; undefined or null takes everything. What `load` throws, this throws.
   */
  check(
    agentId: string,
    version: number,
    load: () => Promise<Record<string, unknown> | null | undefined>,
    payload: unknown,
  ): Promise<PayloadVerdict>;
}

/**
 * A check of payloads that keeps the last schemas it has compiled: versions never change.
 *
 * Schemas come from agents' editors, payloads from anyone. A pattern that backtracks, references that branch at every
 * level or a comparison of every item with every other could hold up the process, and all errors of a large payload
 * could fill its memory. Which schema does so can not be told cheaply beforehand, so time is limited instead.
 */
export function createPayloadChecks(): PayloadChecks {
  const compiled = new Map<string, ValidateFunction>();
  const limited = createTimeLimit(LIMIT_MS);

  const validatorOf = async (
    key: string,
    load: () => Promise<Record<string, unknown> | null | undefined>,
  ): Promise<ValidateFunction | undefined> => {
    const known = compiled.get(key);
    const schema = known ? undefined : await load();
    const validate = known ?? (schema ? compileSchema(schema, true) : undefined);
    if (!validate) return undefined;
    // The one used last stands last, so the first is the one to drop.
    compiled.delete(key);
    compiled.set(key, validate);
    const oldest = compiled.keys().next();
    if (compiled.size > KEPT && !oldest.done) compiled.delete(oldest.value);
    return validate;
  };

  return {
    check: async (agentId, version, load, payload) => {
      const validate = await validatorOf(`${agentId}:${version}`, load);
      if (!validate) return { verdict: 'fits' };
      const valid = limited(() => hasRoom(() => validate(payload)));
      const errors = validate.errors ?? [];
      // The function itself would hold them, and with them the payload, until its next call.
      validate.errors = null;
      if (valid === undefined) return { verdict: 'too_slow' };
      if (valid) return { verdict: 'fits' };
      return {
        verdict: 'misfit',
        issues: errors.slice(0, MAX_PAYLOAD_ISSUES).map(issueOf),
        total: errors.length,
      };
    },
  };
}

/** Runs a check; undefined where it ran out of stack: a schema may refer to itself at the same place (`{"$ref": "#"}`). */
function hasRoom(check: () => boolean | Promise<unknown>): boolean | Promise<unknown> | undefined {
  try {
    return check();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const escaped = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** A fault with the path of the property that is missing or too much, not of the object around it. */
function issueOf({ instancePath, params, message, keyword }: ErrorObject): ProblemIssue {
  const unknown: unknown = params.additionalProperty ?? params.unevaluatedProperty;
  const name: unknown = params.missingProperty ?? unknown ?? params.propertyName;
  const path = typeof name === 'string' ? `${instancePath}/${escaped(name)}` : instancePath;
  if (unknown !== undefined) return { path: cut(path), message: 'is not known' };
  if (params.missingProperty !== undefined) return { path: cut(path), message: 'is missing' };
  return { path: cut(path), message: cut(message ?? keyword) };
}
