import { createContext, type ReactNode, use, useEffect, useMemo, useReducer } from 'react';
import { useSession } from '../../../../app/session.js';
import { messageInWords } from '../../../../components/message-words.js';
import {
  type Action,
  type Agent,
  type Draft,
  type Field,
  isChanged,
  reduceDraft,
  startDraft,
  type Values,
  valuesOf,
} from './draft.js';

interface DraftTools {
  draft: Draft;
  values: Values;
  isDirty: boolean;
  /** True if this session may not save. */
  readOnly: boolean;
  dispatch: (action: Action) => void;
  /** @param at the JSON Pointer of the changed value, so that errors in the rest of the field stay */
  set: <F extends Field>(field: F, value: Values[F], at?: string) => void;
  /** The error at a place, as the api reported it; undefined if there is none. */
  errorAt: (path: string) => string | undefined;
}

const DraftContext = createContext<DraftTools | undefined>(undefined);

/**
 * Holds an agent's draft for all parts of its page. It exists only in this page, because it may contain
 * secrets.
 */
export function DraftProvider({ agent, children }: { agent: Agent; children: ReactNode }) {
  const [draft, dispatch] = useReducer(reduceDraft, agent, startDraft);
  const { can } = useSession();
  const readOnly = !can('admin');

  useEffect(() => dispatch({ do: 'follow', latest: agent }), [agent]);

  const tools = useMemo<DraftTools>(
    () => ({
      draft,
      values: valuesOf(draft),
      isDirty: isChanged(draft),
      readOnly,
      dispatch,
      set: (field, value, at) => dispatch({ do: 'set', field, value, ...(at === undefined ? {} : { at }) }),
      errorAt: (path) => {
        const issue = draft.issues.find((each) => each.path === path);
        return issue && messageInWords(issue.message);
      },
    }),
    [draft, readOnly],
  );
  return <DraftContext value={tools}>{children}</DraftContext>;
}

export function useDraft(): DraftTools {
  const tools = use(DraftContext);
  if (tools === undefined) throw new Error('There is no draft around this component.');
  return tools;
}
