import { TextInput } from '@mantine/core';
import { useDraft } from '../draft/use-draft.js';

interface KeyFieldProps {
  field: 'conversation' | 'burst';
  description: string;
  value: string;
  onChange: (key: string) => void;
}

/** The template of a key: events with the same rendered key belong together. */
export function KeyField({ field, description, value, onChange }: KeyFieldProps) {
  const { readOnly, errorAt } = useDraft();
  return (
    <TextInput
      label="Key"
      description={description}
      placeholder="{{ payload.issue.number }}"
      ff="monospace"
      required
      maxLength={2_000}
      spellCheck={false}
      value={value}
      readOnly={readOnly}
      error={errorAt(`/${field}/key`)}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}
