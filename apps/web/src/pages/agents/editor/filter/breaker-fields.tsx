import { NumberInput, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useDraft } from '../draft/use-draft.js';
import { HELP_BELOW } from '../help-below.js';

const DEFAULT_MAX = 10;

/** The breaker: how many runs about the same thing pause the agent. */
export function BreakerFields() {
  const { values, readOnly, set, errorAt } = useDraft();
  const breaker = values.breaker ?? null;
  return (
    <Stack gap="xs">
      <Switch
        label="Pause the agent if it runs too often about the same thing"
        description="For example because it answers itself. Events then wait until you resume it."
        checked={breaker !== null}
        disabled={readOnly}
        onChange={({ currentTarget }) =>
          set('breaker', currentTarget.checked ? { key: '', max_per_minute: DEFAULT_MAX } : null)
        }
      />
      {breaker && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="What an event is about"
            description="CEL, for example payload.issue.number. Empty: all runs count together."
            inputWrapperOrder={HELP_BELOW}
            ff="monospace"
            value={breaker.key ?? ''}
            maxLength={1_000}
            readOnly={readOnly}
            error={errorAt('/breaker/key')}
            onChange={({ currentTarget }) =>
              set('breaker', { ...breaker, key: currentTarget.value }, '/breaker/key')
            }
          />
          <NumberInput
            label="Runs a minute"
            description="One more pauses the agent."
            inputWrapperOrder={HELP_BELOW}
            min={1}
            max={100_000}
            decimalScale={0}
            value={breaker.max_per_minute}
            readOnly={readOnly}
            error={errorAt('/breaker/max_per_minute')}
            onChange={(value) =>
              typeof value === 'number' &&
              set('breaker', { ...breaker, max_per_minute: value }, '/breaker/max_per_minute')
            }
          />
        </SimpleGrid>
      )}
    </Stack>
  );
}
