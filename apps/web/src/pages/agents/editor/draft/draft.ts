import { hashKey } from '@tanstack/react-query';
import type { Schema } from '../../../../api/client.js';
import type { Problem } from '../../../../api/problem.js';

export type Agent = Schema<'Agent'>;
export type Tool = Agent['tools'][number];
export type Issue = NonNullable<Problem['errors']>[number];

/** What a draft holds of an agent. How it is reached (signature, callback) and its status are saved by themselves. */
const FIELDS = [
  'name',
  'description',
  'model',
  'fallback_models',
  'system_prompt',
  'input_template',
  'tools',
  'input_schema',
  'output_schema',
  'limits',
  'allow_get',
  'sandbox_tools',
  'public_result',
] as const satisfies (keyof Agent)[];
export type Field = (typeof FIELDS)[number];
export type Values = Pick<Agent, Field>;

/** An agent as it is being edited: what differs from the version that it is based on. */
export interface Draft {
  base: Agent;
  edits: Partial<Values>;
  /** A later version that changed what is edited here too: it has to be looked at before anything is saved. */
  newer: Agent | undefined;
  /** Texts that should be JSON and are not, by the JSON Pointer of their value. */
  unreadable: Record<string, { text: string; message: string }>;
  /** What the api refused, by place; each goes when its place is changed. */
  issues: Issue[];
}

export type Action =
  | { do: 'set'; field: Field; value: Values[Field]; at?: string }
  | { do: 'leave_unreadable'; at: string; text: string; message: string }
  | { do: 'refuse'; issues: Issue[] }
  | { do: 'follow'; latest: Agent }
  | { do: 'saved'; sent: Partial<Values>; agent: Agent }
  | { do: 'rebase'; onto: Agent }
  | { do: 'start_over'; agent: Agent };

export const startDraft = (base: Agent): Draft => ({
  base,
  edits: {},
  newer: undefined,
  unreadable: {},
  issues: [],
});

export const isSame = (a: unknown, b: unknown): boolean => a === b || hashKey([a]) === hashKey([b]);

export const valuesOf = ({ base, edits }: Draft): Values => ({ ...base, ...edits });

export const isChanged = ({ edits, unreadable }: Draft): boolean =>
  Object.keys(edits).length > 0 || Object.keys(unreadable).length > 0;

/** The fields in which two versions differ. One that the older does not know yet is none. */
export const differingFields = (before: Partial<Values>, after: Partial<Values>): Field[] =>
  FIELDS.filter(
    (field) =>
      before[field] !== undefined && after[field] !== undefined && !isSame(before[field], after[field]),
  );

/** The fields that both the draft and a later version changed, to different ends. */
export const conflictsWith = ({ base, edits }: Draft, latest: Agent): Field[] =>
  differingFields(base, latest).filter(
    (field) => edits[field] !== undefined && !isSame(edits[field], latest[field]),
  );

/** What of `edits` still differs from an agent. */
const remaining = (edits: Partial<Values>, agent: Agent): Partial<Values> =>
  Object.fromEntries(Object.entries(edits).filter(([field, value]) => !isSame(value, agent[field as Field])));

const isAtOrBelow = (path: string, at: string): boolean => path === at || path.startsWith(`${at}/`);

/** Whether a change at one place may mend what is wrong at another: within it, or around it. */
const touches = (at: string, path: string): boolean => isAtOrBelow(path, at) || isAtOrBelow(at, path);

export function reduceDraft(draft: Draft, action: Action): Draft {
  switch (action.do) {
    case 'set': {
      const { field, value, at = `/${field}` } = action;
      const edits = remaining({ ...draft.edits, [field]: value }, draft.base);
      return {
        ...draft,
        edits,
        issues: draft.issues.filter(({ path }) => !touches(at, path)),
        unreadable: Object.fromEntries(
          Object.entries(draft.unreadable).filter(([path]) => !touches(at, path)),
        ),
      };
    }
    case 'leave_unreadable': {
      const { at, text, message } = action;
      return { ...draft, unreadable: { ...draft.unreadable, [at]: { text, message } } };
    }
    case 'refuse':
      return { ...draft, issues: action.issues };
    case 'follow':
      return follow(draft, action.latest);
    case 'saved': {
      // What was changed while the answer was under way stays a change.
      const later = Object.entries(draft.edits).filter(
        ([field, value]) => value !== action.sent[field as Field],
      );
      return {
        ...startDraft(action.agent),
        edits: Object.fromEntries(later),
        unreadable: draft.unreadable,
      };
    }
    case 'rebase':
      return {
        ...draft,
        base: action.onto,
        newer: undefined,
        edits: remaining(draft.edits, action.onto),
      };
    case 'start_over':
      return startDraft(action.agent);
  }
}

/** Takes a version that was saved elsewhere as the new base, unless it changed what is edited here. */
function follow(draft: Draft, latest: Agent): Draft {
  if (latest.version < draft.base.version) return draft;
  if (conflictsWith(draft, latest).length > 0) return { ...draft, newer: latest };
  return { ...draft, base: latest, newer: undefined, edits: remaining(draft.edits, latest) };
}
