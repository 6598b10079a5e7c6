import { Autocomplete, Code, Group, SimpleGrid, TagsInput, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { api, type Schema } from '../../../../api/client.js';
import { useDraft } from '../draft/use-draft.js';

type Provider = Schema<'ModelList'>['providers'][number];

const SANDBOX = 'sandbox:echo';
const MAX_FALLBACKS = 5;

const providerOf = (model: string) => model.slice(0, Math.max(0, model.indexOf(':')));

/** Which model runs the agent, and which take over where it fails. */
export function ModelFields() {
  const { draft, values, readOnly, set, errorAt } = useDraft();
  const { data } = api.useQuery('get', '/api/models');
  const providers = data?.providers ?? [];
  const examples = [...new Set([...providers.map(({ example }) => example), draft.base.model])];
  const fallbackError = draft.issues.find(({ path }) => path.startsWith('/fallback_models'))?.message;

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

  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <div>
        <Autocomplete
          label="Model"
          description="provider:model; any name that the provider knows"
          data={examples}
          // All of them whatever is in the field: they are examples, not matches.
          filter={({ options }) => options}
          renderOption={renderOption}
          maxDropdownHeight={260}
          comboboxProps={{ withinPortal: false }}
          value={values.model}
          maxLength={200}
          readOnly={readOnly}
          spellCheck={false}
          error={errorAt('/model')}
          onChange={(model) => set('model', model)}
        />
        <ProviderNote model={values.model} providers={providers} />
      </div>
      <TagsInput
        label="Fallback models"
        description="Tried in this order where the model fails"
        data={examples.filter((model) => model !== values.model)}
        renderOption={renderOption}
        comboboxProps={{ withinPortal: false }}
        placeholder={values.fallback_models.length === 0 && !readOnly ? 'Add one' : ''}
        maxTags={MAX_FALLBACKS}
        value={values.fallback_models}
        readOnly={readOnly}
        error={fallbackError}
        onChange={(models) => set('fallback_models', models)}
      />
    </SimpleGrid>
  );
}

/** What has to be known of the chosen provider; one line in height, so that nothing moves when it arrives. */
function ProviderNote({ model, providers }: { model: string; providers: Provider[] }) {
  return (
    <Text size="xs" c="dimmed" mt={6} mih={18} component="div" role="status">
      <ProviderWords
        model={model}
        provider={providers.find(({ provider }) => provider === providerOf(model))}
      />
    </Text>
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
