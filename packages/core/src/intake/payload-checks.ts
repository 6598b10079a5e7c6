import type { Bounded, Checked, SchemaIssue } from '@agenthook/bounded';
import type { ProblemIssue } from '@agenthook/contracts';
import { LRUCache } from 'lru-cache';

/** How many schemas are kept; each is of 64 KiB of JSON at most. */
const KEPT = 200;
/** How long a check waits for its turn, in ms: a sender waits for the answer. */
const WAIT_MS = 5_000;

/**
 * `too_slow`: the check was ended; the schema takes too long or too much memory on this payload.
 * `busy`: it did not get its turn; which says nothing about the payload.
 */
export type PayloadVerdict =
  | { verdict: 'fits' }
  | { verdict: 'too_slow' }
  | { verdict: 'busy' }
  | { verdict: 'misfit'; issues: ProblemIssue[]; total: number };

type LoadSchema = () => Promise<Record<string, unknown> | null | undefined>;

export interface PayloadChecks {
  /**
   * The input_schema of a version of an agent. `load` is asked for it where it is not known yet; undefined or null takes
   * everything. What `load` throws, this throws.
   */
  schemaOf(agentId: string, version: number, load: LoadSchema): Promise<object | undefined>;
  /** Holds a payload against it. */
  check(agentId: string, version: number, load: LoadSchema, payload: unknown): Promise<PayloadVerdict>;
}

/**
 * A check of payloads that keeps the last schemas: versions never change. Schemas come from agents' editors, payloads from
 * anyone, so a check runs under the limits of `bounded`.
 */
export function createPayloadChecks(bounded: Bounded): PayloadChecks {
  const known = new LRUCache<string, object>({ max: KEPT });

  const schemaOf: PayloadChecks['schemaOf'] = async (agentId, version, load) => {
    const key = `${agentId}:${version}`;
    const schema = known.get(key) ?? (await load());
    if (!schema) return undefined;
    known.set(key, schema);
    return schema;
  };
  return {
    schemaOf,
    check: async (agentId, version, load, payload) => {
      const schema = await schemaOf(agentId, version, load);
      if (!schema) return { verdict: 'fits' };
      return verdictOf(await bounded.check(schema, payload, { key: agentId, waitMs: WAIT_MS }));
    },
  };
}

/** What a check of a payload says of it. Throws for a schema that does not compile: agents are not saved with one. */
export function verdictOf(checked: Checked): PayloadVerdict {
  switch (checked.outcome) {
    case 'fits':
      return { verdict: 'fits' };
    case 'misfit':
      return { verdict: 'misfit', issues: checked.issues.map(issueOf), total: checked.total };
    case 'starved':
      return { verdict: 'busy' };
    case 'too_slow':
    case 'too_large':
      return { verdict: 'too_slow' };
    case 'bad_schema':
      throw new Error(`an input_schema does not compile: ${checked.message}`);
  }
}

const issueOf = ({ path, message }: SchemaIssue): ProblemIssue => ({ path, message });
