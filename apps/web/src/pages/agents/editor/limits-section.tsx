import { Alert, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { NumberField } from '../../../components/number-field.js';
import { Panel } from '../../../components/panel.js';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { HELP_BELOW } from './help-below.js';
import { LIMIT_FIELDS, type Limit } from './limit-fields.js';

const LIMITS = Object.keys(LIMIT_FIELDS) as Limit[];

const SHOWN: { value: Agent['public_result']; label: string }[] = [
  { value: 'full', label: 'Everything, with tool calls, sources and usage' },
  { value: 'answer', label: 'Only the answer' },
  { value: 'status', label: 'Only whether it has ended' },
];

/** The limits of runs, which requests without a body run, and what is visible without an API key. */
export function LimitsSection() {
  const { values, readOnly, set, errorAt } = useDraft();
  const { limits, allow_get } = values;
  // Agents saved before this field existed do not have it.
  const takesEmpty = values.allow_empty_body ?? false;
  // Agents saved before this field existed show everything.
  const shown = values.public_result ?? 'full';
  // A required number may be empty while the user types. On saving, the api reports a missing one.
  const change = (limit: Limit, value: number | null) =>
    set('limits', { ...limits, [limit]: value } as Agent['limits'], `/limits/${limit}`);

  return (
    <Panel
      title="Limits"
      description="Time, steps, tokens and cost end a run at the first limit it reaches. Rate and waiting runs refuse new events. Only fields that show “no limit” may stay empty."
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing="md">
          {LIMITS.map((limit) => {
            const { label, unit, description, min, max, optional, decimals = 0 } = LIMIT_FIELDS[limit];
            return (
              <NumberField
                key={limit}
                label={unit === undefined ? label : `${label} (${unit})`}
                description={description}
                inputWrapperOrder={HELP_BELOW}
                min={min}
                {...(max === undefined ? {} : { max })}
                decimalScale={decimals}
                thousandSeparator=","
                placeholder={optional ? 'no limit' : ''}
                value={limits[limit]}
                readOnly={readOnly}
                error={errorAt(`/limits/${limit}`)}
                onChange={(value) => change(limit, value)}
              />
            );
          })}
        </SimpleGrid>
        <Select
          label="What a run shows without an API key"
          description="To anyone with the task id who polls or follows it, and in callbacks. Runs keep the setting of their version. With an API key, everything is visible."
          inputWrapperOrder={HELP_BELOW}
          allowDeselect={false}
          data={SHOWN}
          value={shown}
          readOnly={readOnly}
          error={errorAt('/public_result')}
          onChange={(value) => value !== null && set('public_result', value as Agent['public_result'])}
        />
        <Switch
          label="GET also runs the agent"
          description="With the query string as the payload, for senders that cannot send anything else."
          checked={allow_get}
          disabled={readOnly}
          error={errorAt('/allow_get')}
          onChange={({ currentTarget }) => set('allow_get', currentTarget.checked)}
        />
        <Switch
          label="A POST without a body also runs the agent"
          description="With {} as the payload, for senders whose event is in the headers or the query string."
          checked={takesEmpty}
          disabled={readOnly}
          error={errorAt('/allow_empty_body')}
          onChange={({ currentTarget }) => set('allow_empty_body', currentTarget.checked)}
        />
        <TextInput
          label="Title of a run"
          description="The path of a value in the event that names its run in lists."
          placeholder="payload.issue.title"
          value={values.title_path ?? ''}
          readOnly={readOnly}
          error={errorAt('/title_path')}
          maxLength={200}
          onChange={({ currentTarget }) => set('title_path', currentTarget.value.trim() || null)}
        />
        {allow_get && (
          <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
            <Text size="sm">
              Chat programs, mail scanners, browsers and crawlers open links to preview or check them, and
              each visit will run the agent. URLs and their query strings also end up in logs and histories.
            </Text>
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}
