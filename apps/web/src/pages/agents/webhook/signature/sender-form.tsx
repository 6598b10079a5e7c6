import { Button, Checkbox, Group, Stack } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { ShownOnce } from '../../../../components/shown-once.js';
import { SecretField } from './secret-field.js';
import { SenderFields } from './sender-fields.js';
import {
  type FieldSchema,
  fieldsOf,
  missingIn,
  signatureOf,
  type Values,
  valuesOf,
} from './sender-values.js';
import type { Sender, Signature } from './use-senders.js';

interface SenderFormProps {
  sender: Sender;
  /** The saved signature of this sender; null while it is new. */
  stored: Signature | null;
  isPending: boolean;
  /** Resolves to whether it was saved. */
  onSave: (signature: Signature) => Promise<boolean>;
  onCancel: (() => void) | undefined;
}

/** The fields of a sender, made from its schema. */
export default function SenderForm({ sender, stored, isPending, onSave, onCancel }: SenderFormProps) {
  const schema = sender.schema as FieldSchema;
  const { can } = useSession();
  const initial = valuesOf(schema, stored);
  const [values, setValues] = useState<Values>(initial);
  const [keepPrevious, setKeepPrevious] = useState(true);
  const [made, setMade] = useState<string>();
  const [missing, setMissing] = useState<string>();
  const fields = fieldsOf(schema);
  const secrets = fields.filter(({ kind }) => kind === 'secret');
  const isDirty = JSON.stringify(values) !== JSON.stringify(initial);
  const isRotated = stored !== null && 'secret' in stored && values.secret !== '';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const absent = missingIn(schema, values, stored);
    setMissing(absent?.name);
    if (absent) return;
    if (!(await onSave(signatureOf(sender, values, stored, keepPrevious)))) return;
    setValues({ ...values, ...Object.fromEntries(secrets.map(({ name }) => [name, ''])) });
  };
  const generate = (secret: string) => {
    setMade(secret);
    setValues({ ...values, secret });
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="sm">
        {secrets.map((field) => (
          <SecretField
            key={field.name}
            field={field}
            value={String(values[field.name] ?? '')}
            isStored={stored !== null && field.name in stored}
            error={missing === field.name ? 'Enter the secret or key that verifies requests.' : undefined}
            generates={field.name === 'secret' ? sender.generates : null}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
            onGenerate={generate}
          />
        ))}
        {made !== undefined && (
          <ShownOnce value={made} what="signature secret">
            Give it to the sender{values.secret === made ? ', and save it here' : ''}.
          </ShownOnce>
        )}
        {isRotated && (
          <Checkbox
            label="Accept the old secret until I revoke it"
            description="No request is refused while the sender switches to the new secret."
            checked={keepPrevious}
            onChange={({ currentTarget }) => setKeepPrevious(currentTarget.checked)}
          />
        )}
        <SenderFields
          fields={fields.filter(({ kind }) => kind !== 'secret')}
          values={values}
          readOnly={!can('admin')}
          onChange={setValues}
        />
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" size="xs" onClick={onCancel}>
              Cancel
            </Button>
          )}
          <NeedsRole role="admin">
            <Button type="submit" size="xs" loading={isPending} disabled={stored !== null && !isDirty}>
              {stored !== null
                ? isRotated
                  ? 'Rotate the secret'
                  : 'Save'
                : sender.proof === 'none'
                  ? 'Use this sender'
                  : 'Check signatures'}
            </Button>
          </NeedsRole>
        </Group>
      </Stack>
    </form>
  );
}
