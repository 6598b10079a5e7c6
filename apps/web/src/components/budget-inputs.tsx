import { Select, SimpleGrid, Stack } from '@mantine/core';
import type { Schema } from '../api/client.js';
import { NumberField } from './number-field.js';

export type Budget = NonNullable<Schema<'BudgetState'>['budget']>;
type Limit = Exclude<keyof Budget, 'on_limit'>;

export const NEW_BUDGET: Budget = {
  per_day_usd: 10,
  per_month_usd: null,
  per_day_tokens: null,
  on_limit: 'reject',
};

const LIMITS: Record<Limit, { label: string; decimals: number; max: number }> = {
  per_day_usd: { label: 'USD a day', decimals: 6, max: 1_000_000 },
  per_month_usd: { label: 'USD a month', decimals: 6, max: 1_000_000 },
  per_day_tokens: { label: 'Tokens a day', decimals: 0, max: 1_000_000_000_000 },
};

const ON_LIMITS: { value: Budget['on_limit']; label: string }[] = [
  { value: 'reject', label: 'Refuse events with 429, and end runs' },
  { value: 'park', label: 'Accept events, and let runs wait' },
];

interface BudgetInputsProps {
  value: Budget;
  onChange: (budget: Budget, changed: keyof Budget) => void;
  readOnly?: boolean;
  errorOf?: (field: keyof Budget) => string | undefined;
}

/** The fields of a budget. Days and months are those of UTC. */
export function BudgetInputs({ value, onChange, readOnly = false, errorOf }: BudgetInputsProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {(Object.keys(LIMITS) as Limit[]).map((limit) => {
          const { label, decimals, max } = LIMITS[limit];
          return (
            <NumberField
              key={limit}
              label={label}
              min={0}
              max={max}
              decimalScale={decimals}
              thousandSeparator=","
              placeholder="no limit"
              value={value[limit]}
              readOnly={readOnly}
              error={errorOf?.(limit)}
              onChange={(next) => onChange({ ...value, [limit]: next }, limit)}
            />
          );
        })}
      </SimpleGrid>
      <Select
        label="Once a limit is reached"
        data={ON_LIMITS}
        allowDeselect={false}
        value={value.on_limit}
        readOnly={readOnly}
        onChange={(next) => next && onChange({ ...value, on_limit: next as Budget['on_limit'] }, 'on_limit')}
      />
    </Stack>
  );
}
