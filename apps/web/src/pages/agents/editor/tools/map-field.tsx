import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useDraft } from '../draft/use-draft.js';
import { useRows } from './use-rows.js';

interface MapFieldProps {
  label: string;
  description?: ReactNode;
  at: string;
  value: Record<string, string> | undefined;
  onChange: (value: Record<string, string>) => void;
}

/** Names with one text each: headers, query parameters. */
export function MapField({ label, description, at, value, onChange }: MapFieldProps) {
  const { readOnly, errorAt } = useDraft();
  const { rows, edit, remove, add } = useRows(value, onChange);
  return (
    <Input.Wrapper label={label} description={description} error={errorAt(at)} labelElement="div">
      <Stack gap={6} mt={4} role="group" aria-label={label}>
        {rows.map((row) => (
          <Group key={row.key} gap={6} wrap="nowrap" align="flex-start">
            <TextInput
              flex="2 1 0"
              aria-label={`${label}: name`}
              placeholder="name"
              value={row.name}
              readOnly={readOnly}
              spellCheck={false}
              onChange={({ currentTarget }) => edit(row.key, { name: currentTarget.value })}
            />
            <TextInput
              flex="3 1 0"
              aria-label={`${label}: value of ${row.name || 'the new one'}`}
              placeholder="value"
              value={row.value}
              readOnly={readOnly}
              spellCheck={false}
              error={errorAt(`${at}/${row.name}`)}
              onChange={({ currentTarget }) => edit(row.key, { value: currentTarget.value })}
            />
            {!readOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={`Remove ${row.name || 'the new one'} from ${label}`}
                onClick={() => remove(row.key)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!readOnly && <AddRow label={label} onAdd={() => add('')} />}
      </Stack>
    </Input.Wrapper>
  );
}

export function AddRow({ label, onAdd }: { label: string; onAdd: () => void }) {
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconPlus size={14} aria-hidden />}
        aria-label={`Add to ${label}`}
        onClick={onAdd}
      >
        Add
      </Button>
    </div>
  );
}
