import { Button, Menu, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { FieldSchema } from './field-kind.js';

interface Addable {
  type: string;
  title: string;
  description: string;
  schema: FieldSchema;
}

interface AddMenuProps {
  label: string;
  /** Empty until they have been read. */
  types: readonly Addable[];
  isFull: boolean;
  onAdd: (type: Addable) => void;
}

/** A button that lists the types of which an agent can get one more. */
export function AddMenu({ label, types, isFull, onAdd }: AddMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal={false} width={300}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconPlus size={16} aria-hidden />}
          disabled={types.length === 0 || isFull}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} style={{ overflow: 'auto' }}>
        {types.map((each) => (
          <Menu.Item key={each.type} onClick={() => onAdd(each)}>
            <Text size="sm" fw={500}>
              {each.title}
            </Text>
            <Text size="xs" c="dimmed">
              {each.description.split('. ')[0]}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
