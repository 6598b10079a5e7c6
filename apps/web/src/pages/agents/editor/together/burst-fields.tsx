import { Select, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { Agent } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { KeyField } from './key-field.js';
import { NumberField } from './number-field.js';

type Burst = NonNullable<Agent['burst']>;

const NEW: Burst = { key: '', window_seconds: 5, max_wait_seconds: 50, keep: 'latest', max_items: 100 };
const MIN_SECONDS = 0.1;
const MAX_WINDOW_SECONDS = 3_600;
const MAX_WAIT_SECONDS = 86_400;
const MAX_ITEMS = 1_000;

const KEEPS: { value: Burst['keep']; label: string }[] = [
  { value: 'latest', label: 'The newest event' },
  { value: 'all', label: 'All events, as payload.events' },
];

/** Which events become one run. */
export function BurstFields() {
  const { values, readOnly, set } = useDraft();
  const burst = values.burst ?? null;
  const change = (changed: Partial<Burst>) =>
    burst && set('burst', { ...burst, ...changed }, `/burst/${Object.keys(changed)[0]}`);
  return (
    <Stack gap="xs">
      <Switch
        label="Make one run of a burst"
        description="Events that follow each other quickly share a run."
        checked={burst !== null}
        disabled={readOnly}
        onChange={({ currentTarget }) => set('burst', currentTarget.checked ? NEW : null)}
      />
      {burst && (
        <>
          <KeyField
            field="burst"
            description="LiquidJS. Events whose key renders to the same text share a run."
            value={burst.key}
            onChange={(key) => change({ key })}
          />
          <Select
            label="The run gets"
            data={KEEPS}
            allowDeselect={false}
            value={burst.keep}
            readOnly={readOnly}
            onChange={(value) => value && change({ keep: value as Burst['keep'] })}
          />
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NumberField
              at="/burst/window_seconds"
              label="Quiet for, in seconds"
              description="Then the run starts."
              min={MIN_SECONDS}
              max={MAX_WINDOW_SECONDS}
              isDecimal
              value={burst.window_seconds}
              onChange={(window_seconds) => change({ window_seconds })}
            />
            <NumberField
              at="/burst/max_wait_seconds"
              label="At the latest, in seconds"
              description="After the first event."
              min={burst.window_seconds}
              max={MAX_WAIT_SECONDS}
              isDecimal
              value={burst.max_wait_seconds}
              onChange={(max_wait_seconds) => change({ max_wait_seconds })}
            />
            <NumberField
              at="/burst/max_items"
              label="Events"
              description="As many start the run at once."
              min={1}
              max={MAX_ITEMS}
              value={burst.max_items}
              onChange={(max_items) => change({ max_items })}
            />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}
