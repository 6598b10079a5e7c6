import { Autocomplete, Button, Indicator, MultiSelect, Popover, Stack, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { FAILURES } from '../../api/generated/failures.js';
import { NumberField } from '../../components/number-field.js';
import { useModelOptions } from '../agents/model-input.js';
import { type FilterChange, listOf, type RunFilters, scannedFilters } from './run-filters.js';
import { TRIGGERS } from './run-names.js';

const CODES = Object.keys(FAILURES).sort();
const ORIGINS = Object.entries(TRIGGERS).map(([value, label]) => ({ value, label }));
const MS = 1000;

interface MoreFiltersProps {
  filters: RunFilters;
  onChange: (change: FilterChange) => void;
}

/** The filters that are used less often, behind a button that says how many are set. */
export function MoreFilters({ filters, onChange }: MoreFiltersProps) {
  const set = scannedFilters(filters) - (filters.text === undefined ? 0 : 1);
  return (
    <Indicator label={set} size={16} disabled={set === 0}>
      <Popover position="bottom-start" width={320} trapFocus returnFocus shadow="md">
        <Popover.Target>
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
            aria-label={set === 0 ? 'More filters' : `More filters, ${set} set`}
          >
            Filters
          </Button>
        </Popover.Target>
        <Popover.Dropdown mah="70vh" style={{ overflowY: 'auto' }}>
          <Fields filters={filters} onChange={onChange} />
        </Popover.Dropdown>
      </Popover>
    </Indicator>
  );
}

const IN_PLACE = { withinPortal: false };

function Fields({ filters, onChange }: MoreFiltersProps) {
  const { data: senders } = api.useQuery('get', '/api/senders', {}, { staleTime: Number.POSITIVE_INFINITY });
  const { examples } = useModelOptions();
  const named = (senders?.senders ?? []).map(({ scheme, title }) => ({ value: scheme, label: title }));
  return (
    <Stack gap="xs">
      <MultiSelect
        label="Error code"
        data={CODES}
        value={listOf(filters.error)}
        onChange={(codes) => onChange({ error: codes.join(',') })}
        comboboxProps={IN_PLACE}
        openOnFocus={false}
        searchable
        clearable
      />
      <MultiSelect
        label="Trigger"
        data={ORIGINS}
        value={listOf(filters.trigger)}
        onChange={(triggers) => onChange({ trigger: triggers.join(',') })}
        comboboxProps={IN_PLACE}
        openOnFocus={false}
        clearable
      />
      <MultiSelect
        label="Sender"
        data={[{ value: 'none', label: 'No signature' }, ...named]}
        value={listOf(filters.sender)}
        onChange={(chosen) => onChange({ sender: chosen.join(',') })}
        comboboxProps={IN_PLACE}
        openOnFocus={false}
        searchable
        clearable
      />
      <Autocomplete
        label="Model"
        data={examples}
        defaultValue={filters.model ?? ''}
        onBlur={({ currentTarget }) => onChange({ model: currentTarget.value })}
        onOptionSubmit={(model) => onChange({ model })}
        comboboxProps={IN_PLACE}
        maxLength={200}
      />
      <NumberFilter
        label="Version of the agent"
        isWhole
        value={filters.version}
        onChange={(version) => onChange({ version })}
      />
      <NumberFilter
        label="Took at least, seconds"
        value={filters.min_ms === undefined ? undefined : filters.min_ms / MS}
        onChange={(seconds) =>
          onChange({ min_ms: seconds === undefined ? undefined : Math.round(seconds * MS) })
        }
      />
      <NumberFilter
        label="Took at most, seconds"
        value={filters.max_ms === undefined ? undefined : filters.max_ms / MS}
        onChange={(seconds) =>
          onChange({ max_ms: seconds === undefined ? undefined : Math.round(seconds * MS) })
        }
      />
      <NumberFilter
        label="Cost at least, USD"
        value={filters.min_usd}
        onChange={(min_usd) => onChange({ min_usd })}
      />
      <NumberFilter
        label="Cost at most, USD"
        value={filters.max_usd}
        onChange={(max_usd) => onChange({ max_usd })}
      />
      <TextInput
        label="Conversation id"
        defaultValue={filters.conversation ?? ''}
        onBlur={({ currentTarget }) => onChange({ conversation: currentTarget.value.trim() })}
        maxLength={100}
      />
    </Stack>
  );
}

interface NumberFilterProps {
  label: string;
  /** Whether it counts something, from 1. */
  isWhole?: boolean;
  value: number | undefined;
  onChange: (value: number | undefined) => void;
}

/** A number that filters once the field is left, so that a list is not read for each digit. */
function NumberFilter({ label, isWhole = false, value, onChange }: NumberFilterProps) {
  const [typed, setTyped] = useState(value ?? null);
  return (
    <NumberField
      label={label}
      allowDecimal={!isWhole}
      value={typed}
      onChange={setTyped}
      onBlur={() => onChange(typed ?? undefined)}
      min={isWhole ? 1 : 0}
      hideControls
    />
  );
}
