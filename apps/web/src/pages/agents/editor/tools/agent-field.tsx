import { Select } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAgentNames } from '../../../../components/use-agent-names.js';
import { useDraft } from '../draft/use-draft.js';

interface AgentFieldProps {
  label: string;
  description?: ReactNode;
  error: string | undefined;
  required: boolean;
  /** The id of the agent; empty if none is chosen. */
  value: string;
  readOnly: boolean;
  onChange: (id: string) => void;
}

/** A choice among the other agents, by name. An agent that was deleted is shown by its id. */
export function AgentField({ value, onChange, label, ...rest }: AgentFieldProps) {
  const names = useAgentNames();
  const { draft } = useDraft();
  const others = [...(names ?? [])].filter(([id]) => id !== draft.base.id);
  const known = others.map(([id, name]) => ({ value: id, label: name }));
  const isGone = value !== '' && names !== undefined && !names.has(value);
  return (
    <Select
      {...rest}
      label={label === 'Agent id' ? 'Agent' : label}
      data={isGone ? [...known, { value, label: `${value} (deleted)` }] : known}
      placeholder={others.length === 0 ? 'There is no other agent yet' : 'Choose an agent'}
      searchable
      allowDeselect={false}
      value={value === '' ? null : value}
      comboboxProps={{ withinPortal: false }}
      onChange={(chosen) => onChange(chosen ?? '')}
    />
  );
}
