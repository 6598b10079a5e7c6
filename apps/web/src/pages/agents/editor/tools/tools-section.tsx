import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { Panel } from '../../../../components/panel.js';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { AddMenu } from './add-menu.js';
import { type FieldSchema, newTool } from './field-kind.js';
import { ToolCard } from './tool-card.js';
import { moved, useListKeys } from './use-list-keys.js';

const MAX_TOOLS = 30;

/** The tools that the model may call. */
export function ToolsSection() {
  const { values, readOnly, set } = useDraft();
  const { tools } = values;
  const { data } = api.useQuery('get', '/api/tools', {}, { staleTime: Number.POSITIVE_INFINITY });
  const types = data?.tools ?? [];
  const keys = useListKeys(tools.length);
  const [added, setAdded] = useState<number>();

  const add = (type: string, schema: FieldSchema) => {
    setAdded(keys.add());
    set('tools', [
      ...tools,
      newTool(
        type,
        schema,
        tools.map(({ name }) => name),
      ) as Tool,
    ]);
  };

  return (
    <Panel
      title="Tools"
      description="What the model may call. It never sees their secrets."
      actions={
        !readOnly && (
          <AddMenu
            label="Add tool"
            types={types}
            isFull={tools.length >= MAX_TOOLS}
            onAdd={({ type, schema }) => add(type, schema)}
          />
        )
      }
    >
      <Stack gap="xs">
        {tools.length === 0 && (
          <Text size="sm" c="dimmed">
            No tools yet: the model answers from its prompt alone.
          </Text>
        )}
        {tools.map((tool, index) => {
          const known = types.find(({ type }) => type === tool.type);
          const key = keys.keys[index];
          return (
            <ToolCard
              key={key}
              tool={tool}
              index={index}
              count={tools.length}
              title={known?.title ?? tool.type}
              schema={known?.schema}
              startsOpen={key === added}
              onChange={(changed, at) => set('tools', tools.with(index, changed), at)}
              onMove={(by) => {
                keys.move(index, by);
                set('tools', moved(tools, index, by));
              }}
              onRemove={() => {
                keys.remove(index);
                set('tools', tools.toSpliced(index, 1));
              }}
            />
          );
        })}
      </Stack>
    </Panel>
  );
}
