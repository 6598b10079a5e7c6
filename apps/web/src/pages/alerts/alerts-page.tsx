import { Stack } from '@mantine/core';
import { Page } from '../../components/page.js';
import { AlertHistory } from './alert-history.js';
import { ChannelsPanel } from './channels/channels-panel.js';
import { OpenAlerts } from './open-alerts.js';
import { RulesPanel } from './rules/rules-panel.js';

/** What goes on, what has happened, and who is told. */
export function AlertsPage() {
  return (
    <Page title="Alerts">
      <Stack>
        <OpenAlerts />
        <RulesPanel />
        <ChannelsPanel />
        <AlertHistory />
      </Stack>
    </Page>
  );
}
