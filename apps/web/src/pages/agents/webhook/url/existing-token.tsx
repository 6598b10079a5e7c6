import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';

interface ExistingTokenProps {
  isMinting: boolean;
  /** Rejects on an error, which the mutation cache shows. */
  onUse: (token: string) => Promise<unknown>;
}

/** Gives the agent the token of a URL that senders already have, for example from another installation. */
export function ExistingToken({ isMinting, onUse }: ExistingTokenProps) {
  const [isOpen, { open }] = useDisclosure(false);
  const [text, setText] = useState('');
  const token = tokenOf(text);
  if (!isOpen)
    return (
      <Anchor component="button" type="button" size="sm" underline="always" onClick={open}>
        Keep a URL that senders have
      </Anchor>
    );
  return (
    <Stack
      component="form"
      gap="xs"
      w="100%"
      ta="start"
      onSubmit={(event) => {
        event.preventDefault();
        if (token !== '') void onUse(token).catch(() => {});
      }}
    >
      <TextInput
        label="Old URL, or its token"
        description="Its last part becomes the token of this agent’s URL. Point the old host name here, and no sender changes."
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button type="submit" variant="default" loading={isMinting} disabled={token === ''}>
          Use this token
        </Button>
      </Group>
    </Stack>
  );
}

/** The last part of a URL without its query, or the text itself. */
const tokenOf = (text: string): string =>
  (text.trim().split(/[?#]/, 1)[0] ?? '').replace(/\/$/, '').split('/').at(-1) ?? '';
