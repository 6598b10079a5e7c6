import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { NeedsRole } from '../needs-role.js';
import { RelativeTime } from '../times.js';
import { type Pause, useChangePause, usePauses } from './use-pauses.js';

/** What is paused: everything, or a provider. Agents say it on their own pages. */
const nameOf = ({ provider }: Pause): string => provider ?? 'Everything';

/** Says on every page that everything or a provider is paused, and ends the pause. */
export function PauseBanner() {
  const pauses = usePauses().filter(({ scope }) => scope !== 'agent');
  const { resume, isResuming } = useChangePause();
  if (pauses.length === 0) return null;
  return (
    <Stack gap="xs" mb="md">
      {pauses.map((pause) => {
        const { scope, provider, by, since, note } = pause;
        return (
          <Alert
            key={provider ?? scope}
            color="orange"
            p="xs"
            role="status"
            icon={<IconPlayerPause aria-hidden />}
            title={`${nameOf(pause)} is paused`}
          >
            <Group justify="space-between" gap="xs">
              <Text size="sm" component="div" flex="1 1 240px">
                {by === null ? 'Since' : `By ${by},`} <RelativeTime at={since} />
                {note !== null && note !== undefined && `: ${note}`} Events are stored and wait.
              </Text>
              <NeedsRole role="operator">
                <Button
                  size="compact-sm"
                  variant="default"
                  loading={isResuming}
                  onClick={() => resume({ scope, ...(provider !== undefined && { provider }) })}
                >
                  Resume
                </Button>
              </NeedsRole>
            </Group>
          </Alert>
        );
      })}
    </Stack>
  );
}
