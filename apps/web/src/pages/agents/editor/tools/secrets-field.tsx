import { ActionIcon, Button, Group, Input, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconLock, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useDraft } from '../draft/use-draft.js';
import { AddRow } from './map-field.js';
import { useRows } from './use-rows.js';

type Secret = string | true;

interface SecretsFieldProps {
  label: string;
  description?: ReactNode;
  at: string;
  value: Record<string, Secret> | undefined;
  /** Those that are edited elsewhere. */
  named: readonly string[];
  onChange: (value: Record<string, Secret>) => void;
}

/** Secrets by name. A stored secret is never shown; it can be replaced or removed. */
export function SecretsField({ label, description, at, value, named, onChange }: SecretsFieldProps) {
  const { draft, readOnly, errorAt } = useDraft();
  const { rows, edit, remove, add } = useRows<Secret>(value, onChange);
  const shown = [...rows.map(({ name }) => name), ...named].map((name) => `${at}/${name}`);
  // A missing secret has no row of its own.
  const missing = draft.issues.find(({ path }) => path.startsWith(`${at}/`) && !shown.includes(path));
  const lack = missing && `${missing.path.slice(at.length + 1)} ${missing.message}`;
  return (
    <Input.Wrapper label={label} description={description} error={errorAt(at) ?? lack} labelElement="div">
      <Stack gap={6} mt={4} role="group" aria-label={label}>
        {rows
          .filter(({ name }) => !named.includes(name))
          .map((row) => (
            <Group key={row.key} gap={6} wrap="nowrap" align="flex-start">
              <TextInput
                flex="2 1 0"
                aria-label={`${label}: name`}
                placeholder="name"
                value={row.name}
                readOnly={readOnly || row.value === true}
                spellCheck={false}
                autoComplete="off"
                onChange={({ currentTarget }) => edit(row.key, { name: currentTarget.value })}
              />
              {row.value === true ? (
                <Group flex="3 1 0" h={36} gap="xs" wrap="nowrap" justify="space-between">
                  <Text
                    size="sm"
                    c={errorAt(`${at}/${row.name}`) ? 'var(--mantine-color-error)' : 'dimmed'}
                    truncate
                  >
                    <IconLock size={13} aria-hidden /> {errorAt(`${at}/${row.name}`) ?? 'stored'}
                  </Text>
                  {!readOnly && (
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={`Replace ${row.name}`}
                      onClick={() => edit(row.key, { value: '' })}
                    >
                      Replace
                    </Button>
                  )}
                </Group>
              ) : (
                <PasswordInput
                  flex="3 1 0"
                  aria-label={`${label}: value of ${row.name || 'the new one'}`}
                  placeholder="value"
                  value={row.value}
                  autoComplete="new-password"
                  error={errorAt(`${at}/${row.name}`)}
                  onChange={({ currentTarget }) => edit(row.key, { value: currentTarget.value })}
                />
              )}
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
