import { Select, type SelectProps } from '@mantine/core';
import { useAgentNames } from './use-agent-names.js';

interface AgentSelectProps extends Pick<SelectProps, 'w'> {
  /** The id of the chosen agent; undefined for all. */
  value: string | undefined;
  onChange: (agentId: string | undefined) => void;
}

/** Chooses an agent to show, or all. An id that no agent has is shown as it is, so that it can be cleared. */
export function AgentSelect({ value, onChange, ...size }: AgentSelectProps) {
  const names = useAgentNames();
  const data = [...(names ?? [])].map(([id, label]) => ({ value: id, label }));
  if (value !== undefined && !names?.has(value)) data.push({ value, label: names ? value : '…' });
  return (
    <Select
      {...size}
      aria-label="Agent"
      placeholder="All agents"
      data={data}
      value={value ?? null}
      onChange={(agentId) => onChange(agentId ?? undefined)}
      searchable
      clearable
      limit={100}
      nothingFoundMessage="No such agent"
    />
  );
}
