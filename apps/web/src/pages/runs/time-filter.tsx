import { Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { RANGES, type Range, type RunFilters } from './run-filters.js';

const CUSTOM = 'custom';
const CHOICES = [
  ...Object.entries(RANGES).map(([value, { label }]) => ({ value, label })),
  { value: CUSTOM, label: 'From … to …' },
];

type Span = { [Key in 'range' | 'from' | 'to']?: RunFilters[Key] | undefined };

/** When the runs were created: a range before now, or between two times in the viewer's zone. */
export function TimeFilter({ filters, onChange }: { filters: RunFilters; onChange: (span: Span) => void }) {
  const { range, from, to } = filters;
  const [isChosen, setChosen] = useState(false);
  const isCustom = range === undefined && (isChosen || from !== undefined || to !== undefined);

  const choose = (value: string | null) => {
    setChosen(value === CUSTOM);
    const chosen = value === null || value === CUSTOM ? undefined : (value as Range);
    onChange({ range: chosen, from: undefined, to: undefined });
  };
  return (
    <>
      <Select
        aria-label="Time"
        placeholder="Any time"
        w={{ base: 'calc(50% - 6px)', xs: 170 }}
        data={CHOICES}
        value={range ?? (isCustom ? CUSTOM : null)}
        onChange={choose}
        clearable
      />
      {isCustom && (
        <>
          <TimeField label="From" value={from} onChange={(value) => onChange({ from: value, to })} />
          <TimeField label="To" value={to} onChange={(value) => onChange({ from, to: value })} />
        </>
      )}
    </>
  );
}

interface TimeFieldProps {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <TextInput
      type="datetime-local"
      aria-label={label}
      leftSection={label}
      leftSectionWidth={48}
      w={{ base: '100%', xs: 250 }}
      value={value === undefined ? '' : localOf(value)}
      onChange={({ currentTarget }) => {
        const ms = Date.parse(currentTarget.value);
        onChange(Number.isNaN(ms) ? undefined : new Date(ms).toISOString());
      }}
    />
  );
}

/** Formats a time for a datetime-local field: the viewer's zone, to the minute. */
function localOf(time: string): string {
  const date = new Date(time);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
