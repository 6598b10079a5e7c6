import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { privateHost, urlProblem } from './callback-url.js';

interface CallbackFormProps {
  /** The saved URL; empty if there is none. */
  url: string;
  isPending: boolean;
  /** Why deliveries to the saved URL fail. */
  fault: string | undefined;
  /** Whether the saved URL has answered. */
  isReached: boolean;
  /** Why the api refused the last change. */
  refusal: string | undefined;
  onEdit: () => void;
  onSave: (url: string) => Promise<void>;
}

/** The form for the receiver's URL. */
export function CallbackForm({
  url,
  isPending,
  fault,
  isReached,
  refusal,
  onEdit,
  onSave,
}: CallbackFormProps) {
  const [saved, setSaved] = useState(url);
  const [text, setText] = useState(url);
  const [problem, setProblem] = useState<string>();
  // Not a React key on the form, which would drop the focus right after saving.
  if (saved !== url) {
    setSaved(url);
    setText(url);
  }
  const { can } = useSession();
  const entered = text.trim();
  const isSaved = entered === url;
  const host = isSaved && isReached ? undefined : privateHost(entered);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (isSaved || isPending) return;
        const found = urlProblem(entered);
        setProblem(found);
        if (found === undefined) void onSave(entered);
      }}
    >
      <TextInput
        type="url"
        label="URL"
        placeholder="https://shop.example.com/hooks/agent"
        maxLength={2048}
        readOnly={!can('admin')}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value);
          setProblem(undefined);
          onEdit();
        }}
        error={problem ?? (isSaved ? fault : refusal)}
        description={
          host
            ? `${host} is not public. Deliveries to it fail unless the worker’s EGRESS_ALLOW includes ` +
              'it; ask your operator to add it.'
            : url !== '' && !isSaved && 'The secret stays the same.'
        }
        inputWrapperOrder={['label', 'input', 'error', 'description']}
        inputContainer={(input) => (
          <Group gap="xs" wrap="nowrap">
            {input}
            <NeedsRole role="admin">
              {/* Not `disabled`, which would drop the focus. */}
              <Button
                type="submit"
                variant="default"
                loading={isPending}
                data-disabled={isSaved || undefined}
                aria-disabled={isSaved}
              >
                {url === '' ? 'Add' : 'Save'}
              </Button>
            </NeedsRole>
          </Group>
        )}
        styles={{ wrapper: { flex: 1 } }}
      />
    </form>
  );
}
