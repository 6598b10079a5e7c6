import { Button, Chip, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAgentNames } from '../../components/use-agent-names.js';
import { isFiltered, RUN_STATUSES, type RunFilters, statusesOf, validateFilters } from './run-filters.js';
import { TimeFilter } from './time-filter.js';

const TYPING_MS = 300;

/** The filters of the list, all stored in the URL. */
export function RunFilterBar({ filters }: { filters: RunFilters }) {
  const navigate = useNavigate();
  const agents = useAgentNames();
  const set = (change: { [Key in keyof RunFilters]?: RunFilters[Key] | undefined }) =>
    void navigate({
      to: '/runs',
      search: (before) => validateFilters({ ...before, ...change }),
      replace: true,
    });

  return (
    <Group gap="sm" role="search" aria-label="Runs">
      <SearchField q={filters.q} onChange={(q) => set({ q })} />
      <Select
        aria-label="Agent"
        placeholder="All agents"
        w={{ base: 'calc(50% - 6px)', xs: 200 }}
        data={[...(agents ?? [])].map(([value, label]) => ({ value, label }))}
        value={filters.agent ?? null}
        onChange={(agent) => set({ agent: agent ?? undefined })}
        searchable
        clearable
        limit={100}
        nothingFoundMessage="No such agent"
      />
      <TimeFilter filters={filters} onChange={set} />
      <Chip.Group
        multiple
        value={statusesOf(filters)}
        onChange={(statuses) => set({ status: statuses.join(',') })}
      >
        <Group gap={6} role="group" aria-label="Status">
          {RUN_STATUSES.map((status) => (
            <Chip key={status} value={status} size="sm" radius="md">
              {status}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {isFiltered(filters) && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={16} aria-hidden />}
          onClick={() => void navigate({ to: '/runs', search: {} })}
        >
          Clear filters
        </Button>
      )}
    </Group>
  );
}

function SearchField({ q = '', onChange }: { q?: string | undefined; onChange: (q: string) => void }) {
  const [text, setText] = useState(q);
  const [reported, setReported] = useState(q);
  const report = useDebouncedCallback((value: string) => {
    setReported(value.trim());
    onChange(value);
  }, TYPING_MS);
  // The URL has changed by something other than typing here.
  if (q !== reported) {
    setReported(q);
    setText(q);
  }
  return (
    <TextInput
      aria-label="Task id or idempotency key"
      placeholder="Task id or idempotency key"
      leftSection={<IconSearch size={16} aria-hidden />}
      w={{ base: '100%', xs: 250 }}
      maxLength={256}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        report(value);
      }}
    />
  );
}
