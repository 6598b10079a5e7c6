import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { api, type Schema } from '../api/client.js';
import { ErrorState } from './error-state.js';
import { TextView } from './text-view.js';

/** What a delivery sends, read when it is asked for. */
export function SentCallback({ delivery: { agent_id, id, url } }: { delivery: Schema<'CallbackDelivery'> }) {
  const [isOpen, setOpen] = useState(false);
  const { data, error } = api.useQuery(
    'get',
    '/api/agents/{id}/callbacks/{delivery_id}/request',
    { params: { path: { id: agent_id, delivery_id: id } } },
    { enabled: isOpen },
  );
  if (!isOpen || (!data && !error)) {
    return (
      <Button
        variant="default"
        size="compact-sm"
        w="fit-content"
        loading={isOpen}
        onClick={() => setOpen(true)}
      >
        What is sent
      </Button>
    );
  }
  if (!data) return <ErrorState error={error} />;
  if (data.body === null)
    return <Text size="sm">The run has expired, or your key may not see its payload.</Text>;
  const headers = Object.entries(data.headers).map(([name, value]) => `${name}: ${value}`);
  const text = [`POST ${url}`, ...headers, '', indented(data.body)].join('\n');
  return <TextView text={text} what="What is sent" maxHeight={260} isCode />;
}

/** JSON for people; the text itself where its numbers have more digits than JavaScript keeps. */
function indented(body: string): string {
  const value: unknown = JSON.parse(body);
  return JSON.stringify(value) === body ? JSON.stringify(value, null, 2) : body;
}
