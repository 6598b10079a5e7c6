import { Grid, Stack } from '@mantine/core';
import { useSession } from '../../app/session.js';
import { Page } from '../../components/page.js';
import { ApiKeys } from './api-keys.js';
import { PausePanel } from './pause-panel.js';
import { Providers } from './providers.js';
import { SessionPanel } from './session-panel.js';
import { Sessions } from './sessions.js';
import { SystemPanel } from './system-panel.js';

/** API keys, sessions, model providers, and the state of the installation. */
export function SettingsPage() {
  const { can } = useSession();
  return (
    <Page title="Settings">
      <Grid gap="md">
        {can('admin') && (
          <Grid.Col span={{ base: 12, xl: 8 }}>
            <Stack>
              <ApiKeys />
              <Sessions />
            </Stack>
          </Grid.Col>
        )}
        <Grid.Col span={{ base: 12, xl: can('admin') ? 4 : 12 }}>
          <Stack>
            <Providers />
            <PausePanel />
            <SystemPanel />
            <SessionPanel />
            {!can('admin') && <Sessions />}
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}
