import { Paper, Title } from '@mantine/core';
import type { Schema } from '../../../api/client.js';

/** How an agent is reached and tried: the right column of its page. */
export function WebhookPanel({ agent }: { agent: Schema<'Agent'> }) {
  return (
    <Paper component="section" aria-label={`Webhook of ${agent.name}`}>
      <Title order={2}>Webhook</Title>
    </Paper>
  );
}
