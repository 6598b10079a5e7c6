import { Button, Grid, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useMemo, useState } from 'react';
import { api, type Schema } from '../../../api/client.js';
import { isProblem } from '../../../api/problem.js';
import { ErrorState } from '../../../components/error-state.js';
import { JsonView } from '../../../components/json-view.js';
import { messageInWords } from '../../../components/message-words.js';
import { Panel } from '../../../components/panel.js';
import { ModelInput } from '../model-input.js';
import { type AgentConfig, type MissingSecret, missingSecrets, withSecrets } from './agent-config.js';
import { toYaml } from './agent-yaml.js';
import { MadeSecret } from './made-secret.js';
import { SandboxNotice } from './sandbox-notice.js';
import { SecretFields } from './secret-fields.js';

interface CreateFormProps {
  /** The initial configuration. If it comes from a file, the api may refuse it. */
  config: AgentConfig;
  about?: ReactNode;
}

type Warning = Schema<'AgentWarning'>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The agent's page cannot distinguish a missing secret from one that was entered. */
function tellMissing(left: MissingSecret[]) {
  const names = left.flatMap(({ tool, name }) => (tool === undefined ? [] : `${tool}: ${name}`));
  if (names.length === 0) return;
  notifications.show({
    color: 'yellow',
    autoClose: 12_000,
    title: 'A tool has no secret yet',
    message: `Its calls fail until you replace it under Tools: ${names.join(', ')}.`,
  });
}

/** What may not work in an agent that was created. */
function tellWarnings(warnings: readonly Warning[]) {
  if (warnings.length === 0) return;
  notifications.show({
    color: 'orange',
    autoClose: 20_000,
    title: 'The agent was created, but may not work',
    message: warnings.map(({ detail }) => detail).join(' '),
  });
}

/** Asks for name, model and secrets, and shows a preview of the agent. */
export function CreateForm({ config, about }: CreateFormProps) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const { data: models } = api.useQuery('get', '/api/models');
  const form = useForm({
    initialValues: {
      name: textOf(config.name),
      model: typeof config.model === 'string' ? config.model : undefined,
    },
    validate: { name: (name) => (name.trim() === '' ? 'Give it a name.' : null) },
  });
  // Kept outside the form, because its field names are paths of their own.
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const missing = useMemo(() => missingSecrets(config), [config]);
  const model = form.values.model ?? models?.default_model ?? '';
  // Without a model, also before its name is known, the agent gets the default one.
  const { model: _configured, ...rest } = config;
  const whole = { ...rest, name: form.values.name.trim(), ...(model !== '' && { model }) };

  const toAgent = (agentId: string, warnings: readonly Warning[]) => {
    tellWarnings(warnings);
    void navigate({ to: '/agents/$agentId', params: { agentId } });
  };
  const create = api.useMutation('post', '/api/agents', {
    meta: { quiet: true },
    gcTime: 0, // Its variables may contain secrets, and its answer one.
    onSuccess: ({ id, callback, warnings }) => {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] });
      tellMissing(missing.filter(({ path }) => !secrets[path]));
      if (typeof callback?.secret !== 'string') toAgent(id, warnings);
    },
  });
  const issues = (isProblem(create.error) && create.error.errors) || [];
  const errorAt = (path: string) => {
    const issue = issues.find((each) => each.path === path);
    return issue && messageInWords(issue.message);
  };
  const made = create.data;
  if (typeof made?.callback?.secret === 'string') {
    return <MadeSecret secret={made.callback.secret} onDone={() => toAgent(made.id, made.warnings)} />;
  }

  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <form onSubmit={form.onSubmit(() => create.mutate({ body: withSecrets(whole, secrets) }))}>
          <Stack>
            <Panel title="Name and model">
              <Stack>
                <TextInput
                  label="Name"
                  maxLength={200}
                  autoFocus
                  {...form.getInputProps('name')}
                  error={form.errors.name ?? errorAt('/name')}
                />
                <ModelInput
                  value={model}
                  error={errorAt('/model')}
                  onChange={(value) => form.setFieldValue('model', value)}
                />
                <SandboxNotice model={model} models={models} />
              </Stack>
            </Panel>
            {missing.length > 0 && (
              <SecretFields missing={missing} values={secrets} onChange={setSecrets} errorAt={errorAt} />
            )}
            {create.error && <ErrorState error={create.error} />}
            <Group justify="flex-end">
              <Button variant="default" renderRoot={(props) => <Link to="/agents/new" {...props} />}>
                Back
              </Button>
              <Button type="submit" loading={create.isPending || create.isSuccess}>
                Create agent
              </Button>
            </Group>
          </Stack>
        </form>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Stack>
          {about}
          <Panel title="What will be created">
            <JsonView value={toYaml(whole)} what="configuration" maxHeight={480} />
          </Panel>
        </Stack>
      </Grid.Col>
    </Grid>
  );
}
