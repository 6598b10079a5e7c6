import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import type { Agent } from '../draft/draft.js';
import { useShowSaved } from '../draft/use-save.js';
import { copyOf, keyOf, secretsOf } from './copy-of.js';

/** Makes a new agent of the saved version of another; its tools' secrets have to be typed, since none is ever read back. */
export function DuplicateDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const [name, setName] = useState(`${agent.name} (copy)`);
  const [secrets, setSecrets] = useState<Record<string, string>>({});
  const router = useRouter();
  const showSaved = useShowSaved();
  const create = api.useMutation('post', '/api/agents', {
    meta: { quiet: true },
    gcTime: 0, // Its variables may hold secrets.
    onSuccess: async (made) => {
      showSaved(made);
      onClose();
      notifications.show({
        color: 'green',
        title: `Created ${made.name}`,
        message: 'Generate its webhook next.',
      });
      await router.navigate({ to: '/agents/$agentId', params: { agentId: made.id } });
    },
  });
  const places = secretsOf(agent);
  const leftOut = [agent.signature && 'signature', agent.callback && 'callback']
    .filter(Boolean)
    .join(' and ');

  return (
    <Modal opened onClose={onClose} title={`Duplicate ${agent.name}`} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate({ body: copyOf(agent, name, secrets) });
        }}
      >
        <Stack>
          <Text size="sm">
            The copy is made of version {agent.version} and gets a webhook of its own.
            {leftOut !== '' && ` Its ${leftOut} are not copied: set them up on its page.`}
          </Text>
          <TextInput
            label="Name"
            required
            maxLength={200}
            value={name}
            data-autofocus
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          {places.length > 0 && (
            <Text size="sm">Enter the secrets of its tools again; one that is left empty is not set.</Text>
          )}
          {places.map((place) => (
            <PasswordInput
              key={keyOf(place)}
              label={`${place.tool}: ${place.name}`}
              autoComplete="new-password"
              value={secrets[keyOf(place)] ?? ''}
              onChange={({ currentTarget: { value } }) =>
                setSecrets((before) => ({ ...before, [keyOf(place)]: value }))
              }
            />
          ))}
          {create.error && <ErrorState error={create.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending}>
              Duplicate
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
