import { Button, Group, Modal, Radio, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import type { Role } from '../../app/session.js';
import { ErrorState } from '../../components/error-state.js';
import { NewKey } from './new-key.js';

const ROLES: { value: Role; label: string; description: string }[] = [
  { value: 'viewer', label: 'Viewer', description: 'Reads agents, runs and counts.' },
  { value: 'operator', label: 'Operator', description: 'Also runs, cancels, replays and resends.' },
  { value: 'admin', label: 'Admin', description: 'Also changes agents, webhooks and keys. Sees everything.' },
];

/** In days; empty for a key that does not expire. */
const LIFETIMES = [
  { value: '', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
];
const DAY_MS = 86_400_000;

const INITIAL = { name: '', role: 'viewer' as Role, see_payloads: false, days: '90' };

/** Creates a key and shows it once. */
export function CreateKey({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const queryClient = useQueryClient();
  const form = useForm({
    initialValues: INITIAL,
    validate: { name: (name) => (name.trim() === '' ? 'Enter who or what uses the key.' : null) },
  });
  const create = api.useMutation('post', '/api/keys', {
    meta: { quiet: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/keys'] }),
  });
  const close = () => {
    onClose();
    form.reset();
    create.reset();
  };
  const submit = form.onSubmit(({ days, name, role, see_payloads }) =>
    create.mutate({
      body: {
        name: name.trim(),
        role,
        see_payloads: role === 'admin' || see_payloads,
        expires_at: days === '' ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
      },
    }),
  );
  const isAdmin = form.values.role === 'admin';

  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={create.data ? 'Your new key' : 'New API key'}
      centered
      // A click outside must not close the dialog, because the key is shown only once.
      closeOnClickOutside={!create.data}
    >
      {create.data ? (
        <NewKey made={create.data} onDone={close} />
      ) : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label="Name"
              placeholder="Dashboard, CI, Ada…"
              maxLength={100}
              data-autofocus
              {...form.getInputProps('name')}
            />
            <Radio.Group label="Role" {...form.getInputProps('role')}>
              <Stack gap="xs" mt={4}>
                {ROLES.map((role) => (
                  <Radio key={role.value} {...role} />
                ))}
              </Stack>
            </Radio.Group>
            <Switch
              label="Sees payloads"
              description="Payloads, headers, prompts, tool calls and answers. Without it: statuses, times and counts."
              disabled={isAdmin}
              {...form.getInputProps('see_payloads')}
              checked={isAdmin || form.values.see_payloads}
            />
            <Select label="Expires" data={LIFETIMES} allowDeselect={false} {...form.getInputProps('days')} />
            {create.error && <ErrorState error={create.error} />}
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={create.isPending}>
                Create key
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
