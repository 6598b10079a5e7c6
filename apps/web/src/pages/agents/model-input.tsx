import { Autocomplete, Code, Group, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { api, type Schema } from '../../api/client.js';

type Provider = Schema<'ModelList'>['providers'][number];

const SANDBOX = 'sandbox:echo';

const providerOf = (model: string) => model.slice(0, Math.max(0, model.indexOf(':')));

/** The models to choose from: an example of each provider, and `more`. */
export function useModelOptions(more: string[] = []) {
  const { data } = api.useQuery('get', '/api/models');
  const providers = data?.providers ?? [];
  const offered = providers.flatMap(({ example, models = [example] }) => models);
  const examples = [...new Set([...offered, ...more])];
  const renderOption = ({ option }: { option: { value: string } }) => {
    const isReady = providers.find(({ provider }) => provider === providerOf(option.value))?.configured;
    return (
      <Group justify="space-between" w="100%" gap="xs" wrap="nowrap">
        <span>{option.value}</span>
        <Group gap={4} wrap="nowrap" c="dimmed" fz="xs">
          {isReady ? <IconCircleCheck size={14} aria-hidden /> : <IconCircleDashed size={14} aria-hidden />}
          {isReady ? 'configured' : 'not configured'}
        </Group>
      </Group>
    );
  };
  return { providers, examples, renderOption };
}

interface ModelInputProps {
  value: string;
  onChange: (model: string) => void;
  /** Offered in addition to the examples. */
  more?: string[];
  readOnly?: boolean;
  error?: string | undefined;
}

/** Chooses the model of an agent, with what to know about its provider. */
export function ModelInput({ value, onChange, more, readOnly, error }: ModelInputProps) {
  const { providers, examples, renderOption } = useModelOptions(more);
  return (
    <div>
      <Autocomplete
        label="Model"
        description="As provider:model"
        data={examples}
        // Shows all options whatever the field contains, because they are examples, not matches.
        filter={({ options }) => options}
        renderOption={renderOption}
        maxDropdownHeight={260}
        comboboxProps={{ withinPortal: false }}
        value={value}
        maxLength={200}
        readOnly={readOnly}
        spellCheck={false}
        error={error}
        onChange={onChange}
      />
      {/* Always one line high, so that nothing moves when it appears. */}
      <Text size="xs" c="dimmed" mt={6} mih={18} component="div" role="status">
        <ProviderWords
          model={value}
          provider={providers.find(({ provider }) => provider === providerOf(value))}
        />
      </Text>
    </div>
  );
}

function ProviderWords({ model, provider }: { model: string; provider: Provider | undefined }) {
  if (model === SANDBOX) {
    return <>The sandbox calls no model and needs no key: it answers from the payload, for rehearsals.</>;
  }
  if (provider === undefined) return null;
  if (provider.configured) return <>{provider.provider} is configured.</>;
  return (
    <>
      {provider.provider} is not configured: set{' '}
      {provider.needs.map((name, index) => (
        <span key={name}>
          {index > 0 && ', '}
          <Code>{name}</Code>
        </span>
      ))}{' '}
      where the worker runs.
    </>
  );
}
