import { Button, TextInput } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useSession } from '../../../../app/session.js';
import { MAKERS } from '../../../../components/make-secret.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import type { Field } from './sender-values.js';
import type { Sender } from './use-senders.js';

interface SecretFieldProps {
  field: Field;
  value: string;
  isStored: boolean;
  error: string | undefined;
  /** The form in which a secret may be generated; null if the sender shows it. */
  generates: Sender['generates'];
  onChange: (value: string) => void;
  onGenerate: (value: string) => void;
}

/** The input of a secret. The stored one is never shown; the field is for a new one. */
export function SecretField({ field, value, isStored, error, generates, ...on }: SecretFieldProps) {
  const { can, why } = useSession();
  const hint = isStored
    ? 'A secret is stored, encrypted. Enter a new one to rotate it.'
    : 'Stored encrypted, never shown.';
  return (
    <TextInput
      type="password"
      readOnly={!can('admin')}
      autoComplete="off"
      label={field.label}
      description={why('admin') ?? hint}
      placeholder={isStored ? '••••••••••••' : ''}
      value={value}
      error={error}
      onChange={({ currentTarget }) => on.onChange(currentTarget.value)}
      rightSectionWidth={104}
      rightSection={
        generates && (
          <NeedsRole role="admin">
            <Button
              size="compact-xs"
              variant="subtle"
              leftSection={<IconDice5 size={14} aria-hidden />}
              onClick={() => on.onGenerate(MAKERS[generates]())}
            >
              Generate
            </Button>
          </NeedsRole>
        )
      }
    />
  );
}
