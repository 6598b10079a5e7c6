import { Button, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useSession } from '../../app/session.js';
import { askToConfirm } from '../../components/confirm.js';
import { ErrorState } from '../../components/error-state.js';
import { Panel } from '../../components/panel.js';

interface EditedListProps<Item> {
  title: string;
  description: string;
  /** What one is called, such as "rule". */
  what: string;
  none: string;
  /** undefined until they have been read. */
  items: readonly Item[] | undefined;
  error: unknown;
  row: (item: Item, onEdit: () => void) => ReactNode;
  /** The form that changes one, or makes one. */
  form: (item: Item | undefined, onClose: () => void) => ReactNode;
}

/** A list of what an admin can add, change and delete. */
export function EditedList<Item>({
  title,
  description,
  what,
  none,
  items,
  error,
  row,
  form,
}: EditedListProps<Item>) {
  const { can } = useSession();
  const [edited, setEdited] = useState<{ item: Item | undefined }>();
  return (
    <Panel
      title={title}
      description={description}
      actions={
        can('admin') && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setEdited({ item: undefined })}
          >
            New {what}
          </Button>
        )
      }
    >
      {Boolean(error) && <ErrorState error={error} />}
      {!items && !error && <Skeleton h={80} />}
      {items?.length === 0 && (
        <Text size="sm" c="dimmed">
          {none}
        </Text>
      )}
      <Stack gap="xs">{items?.map((item) => row(item, () => setEdited({ item })))}</Stack>
      {edited && form(edited.item, () => setEdited(undefined))}
    </Panel>
  );
}

interface EditedRowProps {
  name: string;
  /** Beside the name. */
  badge?: ReactNode;
  about: ReactNode;
  /** Before the buttons that every row has. */
  actions: ReactNode;
  onEdit: () => void;
  /** What is asked before it is deleted. */
  deletion: { title: string; body: string; onConfirm: () => void };
  children?: ReactNode;
}

/** One of them. */
export function EditedRow({ name, badge, about, actions, onEdit, deletion, children }: EditedRowProps) {
  const { can } = useSession();
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 240px' }}>
          <Group gap="xs">
            <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              <bdi dir="auto">{name}</bdi>
            </Text>
            {badge}
          </Group>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {about}
          </Text>
        </div>
        <Group gap="xs">
          {actions}
          {can('admin') && (
            <>
              <Button size="compact-sm" variant="subtle" onClick={onEdit} aria-label={`Change ${name}`}>
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={`Delete ${name}`}
                onClick={() => askToConfirm({ ...deletion, confirm: 'Delete' })}
              >
                Delete
              </Button>
            </>
          )}
        </Group>
      </Group>
      {children}
    </Paper>
  );
}
