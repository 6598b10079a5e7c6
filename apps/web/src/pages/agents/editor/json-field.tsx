import { isJsonObject, parseJson } from '@agenthook/json';
import { type ReactNode, useState } from 'react';
import { CodeEditor } from '../../../components/code-editor/code-editor.js';
import { isSame } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';

interface JsonFieldProps {
  label: string;
  description?: ReactNode;
  required?: boolean;
  /** The JSON Pointer of the value in the agent. */
  at: string;
  value: unknown;
  /** The value of an empty field. */
  empty: null | undefined;
  /** Called with the value whenever the text is a JSON object. */
  onChange: (value: Record<string, unknown> | null | undefined) => void;
  height?: number;
  error?: string | undefined;
}

const pretty = (value: unknown): string =>
  value === null || value === undefined ? '' : JSON.stringify(value, null, 2);

/**
 * A JSON object that is edited as text. While the text is not valid, the draft keeps it and cannot be saved.
 */
export function JsonField({ at, value, empty, onChange, error, ...look }: JsonFieldProps) {
  const { draft, dispatch, readOnly } = useDraft();
  const [typed, setTyped] = useState(() => pretty(value));
  const unreadable = draft.unreadable[at];
  // The text as typed, as long as it equals the draft's value.
  const read = readObject(typed, empty);
  const text = unreadable?.text ?? ('value' in read && isSame(read.value, value) ? typed : pretty(value));

  const change = (next: string) => {
    if (next === text) return;
    setTyped(next);
    const result = readObject(next, empty);
    if ('value' in result) onChange(result.value);
    else dispatch({ do: 'leave_unreadable', at, text: next, message: result.fault });
  };
  return (
    <CodeEditor
      {...look}
      language="json"
      value={text}
      onChange={change}
      readOnly={readOnly}
      error={unreadable?.message ?? error}
    />
  );
}

function readObject<E>(text: string, empty: E): { value: Record<string, unknown> | E } | { fault: string } {
  if (text.trim() === '') return { value: empty };
  try {
    const value: unknown = parseJson(text);
    if (isJsonObject(value)) return { value };
    return { fault: 'This must be a JSON object, {…}.' };
  } catch (error) {
    return { fault: `This is not valid JSON: ${(error as Error).message}.` };
  }
}
