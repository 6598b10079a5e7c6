import { Checkbox, Table, VisuallyHidden } from '@mantine/core';

interface RunTableHeadProps {
  isAll: boolean;
  isSome: boolean;
  onToggleAll: () => void;
}

/** Names and widths of the columns. The available width decides which are shown. */
export function RunTableHead({ isAll, isSome, onToggleAll }: RunTableHeadProps) {
  return (
    <Table.Thead>
      <Table.Tr aria-rowindex={1}>
        <Table.Th w={44}>
          <Checkbox
            size="xs"
            aria-label="Select all loaded runs"
            checked={isAll}
            indeterminate={isSome && !isAll}
            onChange={onToggleAll}
          />
        </Table.Th>
        <Table.Th w={136} visibleFrom="md">
          Status
        </Table.Th>
        <Table.Th>Agent</Table.Th>
        <Table.Th w={94} visibleFrom="lg">
          Trigger
        </Table.Th>
        <Table.Th w={124} visibleFrom="md">
          Started
        </Table.Th>
        <Table.Th w={108} ta="right" visibleFrom="md">
          Duration
        </Table.Th>
        <Table.Th w={80} ta="right" visibleFrom="lg">
          Attempt
        </Table.Th>
        <Table.Th w={84} ta="right" visibleFrom="lg">
          Tokens
        </Table.Th>
        <Table.Th w={84} ta="right" visibleFrom="lg">
          Cost
        </Table.Th>
        <Table.Th w={52}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}
