import { Button, TextInput } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useSession } from '../../../../app/session.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import type { Field } from './sender-values.js';
import type { Sender } from './use-senders.js';

const randomBytes = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));

/** A new secret in the form that the sender accepts. */
const MAKERS: Record<NonNullable<Sender['generates']>, () => string> = {
  hex: () => Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  // Standard Webhooks, "Signature scheme": whsec_ and the base64 of 24 to 64 bytes.
  whsec: () => `whsec_${btoa(String.fromCharCode(...randomBytes(32)))}`,
};

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
