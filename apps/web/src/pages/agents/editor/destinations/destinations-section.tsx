import { Stack, Text } from '@mantine/core';
import { api } from '../../../../api/client.js';
import { Panel } from '../../../../components/panel.js';
import type { Destination } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { AddMenu } from '../tools/add-menu.js';
import { type FieldSchema, newTool } from '../tools/field-kind.js';
import { useListKeys } from '../tools/use-list-keys.js';
import { DestinationCard } from './destination-card.js';

const MAX_DESTINATIONS = 10;

/** Where the end of each run goes in addition to the callback. */
export function DestinationsSection() {
  const { values, readOnly, set } = useDraft();
  const destinations = values.destinations ?? [];
  const { data } = api.useQuery('get', '/api/tools', {}, { staleTime: Number.POSITIVE_INFINITY });
  const types = data?.destinations ?? [];
  const keys = useListKeys(destinations.length);

  const add = (type: string, schema: FieldSchema) => {
    keys.add();
    const taken = destinations.map(({ name, type: of }) => name ?? of);
    const { name, ...rest } = newTool(
      type,
      { ...schema, required: ['name', ...(schema.required ?? [])] },
      taken,
    );
    set('destinations', [...destinations, { ...rest, name } as unknown as Destination]);
  };

  return (
    <Panel
      title="Destinations"
      description="Where the end of each run goes in addition to the callback. The event says where, never the model."
      actions={
        !readOnly && (
          <AddMenu
            label="Add destination"
            types={types}
            isFull={destinations.length >= MAX_DESTINATIONS}
            onAdd={({ type, schema }) => add(type, schema)}
          />
        )
      }
    >
      <Stack gap="xs">
        {destinations.length === 0 && (
          <Text size="sm" c="dimmed">
            None yet: a Slack thread, a GitHub comment, an HTTP request, or another agent.
          </Text>
        )}
        {destinations.map((destination, index) => {
          const known = types.find(({ type }) => type === destination.type);
          return (
            <DestinationCard
              key={keys.keys[index]}
              destination={destination}
              at={`/destinations/${index}`}
              title={known?.title ?? destination.type}
              schema={known?.schema}
              onChange={(changed, at) => set('destinations', destinations.with(index, changed), at)}
              onRemove={() => {
                keys.remove(index);
                set('destinations', destinations.toSpliced(index, 1));
              }}
            />
          );
        })}
      </Stack>
    </Panel>
  );
}
