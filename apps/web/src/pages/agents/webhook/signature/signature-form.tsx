import { Button, Checkbox, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconDice5 } from '@tabler/icons-react';
import { useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { ShownOnce } from '../../../../components/shown-once.js';
import { HmacFields } from './hmac-fields.js';
import { PRESETS, type Scheme, type Signature } from './presets.js';
import { type FormValues, signatureOf, valuesOf } from './signature-values.js';

interface SignatureFormProps {
  scheme: Scheme;
  /** The saved signature of this scheme; null while it is new. */
  stored: Signature | null;
  isPending: boolean;
  /** Resolves to whether it was saved. */
  onSave: (signature: Signature) => Promise<boolean>;
  onCancel: (() => void) | undefined;
}

/** The secret and options of a signature. The stored secret is never shown; the field is for a new one. */
export function SignatureForm({ scheme, stored, isPending, onSave, onCancel }: SignatureFormProps) {
  const preset = PRESETS[scheme];
  const { can, why } = useSession();
  const readOnly = !can('admin');
  const [made, setMade] = useState<string>();
  const form = useForm<FormValues>({
    initialValues: valuesOf(stored),
    validate: {
      secret: (secret) =>
        secret === '' && stored === null ? 'Enter a secret to check signatures with.' : null,
      header: (header) =>
        scheme === 'hmac' && header === '' ? 'Enter the header that contains the signature.' : null,
    },
  });
  const submit = form.onSubmit(async (values) => {
    if (!(await onSave(signatureOf(scheme, values, stored)))) return;
    form.setInitialValues({ ...values, secret: '' });
    form.reset();
  });
  const generate = () => {
    const secret = preset.makeSecret?.() ?? '';
    setMade(secret);
    form.setFieldValue('secret', secret);
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          type="password"
          readOnly={readOnly}
          autoComplete="off"
          label={preset.secretLabel}
          description={
            why('admin') ??
            (stored
              ? 'A secret is stored, encrypted. Enter a new one to rotate it.'
              : 'Stored encrypted, never shown.')
          }
          placeholder={stored ? '••••••••••••' : ''}
          rightSectionWidth={104}
          rightSection={
            preset.makeSecret && (
              <NeedsRole role="admin">
                <Button
                  size="compact-xs"
                  variant="subtle"
                  leftSection={<IconDice5 size={14} aria-hidden />}
                  onClick={generate}
                >
                  Generate
                </Button>
              </NeedsRole>
            )
          }
          {...form.getInputProps('secret')}
        />
        {made !== undefined && (
          <ShownOnce value={made} what="signature secret">
            Give it to the sender{form.values.secret === made ? ', and save it here' : ''}.
          </ShownOnce>
        )}
        {stored !== null && form.values.secret !== '' && (
          <Checkbox
            label="Accept the old secret until I revoke it"
            description="No request is refused while the sender switches to the new secret."
            {...form.getInputProps('keepPrevious', { type: 'checkbox' })}
          />
        )}
        <HmacFields scheme={scheme} form={form} readOnly={readOnly} />
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" size="xs" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <NeedsRole role="admin">
            <Button type="submit" size="xs" loading={isPending} disabled={stored !== null && !form.isDirty()}>
              {stored === null
                ? 'Check signatures'
                : form.values.secret === ''
                  ? 'Save'
                  : 'Rotate the secret'}
            </Button>
          </NeedsRole>
        </Group>
      </Stack>
    </form>
  );
}
