import { hashKey } from '@tanstack/react-query';
import type { Schema } from '../../../../api/client.js';
import type { Problem } from '../../../../api/problem.js';

export type Agent = Schema<'Agent'>;
export type Tool = Agent['tools'][number];
export type Destination = NonNullable<Agent['destinations']>[number];
export type Issue = NonNullable<Problem['errors']>[number];

/** The fields of an agent that a draft covers. Signature, callback and status are saved separately. */
const FIELDS = [
  'name',
  'description',
  'tags',
  'model',
  'fallback_models',
  'model_options',
  'system_prompt',
  'input_template',
  'tools',
  'input_schema',
  'output_schema',
  'filter',
  'ignore_senders',
  'breaker',
  'conversation',
  'burst',
  'limits',
  'budget',
  'retention',
  'masks',
  'notify',
  'allow_get',
  'allow_empty_body',
  'title_path',
  'sandbox_tools',
  'public_result',
  'result_shape',
  'response',
  'schedules',
  'destinations',
] as const satisfies (keyof Agent)[];
export type Field = (typeof FIELDS)[number];
export type Values = Pick<Agent, Field>;

/** An agent that is being edited: the changes to the version that it is based on. */
export interface Draft {
  base: Agent;
  edits: Partial<Values>;
  /** A later version that changed a field that is also edited here. The user must see it before saving. */
  newer: Agent | undefined;
  /** Texts that should be JSON but are not, by the JSON Pointer of their value. */
  unreadable: Record<string, { text: string; message: string }>;
  /** The errors that the api reported, by place. Each disappears when its place changes. */
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

/**
 * The fields that differ between two versions. A field that the older version does not have yet does not
 * count.
 */
export const differingFields = (before: Partial<Values>, after: Partial<Values>): Field[] =>
  FIELDS.filter(
    (field) =>
      before[field] !== undefined && after[field] !== undefined && !isSame(before[field], after[field]),
  );

/** The fields that both the draft and a later version changed to different values. */
export const conflictsWith = ({ base, edits }: Draft, latest: Agent): Field[] =>
  differingFields(base, latest).filter(
    (field) => edits[field] !== undefined && !isSame(edits[field], latest[field]),
  );

/** The part of `edits` that still differs from an agent. */
const remaining = (edits: Partial<Values>, agent: Agent): Partial<Values> =>
  Object.fromEntries(Object.entries(edits).filter(([field, value]) => !isSame(value, agent[field as Field])));

const isAtOrBelow = (path: string, at: string): boolean => path === at || path.startsWith(`${at}/`);

/** Whether a change at one place may fix an error at another, within it or around it. */
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
      // Edits made while the answer was on its way remain changes.
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

/** Rebases the draft on a version that was saved elsewhere, unless that version changed an edited field. */
function follow(draft: Draft, latest: Agent): Draft {
  if (latest.version < draft.base.version) return draft;
  if (conflictsWith(draft, latest).length > 0) return { ...draft, newer: latest };
  return { ...draft, base: latest, newer: undefined, edits: remaining(draft.edits, latest) };
}
