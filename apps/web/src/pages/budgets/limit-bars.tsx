import { Group, Progress, Stack, Text } from '@mantine/core';
import type { Schema } from '../../api/client.js';
import { formatCost, formatNumber } from '../../components/format.js';
import { RelativeTime } from '../../components/times.js';

type Use = Schema<'BudgetState'>['limits'][number];

const NAMES: Record<Use['limit'], string> = {
  per_day_usd: 'Cost of this day',
  per_month_usd: 'Cost of this month',
  per_day_tokens: 'Tokens of this day',
};
/** From this share on, it is told, in percent. */
const NEARLY = 80;

const colorOf = (percent: number): string => (percent >= 100 ? 'red' : percent >= NEARLY ? 'orange' : 'blue');

/** How far each limit of a budget is used. */
export function LimitBars({ limits, spend }: Pick<Schema<'BudgetState'>, 'limits' | 'spend'>) {
  return (
    <Stack gap="sm">
      {limits.map((use) => (
        <LimitBar key={use.limit} use={use} />
      ))}
      {spend !== null && spend.unpriced_turns > 0 && (
        <Text size="sm" c="orange">
          {formatNumber(spend.unpriced_turns)} turns of this day are not in these costs: the price of their
          model is unknown.
        </Text>
      )}
    </Stack>
  );
}

function LimitBar({ use }: { use: Use }) {
  const { limit, used, max, used_percent, resets_at } = use;
  const format = limit === 'per_day_tokens' ? formatNumber : formatCost;
  return (
    <div>
      <Group justify="space-between" gap="xs" mb={4}>
        <Text size="sm" fw={500}>
          {NAMES[limit]}
        </Text>
        <Text size="sm">
          {format(used)} of {format(max)}
        </Text>
      </Group>
      <Progress
        value={Math.min(100, used_percent)}
        color={colorOf(used_percent)}
        aria-label={`${NAMES[limit]}: ${used_percent} % used`}
      />
      <Text size="xs" c="dimmed" mt={4}>
        {used_percent} % used, begins again <RelativeTime at={resets_at} />
      </Text>
    </div>
  );
}
