import { Alert, NumberInput, Select, SimpleGrid, Stack, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Panel } from '../../../components/panel.js';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { LIMIT_FIELDS, type Limit } from './limit-fields.js';

const LIMITS = Object.keys(LIMIT_FIELDS) as Limit[];

const SHOWN: { value: Agent['public_result']; label: string }[] = [
  { value: 'full', label: 'Everything, with tool calls, sources and usage' },
  { value: 'answer', label: 'The answer alone' },
  { value: 'status', label: 'Only whether it has ended' },
];

/** What one run may take, how many there may be, whether GET runs the agent, and what is shown of a run. */
export function LimitsSection() {
  const { values, readOnly, set, errorAt } = useDraft();
  const { limits, allow_get } = values;
  // An agent that was saved before there was this shows everything.
  const shown = values.public_result ?? 'full';
  // A needed number may be empty while it is typed anew; the api says where one is missing.
  const change = (limit: Limit, value: number | null) =>
    set('limits', { ...limits, [limit]: value } as Agent['limits'], `/limits/${limit}`);

  return (
    <Panel title="Limits" description="What is used up first ends the run. Empty means no limit.">
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing="md">
          {LIMITS.map((limit) => {
            const { label, unit, description, min, max, optional, decimals = 0 } = LIMIT_FIELDS[limit];
            return (
              <NumberInput
                key={limit}
                label={unit === undefined ? label : `${label} (${unit})`}
                description={description}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                min={min}
                {...(max === undefined ? {} : { max })}
                decimalScale={decimals}
                thousandSeparator=","
                placeholder={optional ? 'no limit' : ''}
                value={limits[limit] ?? ''}
                readOnly={readOnly}
                error={errorAt(`/limits/${limit}`)}
                onChange={(value) => change(limit, typeof value === 'number' ? value : null)}
              />
            );
          })}
        </SimpleGrid>
        <Select
          label="Shown of a run without an API key"
          description="To who has the task id, polls or follows it, and in callbacks. Runs keep what their version says; with an API key everything is shown."
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          allowDeselect={false}
          data={SHOWN}
          value={shown}
          readOnly={readOnly}
          error={errorAt('/public_result')}
          onChange={(value) => value !== null && set('public_result', value as Agent['public_result'])}
        />
        <Switch
          label="GET runs the agent too"
          description="With the query string as the payload, for senders that can do nothing else."
          checked={allow_get}
          disabled={readOnly}
          error={errorAt('/allow_get')}
          onChange={({ currentTarget }) => set('allow_get', currentTarget.checked)}
        />
        {allow_get && (
          <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
            <Text size="sm">
              Chat programs, mail scanners, browsers and crawlers open links to preview or to check them, and
              each time will run the agent. Addresses with their query end up in logs and histories.
            </Text>
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}
