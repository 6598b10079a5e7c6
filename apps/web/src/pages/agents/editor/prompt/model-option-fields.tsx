import { Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { NumberField } from '../../../../components/number-field.js';
import type { Agent } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { HELP_BELOW } from '../help-below.js';
import { JsonField } from '../json-field.js';

type Options = NonNullable<Agent['model_options']>;
type Name = keyof Options;

const AT = '/model_options';

const NUMBERS: { name: 'temperature' | 'top_p' | 'seed'; label: string; description: string; max: number }[] =
  [
    { name: 'temperature', label: 'Temperature', description: 'How much answers vary.', max: 2 },
    { name: 'top_p', label: 'Top P', description: 'Share of the likeliest tokens.', max: 1 },
    { name: 'seed', label: 'Seed', description: 'Makes answers repeatable.', max: 2_147_483_647 },
  ];

const CHOICES: { name: Name; label: string; description: string; values: string[] }[] = [
  {
    name: 'reasoning_effort',
    label: 'Reasoning effort',
    description: 'How much the model reasons.',
    values: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  },
  {
    name: 'verbosity',
    label: 'Verbosity',
    description: 'How long answers are.',
    values: ['low', 'medium', 'high'],
  },
  {
    name: 'service_tier',
    label: 'Service tier',
    description: 'flex costs about half and may wait.',
    values: ['auto', 'default', 'flex', 'priority'],
  },
];

/** Options without those that are not set; null if none are left. */
function compact(options: { [N in Name]?: Options[N] | undefined }): Options | null {
  const set = Object.entries(options).filter(([, value]) => value !== undefined);
  return set.length === 0 ? null : (Object.fromEntries(set) as Options);
}

/** The fields of how the agent's models are asked. Empty ones leave it to the provider. */
export default function ModelOptionFields() {
  const { values, readOnly, set, errorAt } = useDraft();
  const options: Options = values.model_options ?? {};
  const change = <N extends Name>(name: N, value: Options[N] | undefined) =>
    set('model_options', compact({ ...options, [name]: value }), `${AT}/${name}`);
  return (
    <Stack mt="sm">
      <Text size="sm" c="dimmed">
        An empty field is the provider’s default. What a model does not support is left out, and the run’s
        page says so.
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} verticalSpacing="md">
        {NUMBERS.map(({ name, max, ...look }) => (
          <NumberField
            key={name}
            {...look}
            inputWrapperOrder={HELP_BELOW}
            min={0}
            max={max}
            step={name === 'seed' ? 1 : 0.1}
            allowDecimal={name !== 'seed'}
            placeholder="default"
            value={options[name]}
            readOnly={readOnly}
            error={errorAt(`${AT}/${name}`)}
            onChange={(value) => change(name, value ?? undefined)}
          />
        ))}
        {CHOICES.map(({ name, values: data, ...look }) => (
          <Select
            key={name}
            {...look}
            inputWrapperOrder={HELP_BELOW}
            data={data}
            placeholder="default"
            clearable={!readOnly}
            comboboxProps={{ withinPortal: false }}
            value={(options[name] as string | undefined) ?? null}
            readOnly={readOnly}
            error={errorAt(`${AT}/${name}`)}
            onChange={(value) => change(name, (value ?? undefined) as never)}
          />
        ))}
        <ToolChoice value={options.tool_choice} onChange={(value) => change('tool_choice', value)} />
      </SimpleGrid>
      <JsonField
        label="Provider options"
        description='More fields of the request, by provider: {"openai": {"prompt_cache_key": "triage"}}'
        at={`${AT}/provider_options`}
        value={options.provider_options}
        empty={undefined}
        height={100}
        error={errorAt(`${AT}/provider_options`)}
        onChange={(value) => change('provider_options', value as Options['provider_options'])}
      />
    </Stack>
  );
}

interface ToolChoiceProps {
  value: Options['tool_choice'];
  onChange: (value: Options['tool_choice']) => void;
}

/** Whether the model must call a tool first, and which. */
function ToolChoice({ value, onChange }: ToolChoiceProps) {
  const { values, readOnly, errorAt } = useDraft();
  const tools = [
    ...new Set([...values.tools.map(({ name }) => name), ...(isTool(value) ? [value.tool] : [])]),
  ];
  return (
    <Select
      label="Tool choice"
      description="What the first turn must call."
      inputWrapperOrder={HELP_BELOW}
      data={[
        { group: 'Any tool', items: ['auto', 'required', 'none'] },
        { group: 'One tool', items: tools.map((name) => ({ value: `tool:${name}`, label: name })) },
      ]}
      placeholder="default"
      clearable={!readOnly}
      comboboxProps={{ withinPortal: false }}
      value={isTool(value) ? `tool:${value.tool}` : (value ?? null)}
      readOnly={readOnly}
      error={errorAt(`${AT}/tool_choice`)}
      onChange={(chosen) => {
        if (chosen === null) onChange(undefined);
        else if (chosen.startsWith('tool:')) onChange({ tool: chosen.slice('tool:'.length) });
        else onChange(chosen as 'auto' | 'required' | 'none');
      }}
    />
  );
}

const isTool = (value: Options['tool_choice']): value is { tool: string } => typeof value === 'object';
