import { ActionIcon, Button, Checkbox, Group, Menu, Popover, Stack, Text, TextInput } from '@mantine/core';
import { IconBookmark, IconColumns3, IconDownload, IconTrash } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { COLUMN_IDS, COLUMNS, DEFAULT_COLUMNS } from './columns.js';
import { queryText, type RunFilters } from './run-filters.js';
import { useColumns, useShownTexts } from './use-columns.js';
import { MAX_VIEWS, useViews } from './use-views.js';

/** What can be done with the list as it is: columns, saved views, export. */
export function ListTools({ filters }: { filters: RunFilters }) {
  return (
    <Group gap="xs">
      <ColumnMenu />
      <ViewMenu filters={filters} />
      <ExportMenu filters={filters} />
    </Group>
  );
}

function ColumnMenu() {
  const [columns, setColumns] = useColumns();
  return (
    <Popover position="bottom-end" trapFocus returnFocus shadow="md">
      <Popover.Target>
        <Button variant="default" size="xs" leftSection={<IconColumns3 size={14} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {COLUMN_IDS.map((id) => (
            <Checkbox
              key={id}
              size="xs"
              label={COLUMNS[id].label}
              checked={columns.includes(id)}
              onChange={({ currentTarget: { checked } }) =>
                setColumns(COLUMN_IDS.filter((each) => (each === id ? checked : columns.includes(each))))
              }
            />
          ))}
          <Button size="compact-xs" variant="subtle" onClick={() => setColumns([...DEFAULT_COLUMNS])}>
            As at first
          </Button>
          <Text size="xs" c="dimmed" maw={220}>
            Kept in this browser. A narrow window shows fewer. An agent’s title path makes its titles.
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function ViewMenu({ filters }: { filters: RunFilters }) {
  const { views, save, remove } = useViews();
  const [columns, setColumns] = useColumns();
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const isFull = views.length >= MAX_VIEWS && !views.some((view) => view.name === name.trim());
  return (
    <Popover
      position="bottom-end"
      width={280}
      trapFocus
      returnFocus
      shadow="md"
      opened={isOpen}
      onChange={setOpen}
    >
      <Popover.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconBookmark size={14} aria-hidden />}
          onClick={() => setOpen((open) => !open)}
        >
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {views.map((view) => (
            <Group key={view.name} gap={4} wrap="nowrap" justify="space-between">
              <Button
                variant="subtle"
                size="compact-sm"
                justify="start"
                flex={1}
                onClick={() => {
                  setColumns(view.columns);
                  setOpen(false);
                }}
                renderRoot={(props) => <Link to="/runs" search={view.filters} {...props} />}
              >
                {view.name}
              </Button>
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete the view ${view.name}`}
                onClick={() => remove(view.name)}
              >
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save({ name: name.trim(), filters, columns });
              setName('');
            }}
          >
            <Stack gap="xs">
              <TextInput
                label="Save this view as"
                value={name}
                maxLength={60}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Button type="submit" size="xs" disabled={name.trim() === '' || isFull}>
                Save
              </Button>
            </Stack>
          </form>
          <Text size="xs" c="dimmed">
            Filters and columns, kept in this browser. To share a view, copy the page’s address.
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function ExportMenu({ filters }: { filters: RunFilters }) {
  const texts = useShownTexts();
  const href = (format: string) => {
    const include = texts.map((text) => `&include=${text}`).join('');
    return `/api/tasks/export?format=${format}${include}&${queryText(filters, Date.now())}`;
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" size="xs" leftSection={<IconDownload size={14} aria-hidden />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>What is filtered, at most 10,000 runs</Menu.Label>
        {['csv', 'json'].map((format) => (
          <Menu.Item key={format} component="a" href={href(format)} download>
            {format.toUpperCase()}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
