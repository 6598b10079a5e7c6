import { Button, Chip, Group, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilterOff, IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../app/session.js';
import { AgentSelect } from '../../components/agent-select.js';
import { MoreFilters } from './more-filters.js';
import { isFiltered, RUN_STATUSES, type RunFilters, statusesOf } from './run-filters.js';
import { TimeFilter } from './time-filter.js';
import { useFilterChange } from './use-filter-change.js';

const TYPING_MS = 300;

/** The filters of the list, all stored in the URL. */
export function RunFilterBar({ filters }: { filters: RunFilters }) {
  const navigate = useNavigate();
  const { session } = useSession();
  const set = useFilterChange();

  return (
    <Group gap="sm" role="search" aria-label="Runs">
      <SearchField
        label={
          session.see_payloads
            ? 'Words in payload, answer or error'
            : 'Your key may not see payloads, nor search them'
        }
        isMain={session.see_payloads}
        isOff={!session.see_payloads}
        value={filters.text}
        most={200}
        onChange={(text) => set({ text })}
      />
      <SearchField
        label="Task id or idempotency key"
        value={filters.q}
        most={256}
        onChange={(q) => set({ q })}
      />
      <AgentSelect
        w={{ base: 'calc(50% - 6px)', xs: 200 }}
        value={filters.agent}
        onChange={(agent) => set({ agent })}
      />
      <TimeFilter filters={filters} onChange={set} />
      <MoreFilters filters={filters} onChange={set} />
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

interface SearchFieldProps {
  label: string;
  /** Whether `/` goes to it. */
  isMain?: boolean;
  isOff?: boolean;
  value: string | undefined;
  /** In characters. */
  most: number;
  onChange: (value: string) => void;
}

function SearchField({ label, isMain, isOff = false, value = '', most, onChange }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [reported, setReported] = useState(value);
  const report = useDebouncedCallback((typed: string) => {
    setReported(typed.trim());
    onChange(typed);
  }, TYPING_MS);
  // The URL has changed by something other than typing here.
  if (value !== reported) {
    setReported(value);
    setText(value);
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      w={{ base: '100%', xs: 290 }}
      maxLength={most}
      value={text}
      disabled={isOff}
      {...(isMain && { 'data-search': true })}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        report(currentTarget.value);
      }}
    />
  );
}
