import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { NeedsRole } from '../../../../components/needs-role.js';

interface CallbackFormProps {
  /** As it is saved; empty where there is none. */
  url: string;
  isPending: boolean;
  onSave: (url: string) => Promise<void>;
}

/** The URL of a receiver. */
export function CallbackForm({ url, isPending, onSave }: CallbackFormProps) {
  const [text, setText] = useState(url);
  const { can } = useSession();
  const isSaved = text.trim() === url;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSaved && text.trim() !== '') void onSave(text.trim());
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          type="url"
          label="URL"
          placeholder="https://shop.example.com/hooks/agent"
          maxLength={2048}
          readOnly={!can('admin')}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <NeedsRole role="admin">
          <Button type="submit" variant="default" loading={isPending} disabled={can('admin') && isSaved}>
            {url === '' ? 'Add' : 'Save'}
          </Button>
        </NeedsRole>
      </Group>
    </form>
  );
}
