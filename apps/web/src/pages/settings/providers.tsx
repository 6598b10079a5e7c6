import { Badge, Code, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { NeedsRole } from '../../components/needs-role.js';
import { Panel } from '../../components/panel.js';
import { PauseButton } from '../../components/pauses/pause-button.js';
import { usePauses } from '../../components/pauses/use-pauses.js';

/** The number of providers, for the skeleton. */
const ROWS = 6;

/** The providers that live workers can call, and how to configure the others. */
export function Providers() {
  const { data, error } = api.useQuery('get', '/api/models');
  const paused = new Set(usePauses().map(({ provider }) => provider));
  return (
    <Panel
      title="Model providers"
      description="Configured by the worker’s environment variables, and named in PROVIDERS_FILE. A change needs a restart."
    >
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={ROWS * 61} />}
      {data && (
        <Stack gap="xs">
          <Table>
            <Table.Tbody>
              {data.providers.map(({ provider, kind, configured, needs, example }) => (
                <Table.Tr key={provider}>
                  <Table.Th scope="row" pl={0}>
                    <Text size="sm" fw={500}>
                      {kind === provider ? provider : `${provider} (${kind})`}
                    </Text>
                    <Code fw={400} style={{ overflowWrap: 'anywhere' }}>
                      {configured ? example : needs.join(', ')}
                    </Code>
                  </Table.Th>
                  <Table.Td ta="right" pr={0}>
                    <Group gap={6} justify="flex-end">
                      {configured && !paused.has(provider) && (
                        <NeedsRole role="operator">
                          <PauseButton
                            target={{ scope: 'provider', provider }}
                            name={provider}
                            label="Pause"
                            aria-label={`Pause ${provider}`}
                            size="compact-xs"
                            variant="subtle"
                            leftSection={null}
                          />
                        </NeedsRole>
                      )}
                      <ProviderState isConfigured={configured} isPaused={paused.has(provider)} />
                    </Group>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group gap={6}>
            <Text size="sm" c="dimmed">
              New agents get
            </Text>
            <Code>{data.default_model}</Code>
          </Group>
        </Stack>
      )}
    </Panel>
  );
}

function ProviderState({ isConfigured, isPaused }: { isConfigured: boolean; isPaused: boolean }) {
  if (isPaused)
    return (
      <Badge variant="light" miw={90} radius="sm" tt="none" color="orange">
        paused
      </Badge>
    );
  const Icon = isConfigured ? IconCircleCheck : IconCircleDashed;
  return (
    <Badge
      variant="light"
      miw={90}
      radius="sm"
      tt="none"
      color={isConfigured ? 'green' : 'gray'}
      leftSection={<Icon size={13} aria-hidden />}
    >
      {isConfigured ? 'ready' : 'not set'}
    </Badge>
  );
}
