import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../api/client.js';
import { ErrorState } from '../../../components/error-state.js';
import { ShownOnce } from '../../../components/shown-once.js';
import { CHANNEL_TYPES, type Channel, type ChannelField, type ChannelType } from './channel-types.js';

const TYPES = Object.entries(CHANNEL_TYPES).map(([value, { label }]) => ({ value, label }));

/** Adds a channel, or changes one. A channel keeps its name and its type, and an empty secret stays. */
export function ChannelForm({ channel, onClose }: { channel: Channel | undefined; onClose: () => void }) {
  const queryClient = useQueryClient();
  const [type, setType] = useState<ChannelType>(channel?.type ?? 'slack');
  const [name, setName] = useState(channel?.name ?? '');
  const [values, setValues] = useState<Record<string, string>>({});
  const after = {
    meta: { quiet: true },
    onSuccess: ({ secret }: Channel) => {
      if (typeof secret !== 'string') onClose();
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/notify-channels'] });
    },
  };
  const create = api.useMutation('post', '/api/notify-channels', after);
  const change = api.useMutation('patch', '/api/notify-channels/{id}', after);
  const { fields } = CHANNEL_TYPES[type];
  const textOf = (field: ChannelField) => values[field.name] ?? shownValue(channel, field);
  const submit = () => {
    const own = Object.fromEntries(
      fields.flatMap((field) => {
        const text = textOf(field).trim();
        return text === '' ? [] : [[field.name, field.name === 'to' ? text.split(/[\s,]+/) : text]];
      }),
    );
    if (channel) change.mutate({ params: { path: { id: channel.id } }, body: own });
    else create.mutate({ body: { name, type, ...own } as Schema<'NotifyChannelInput'> });
  };
  const error = create.error ?? change.error;
  const secret = create.data?.secret;

  return (
    <Modal
      opened
      onClose={onClose}
      title={channel ? `Change ${channel.name}` : 'New channel'}
      centered
      closeOnClickOutside={false}
    >
      {typeof secret === 'string' ? (
        <Stack>
          <ShownOnce value={secret} what="signing secret" />
          <Button onClick={onClose}>Done</Button>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Stack>
            <TextInput
              name="name"
              label="Name"
              description="Small letters, digits and hyphens. Agents and rules use it; it never changes."
              placeholder="on-call"
              required
              pattern="[a-z0-9][a-z0-9\-]*"
              maxLength={63}
              disabled={channel !== undefined}
              data-autofocus
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Select
              name="type"
              label="Type"
              data={TYPES}
              value={type}
              disabled={channel !== undefined}
              allowDeselect={false}
              onChange={(value) => {
                setType((value ?? type) as ChannelType);
                setValues({});
              }}
            />
            {fields.map((field) => (
              <FieldInput
                key={field.name}
                field={field}
                isKept={channel !== undefined && field.isSecret === true}
                value={textOf(field)}
                onChange={(value) => setValues({ ...values, [field.name]: value })}
              />
            ))}
            {error && <ErrorState error={error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending || change.isPending}>
                {channel ? 'Save' : 'Create channel'}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

interface FieldInputProps {
  field: ChannelField;
  /** Whether a secret is stored that stays if this is left empty. */
  isKept: boolean;
  value: string;
  onChange: (value: string) => void;
}

function FieldInput({ field, isKept, value, onChange }: FieldInputProps) {
  const { name, label, placeholder, description, isSecret, isOptional } = field;
  const Input = isSecret ? PasswordInput : TextInput;
  return (
    <Input
      name={name}
      label={label}
      description={isKept ? 'Stored, and never shown. Leave it empty to keep it.' : description}
      placeholder={placeholder}
      required={!isOptional && !isKept}
      autoComplete="off"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

/** The stored value of a field that is no secret. */
function shownValue(channel: Channel | undefined, { name, isSecret }: ChannelField): string {
  const value = isSecret ? undefined : channel?.[name];
  return Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
}
