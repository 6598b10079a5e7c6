import type { Bounded, Checked, SchemaIssue } from '@agenthook/bounded';
import type { ProblemIssue } from '@agenthook/contracts';
import { LRUCache } from 'lru-cache';

/** Maximum number of cached schemas. Each is at most 64 KiB of JSON. */
const KEPT = 200;
/** How long a check waits for its turn, in ms; the sender waits for the answer. */
const WAIT_MS = 5_000;

/**
 * `too_slow`: the check was stopped because it took too much time or memory.
 * `busy`: the check never ran, so the payload may be valid.
 */
export type PayloadVerdict =
  | { verdict: 'fits' }
  | { verdict: 'too_slow' }
  | { verdict: 'busy' }
  | { verdict: 'misfit'; issues: ProblemIssue[]; total: number };

type LoadSchema = () => Promise<Record<string, unknown> | null | undefined>;

export interface PayloadChecks {
  /**
   * The input_schema of an agent's version, or of a draft, which has none. Calls `load` if the schema is not
   * cached; undefined or null accepts any payload. Throws what `load` throws.
   */
  schemaOf(agentId: string, version: number | undefined, load: LoadSchema): Promise<object | undefined>;
  /** Checks a payload against that schema. */
  check(
    agentId: string,
    version: number | undefined,
    load: LoadSchema,
    payload: unknown,
  ): Promise<PayloadVerdict>;
}

/**
 * Checks payloads and caches recent schemas; versions never change. Schemas come from editors of agents and
 * payloads from anyone, so checks run under the limits of `bounded`.
 */
export function createPayloadChecks(bounded: Bounded): PayloadChecks {
  const known = new LRUCache<string, object>({ max: KEPT });

  const schemaOf: PayloadChecks['schemaOf'] = async (agentId, version, load) => {
    const key = version === undefined ? undefined : `${agentId}:${version}`;
    const schema = (key !== undefined && known.get(key)) || (await load());
    if (!schema) return undefined;
    if (key !== undefined) known.set(key, schema);
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

/** Converts the outcome of a check. Throws for a schema that does not compile, which no saved agent has. */
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
